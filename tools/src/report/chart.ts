/** Charts as SVG strings, drawn without a DOM, in colours that read on white and on black. */
import { BarChart, LineChart, ScatterChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components'
import { type EChartsCoreOption, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

const INK = '#808080'
const COLOURS = ['#2f7fd0', '#d0662f', '#3a9a5c', '#a05fb4', '#b8912f']

/** Look of an axis. */
export const AXIS: Readonly<Record<string, unknown>> = {
  axisLabel: { color: INK },
  nameTextStyle: { color: INK },
  axisLine: { lineStyle: { color: INK } },
  nameLocation: 'middle',
  nameGap: 28,
}

/** Faint lines across the plot at an axis' ticks. */
export const SPLIT: Readonly<Record<string, unknown>> = {
  splitLine: { lineStyle: { color: INK, opacity: 0.2 } },
}

/** Draws `option`, an option of echarts; colours, fonts and a legend on top are given. */
export function drawChart(
  option: EChartsCoreOption,
  { width, height }: { width: number; height: number },
): string {
  // Registered here, not at import: echarts keeps its parts in a global list.
  use([BarChart, LineChart, ScatterChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer])
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  try {
    chart.setOption({
      animation: false,
      color: COLOURS,
      textStyle: { fontFamily: 'system-ui, sans-serif', color: INK },
      legend: { top: 5, itemGap: 30, textStyle: { color: INK } },
      ...option,
    })
    return withoutCounters(chart.renderToSVGString())
  } finally {
    chart.dispose()
  }
}

/**
 * Takes out the hover styles, which a still picture does not need, and the running number in ids: echarts
 * counts all charts of a process, and the same model must give the same bytes.
 */
function withoutCounters(svg: string): string {
  return svg
    .replaceAll(/<style[^>]*>.*?<\/style>/gsu, '')
    .replaceAll(/ class="[^"]*"/gu, '')
    .replaceAll(/\bzr\d+-/gu, 'zr-')
}
