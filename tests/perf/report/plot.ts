/** Plots as SVG strings, drawn without a DOM, in colours that read on white and on black. */
import { BarChart, LineChart, ScatterChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components'
import { type EChartsCoreOption, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

const WIDTH = 900
const HEIGHT = 420
const INK = '#808080'
/** Ours are blue, ONNX Runtime is red, TensorFlow.js violet, JavaScript green, the limit grey. */
const COLOURS: Readonly<Record<string, string>> = {
  limit: INK,
  'vitrine wasm relaxed-simd': '#1f6fc4',
  'vitrine wasm simd': '#5b9fe0',
  'vitrine scalar': '#8fbdea',
  'vitrine wasm, one thread': '#1f6fc4',
  'vitrine wasm, several threads': '#c4501f',
  'onnxruntime wasm fp32': '#c4501f',
  'onnxruntime wasm fp32 by rows': '#d97a4a',
  'onnxruntime wasm int8': '#e39b70',
  'onnxruntime wasm 8-bit blocks': '#eebfa0',
  Vitrine: '#1f6fc4',
  'onnxruntime-web': '#c4501f',
  'tfjs wasm': '#a05fb4',
  javascript: '#3a9a5c',
}

/** Points and a line, the same or a fitted one, for each series, both axes logarithmic. */
export interface CurvePlot {
  title: string
  x: string
  series: readonly {
    name: string
    points: readonly (readonly [number, number])[]
    line: readonly (readonly [number, number])[]
  }[]
}

export function curvePlot({ title, x, series }: CurvePlot): string {
  return draw({
    ...frame(
      title,
      series.map(({ name }) => name),
    ),
    xAxis: { type: 'log', logBase: 10, name: x, nameLocation: 'middle', nameGap: 28, ...axis, ...split },
    yAxis: { type: 'log', logBase: 10, ...axis, ...split },
    series: series.flatMap(({ name, points, line }) => {
      const color = COLOURS[name] ?? INK
      return [
        { type: 'scatter', name, color, symbolSize: 8, data: points },
        { type: 'line', name, color, showSymbol: false, data: line, lineStyle: { width: 1.5 } },
      ]
    }),
  })
}

/** Groups of bars on one linear axis. */
export interface BarPlot {
  title: string
  /** In order; bars of one name have one colour. */
  bars: readonly Bar[]
}

/** One bar. */
export interface Bar {
  group: string
  name: string
  value: number
}

export function barPlot({ title, bars }: BarPlot): string {
  const names = [...new Set(bars.map(({ name }) => name))]
  const groups = [...new Set(bars.map(({ group }) => group))]
  return draw({
    ...frame(title, names),
    grid: { left: 190, right: 60, top: 40, bottom: 70 },
    xAxis: { type: 'value', ...axis, ...split },
    // The first group stands on top.
    yAxis: { type: 'category', data: groups, inverse: true, ...axis },
    series: names.map((name) => ({
      type: 'bar',
      name,
      color: COLOURS[name] ?? INK,
      label: {
        show: true,
        position: 'right',
        color: INK,
        formatter: ({ value }: { value: number }) => Math.round(value || 0) || '',
      },
      data: groups.map(
        (group) => bars.find((bar) => bar.group === group && bar.name === name)?.value ?? null,
      ),
    })),
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
