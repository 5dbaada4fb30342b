/** Three plots: quality against size, hit rate against coverage as the long tail's knob turns, quality by training events. */
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
const LABEL = { show: true, color: GREY, fontSize: 9 } as const
const PANEL = { width: 330, gap: 75, left: 60, top: 30, bottom: 90 }
/** Short enough that the names of a dozen versions stand beside each other. */
const SHORTER: readonly (readonly [RegExp, string])[] = [
  [/^distilled: .*/u, 'distilled'],
  [/^binary scan.*/u, 'binary scan'],
  [/ of \d+ dimensions/u, ' dim.'],
  [/ embeddings| again$/gu, ''],
]

export function qualityPlot({ shops }: QualityReport): string {
  const colourOf = (shop: string): string => COLOURS[shops.findIndex((each) => each.shop === shop)] ?? GREY
  const smaller = shops.map(({ shop, versions }) => ({
    type: 'scatter',
    name: shop,
    color: colourOf(shop),
    symbolSize: 8,
    label: {
      ...LABEL,
      position: 'bottom',
      formatter: ({ data }: { data: unknown[] }) => shortOf(String(data[2])),
    },
    labelLayout: { hideOverlap: true },
    data: versions.map(({ name, bytes, hit_rate }) => [
      bytes / versions[0]!.bytes,
      (100 * hit_rate) / versions[0]!.hit_rate,
      name,
    ]),
  }))
  const knobs = shops.map(({ shop, long_tail: longTail }) => ({
    type: 'line',
    name: shop,
    color: colourOf(shop),
    symbolSize: 6,
    xAxisIndex: 1,
    yAxisIndex: 1,
    label: {
      ...LABEL,
      position: 'top',
      formatter: ({ dataIndex }: { dataIndex: number }) => longTail[dataIndex]?.name ?? '',
    },
    labelLayout: { hideOverlap: true },
    // Of the model as it is: shops lie side by side.
    data: longTail.map(({ hit_rate, coverage }) => [
      (100 * hit_rate) / longTail[0]!.hit_rate,
      100 * coverage,
    ]),
  }))
  const grown = shops
    .filter(({ growth }) => growth.length > 0)
    .flatMap(({ shop, growth }) =>
      (['model', 'item_knn', 'popularity'] as const).map((ranker, at) => ({
        type: 'line',
        name: `${shop}: ${{ model: 'Vitrine', item_knn: 'item-kNN', popularity: 'popularity' }[ranker]}`,
        color: colourOf(shop),
        lineStyle: { type: (['solid', 'dashed', 'dotted'] as const)[at] },
        symbolSize: 5,
        xAxisIndex: 2,
        yAxisIndex: 2,
        data: growth.map((step) => [step.events, 100 * step[ranker].hit_rate]),
      })),
    )
  const panels = grown.length > 0 ? 3 : 2
  const { width, gap, left, top, bottom } = PANEL
  return draw(
    { width: left + panels * (width + gap), height: 440 },
    {
      animation: false,
      textStyle: { fontFamily: 'system-ui, sans-serif', color: GREY },
      // Without a DOM, text is taken to be narrower than it is.
      legend: { bottom: 0, itemGap: 36, textStyle: { color: GREY } },
      grid: Array.from({ length: panels }, (_, at) => ({
        left: left + at * (width + gap),
        width,
        top,
        bottom,
      })),
      xAxis: [
        { type: 'value', name: 'bytes, of float32', nameGap: 28, min: 0, ...AXIS },
        { type: 'value', name: 'hit rate@20, % of the model as it is', nameGap: 28, scale: true, ...AXIS },
        { type: 'log', name: 'training events', nameGap: 28, min: 'dataMin', ...AXIS },
      ]
        .slice(0, panels)
        .map((axis, gridIndex) => Object.assign(axis, { gridIndex })),
      yAxis: [
        { type: 'value', name: 'hit rate@20, % of float32', nameGap: 40, scale: true, ...AXIS },
        { type: 'value', name: 'coverage, %', nameGap: 40, scale: true, ...AXIS },
        { type: 'value', name: 'hit rate@20, %', nameGap: 40, ...AXIS },
      ]
        .slice(0, panels)
        .map((axis, gridIndex) => Object.assign(axis, { gridIndex })),
      series: [...smaller, ...knobs, ...grown],
    },
  )
}

function shortOf(name: string): string {
  return SHORTER.reduce((text, [pattern, by]) => text.replace(pattern, by), name)
}
