/** Plots as SVG strings, drawn without a DOM, in colours that read on white and on black. */
import { BarChart, LineChart, ScatterChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components'
import { type EChartsCoreOption, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

const WIDTH = 900
const HEIGHT = 420
const INK = '#808080'
const COLOURS = [
  '#808080',
  '#2f7fd0',
  '#6aa8e6',
  '#9fc4ea',
  '#d0662f',
  '#e08a5c',
  '#eab394',
  '#3a9a5c',
  '#a05fb4',
]

/** Bars in groups over a logarithmic axis. */
export interface BarPlot {
  title: string
  categories: readonly string[]
  /** A value a category; null where there is none. */
  series: readonly { name: string; values: readonly (number | null)[] }[]
}

/** Points with a fitted line through each series, both axes logarithmic. */
export interface CurvePlot {
  title: string
  x: string
  series: readonly {
    name: string
    points: readonly (readonly [number, number])[]
    fit: readonly (readonly [number, number])[]
  }[]
}

export function barPlot({ title, categories, series }: BarPlot): string {
  return draw({
    ...frame(
      title,
      series.map(({ name }) => name),
    ),
    xAxis: { type: 'category', data: categories, ...axis },
    yAxis: { type: 'log', logBase: 10, ...axis, ...split },
    series: series.map(({ name, values }) => ({
      type: 'bar',
      name,
      data: values.map((value) => value ?? '-'),
    })),
  })
}

export function curvePlot({ title, x, series }: CurvePlot): string {
  return draw({
    ...frame(
      title,
      series.map(({ name }) => name),
    ),
    xAxis: { type: 'log', logBase: 10, name: x, nameLocation: 'middle', nameGap: 28, ...axis, ...split },
    yAxis: { type: 'log', logBase: 10, ...axis, ...split },
    series: series.flatMap(({ name, points, fit }) => [
      { type: 'scatter', name, symbolSize: 8, data: points },
      { type: 'line', name, showSymbol: false, data: fit, lineStyle: { width: 1.5 } },
    ]),
  })
}

const axis = {
  axisLabel: { color: INK },
  nameTextStyle: { color: INK },
  axisLine: { lineStyle: { color: INK } },
}
const split = { splitLine: { lineStyle: { color: INK, opacity: 0.2 } } }

function frame(title: string, names: readonly string[]): EChartsCoreOption {
  return {
    animation: false,
    color: COLOURS,
    textStyle: { fontFamily: 'system-ui, sans-serif', color: INK },
    title: { text: title, left: 'center', textStyle: { color: INK, fontSize: 14 } },
    legend: { bottom: 0, textStyle: { color: INK }, data: names },
    grid: { left: 60, right: 20, top: 40, bottom: 90 },
  }
}

function draw(option: EChartsCoreOption): string {
  // Registered here, not at import: echarts keeps its parts in a global list.
  use([BarChart, LineChart, ScatterChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer])
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT })
  try {
    chart.setOption(option)
    return withoutCounters(chart.renderToSVGString())
  } finally {
    chart.dispose()
  }
}

/** Takes out hover styles, and the running number in ids: the same figures give the same bytes. */
function withoutCounters(svg: string): string {
  return svg
    .replaceAll(/<style[^>]*>.*?<\/style>/gsu, '')
    .replaceAll(/ class="[^"]*"/gu, '')
    .replaceAll(/\bzr\d+-/gu, 'zr-')
}
