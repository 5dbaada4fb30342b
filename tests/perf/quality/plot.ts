/** Quality against size for every shop, and against the number of events it was trained on. */
import { GREY } from '../report/colours.ts'
import { draw } from '../report/plot.ts'
import type { QualityReport } from './report.ts'

const COLOURS = ['#1f6fc4', '#c4501f', '#3a9a5c', '#a05fb4']
const AXIS = {
  axisLabel: { color: GREY },
  nameTextStyle: { color: GREY },
  axisLine: { lineStyle: { color: GREY } },
  splitLine: { lineStyle: { color: GREY, opacity: 0.2 } },
  nameLocation: 'middle',
} as const

export function qualityPlot({ shops }: QualityReport): string {
  const colourOf = (shop: string): string => COLOURS[shops.findIndex((each) => each.shop === shop)] ?? GREY
  const smaller = shops.map(({ shop, variants }) => ({
    type: 'scatter',
    name: shop,
    color: colourOf(shop),
    symbolSize: 9,
    label: {
      show: true,
      position: 'bottom',
      color: GREY,
      fontSize: 10,
      formatter: ({ data }: { data: unknown[] }) => String(data[2]),
    },
    data: variants.map(({ name, bytes, hit_rate }) => [
      bytes / variants[0]!.bytes,
      (100 * hit_rate) / variants[0]!.hit_rate,
      name,
    ]),
  }))
  const grown = shops.flatMap(({ shop, growth }) =>
    (['model', 'item_knn', 'popularity'] as const).map((ranker, at) => ({
      type: 'line',
      name: `${shop}: ${{ model: 'Vitrine', item_knn: 'item-kNN', popularity: 'popularity' }[ranker]}`,
      color: COLOURS[at],
      xAxisIndex: 1,
      yAxisIndex: 1,
      data: growth.map((step) => [step.events, 100 * step[ranker].hit_rate]),
    })),
  )
  return draw(
    { width: 1000, height: 440 },
    {
      animation: false,
      textStyle: { fontFamily: 'system-ui, sans-serif', color: GREY },
      legend: { bottom: 0, textStyle: { color: GREY } },
      grid: [
        { left: 60, width: 400, top: 20, bottom: 90 },
        { left: 560, width: 400, top: 20, bottom: 90 },
      ],
      xAxis: [
        { type: 'value', name: 'bytes, of float32', nameGap: 28, min: 0, max: 1.05, ...AXIS },
        { type: 'log', name: 'training events', nameGap: 28, min: 'dataMin', gridIndex: 1, ...AXIS },
      ],
      yAxis: [
        { type: 'value', name: 'hit rate@20, % of float32', nameGap: 40, scale: true, ...AXIS },
        { type: 'value', name: 'hit rate@20, %', nameGap: 40, gridIndex: 1, ...AXIS },
      ],
      series: [...smaller, ...grown.filter(({ data }) => data.length > 0)],
    },
  )
}
