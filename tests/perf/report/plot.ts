/** Plots as SVG strings, drawn without a DOM, in colours that read on white and on black. */
import { BarChart, LineChart, ScatterChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components'
import { type EChartsCoreOption, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { GREY, colourOf } from './colours.ts'

const WIDTH = 900
const HEIGHT = 420

/** How to draw; as for a report where missing. */
export interface PlotStyle {
  width?: number
  height?: number
  /** Of text and axes. */
  ink?: string
  /** False where the page itself says which colour is whose. */
  legend?: boolean
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

export function curvePlot({ title, x, series }: CurvePlot, style: PlotStyle = {}): string {
  const { axis, split } = axisStyle(style)
  const names = series.map(({ name }) => name)
  const places = new Set(series.flatMap(({ points }) => points.map(([at]) => at)))
  // From the first point to the last one; a single one stands in the middle.
  const ends = places.size > 1 ? { min: 'dataMin', max: 'dataMax' } : {}
  return draw(style, {
    ...frame(title, names, style),
    xAxis: {
      type: 'log',
      logBase: 10,
      name: x,
      nameLocation: 'middle',
      nameGap: 28,
      ...ends,
      ...axis,
      ...split,
    },
    yAxis: { type: 'log', logBase: 10, ...axis, ...split },
    series: series.flatMap(({ name, points, line }) => {
      const color = colourOf(name)
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

export function barPlot({ title, bars }: BarPlot, style: PlotStyle = {}): string {
  const { axis, split } = axisStyle(style)
  const names = [...new Set(bars.map(({ name }) => name))]
  const groups = [...new Set(bars.map(({ group }) => group))]
  return draw(style, {
    ...frame(title, names, style),
    grid: { left: 190, right: 60, top: 40, bottom: 70 },
    xAxis: { type: 'value', ...axis, ...split },
    // The first group stands on top.
    yAxis: { type: 'category', data: groups, inverse: true, ...axis },
    series: names.map((name) => ({
      type: 'bar',
      name,
      color: colourOf(name),
      label: {
        show: true,
        position: 'right',
        color: style.ink ?? GREY,
        formatter: ({ value }: { value: number }) => Math.round(value || 0) || '',
      },
      data: groups.map(
        (group) => bars.find((bar) => bar.group === group && bar.name === name)?.value ?? null,
      ),
    })),
  })
}

function axisStyle({ ink = GREY }: PlotStyle) {
  return {
    axis: {
      axisLabel: { color: ink },
      nameTextStyle: { color: ink },
      axisLine: { lineStyle: { color: ink } },
    },
    split: { splitLine: { lineStyle: { color: ink, opacity: 0.2 } } },
  }
}

function frame(
  title: string,
  names: readonly string[],
  { ink = GREY, legend = true }: PlotStyle,
): EChartsCoreOption {
  return {
    animation: false,
    textStyle: { fontFamily: 'system-ui, sans-serif', color: ink },
    title: { text: title, left: 'center', textStyle: { color: ink, fontSize: 14 } },
    legend: { show: legend, bottom: 0, textStyle: { color: ink }, data: names },
    grid: { left: 60, right: 20, top: title ? 40 : 16, bottom: legend ? 90 : 48 },
  }
}

export function draw({ width = WIDTH, height = HEIGHT }: PlotStyle, option: EChartsCoreOption): string {
  // Registered here, not at import: echarts keeps its parts in a global list.
  use([BarChart, LineChart, ScatterChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer])
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
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
