/** Plots: quality against size, hit rate against coverage as the long tail's knob turns, quality by training events. */
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
/** Panels stand in two rows: what being smaller costs, a shop each; the long tail and the training events, all shops. */
const PANEL = { width: 330, height: 300, gap: 75, left: 60, top: 40, below: 90 }
/** Short enough that the names of a dozen versions stand beside each other. */
const SHORTER: readonly (readonly [RegExp, string])[] = [
  [/^distilled: .*/u, 'distilled'],
  [/^binary scan.*/u, 'binary scan'],
  [/ of \d+ dimensions/u, ' dim.'],
  [/ embeddings| again$/gu, ''],
]

export function qualityPlot({ shops }: QualityReport): string {
  const colourOf = (shop: string): string => COLOURS[shops.findIndex((each) => each.shop === shop)] ?? GREY
  const smaller = shops.map(({ shop, versions: [whole, ...others] }, at) => ({
    type: 'scatter',
    name: shop,
    color: colourOf(shop),
    symbolSize: 8,
    xAxisIndex: at,
    yAxisIndex: at,
    label: {
      ...LABEL,
      position: 'right',
      formatter: ({ name }: { name: string }) => name,
    },
    data: others.map(({ name, bytes, hit_rate }) => ({
      name: shortOf(name),
      value: [bytes / whole!.bytes, (100 * hit_rate) / whole!.hit_rate],
      // Scored again in int8, it lies where int8 does.
      ...(name.startsWith('binary') && { label: { position: 'bottom' } }),
    })),
  }))
  const knobs = shops.map(({ shop, long_tail: longTail }) => ({
    type: 'line',
    name: shop,
    color: colourOf(shop),
    symbolSize: 6,
    xAxisIndex: shops.length,
    yAxisIndex: shops.length,
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
        xAxisIndex: shops.length + 1,
        yAxisIndex: shops.length + 1,
        data: growth.map((step) => [step.events, 100 * step[ranker].hit_rate]),
      })),
    )
  const { width, height, gap, left, top, below } = PANEL
  const place = (column: number, row: number): object => ({
    left: left + column * (width + gap),
    top: top + row * (height + below),
    width,
    height,
  })
  const panels = [
    ...shops.map(({ shop }, column) => ({
      grid: place(column, 0),
      x: { type: 'value', name: `${shop}: bytes, of float32`, scale: true },
      y: { type: 'value', name: 'hit rate@20, % of float32', scale: true },
    })),
    {
      grid: place(0, 1),
      x: { type: 'value', name: 'hit rate@20, % of the model as it is', scale: true },
      y: { type: 'value', name: 'coverage, %', scale: true },
    },
    ...(grown.length > 0
      ? [
          {
            grid: place(1, 1),
            x: { type: 'log', name: 'training events', min: 'dataMin' },
            y: { type: 'value', name: 'hit rate@20, %' },
          },
        ]
      : []),
  ]
  return draw(
    { width: left + Math.max(2, shops.length) * (width + gap), height: top + 2 * (height + below) + 20 },
    {
      animation: false,
      textStyle: { fontFamily: 'system-ui, sans-serif', color: GREY },
      // Without a DOM, text is taken to be narrower than it is.
      legend: { bottom: 0, itemGap: 36, textStyle: { color: GREY } },
      grid: panels.map(({ grid }) => grid),
      xAxis: panels.map(({ x }, gridIndex) => Object.assign({ ...AXIS, nameGap: 28, gridIndex }, x)),
      yAxis: panels.map(({ y }, gridIndex) => Object.assign({ ...AXIS, nameGap: 40, gridIndex }, y)),
      series: [...smaller, ...knobs, ...grown],
    },
  )
}

function shortOf(name: string): string {
  return SHORTER.reduce((text, [pattern, by]) => text.replace(pattern, by), name)
}
