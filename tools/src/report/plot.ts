/** Plots as SVG strings, drawn without a DOM, in colours that read on white and on black. */
import { LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import type { TrainReport } from '../train/types.ts'

const WIDTH = 800
const HEIGHT = 300
const INK = '#808080'
const COLOURS = ['#2f7fd0', '#d0662f', '#3a9a5c']

/** Draws quality by tuning trial (the best so far), and the ranker's loss by epoch. */
export function plotTraining({ trials, rankerLoss }: TrainReport): string {
  // Registered here, not at import: echarts keeps its parts in a global list.
  use([LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer])
  let best: (typeof trials)[number] | undefined
  const soFar = trials.map((trial) => {
    if (!best || trial.kept) best = trial
    return best
  })
  const axis = {
    axisLabel: { color: INK },
    nameTextStyle: { color: INK },
    axisLine: { lineStyle: { color: INK } },
  }
  const split = { splitLine: { lineStyle: { color: INK, opacity: 0.2 } } }
  const left = { left: 60, width: 300, top: 60, bottom: 45 }
  const right = { left: 470, width: 300, top: 60, bottom: 45 }
  const place = { nameLocation: 'middle', nameGap: 28 } as const
  const line = { type: 'line', showSymbol: false } as const
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT })
  try {
    chart.setOption({
      animation: false,
      color: COLOURS,
      textStyle: { fontFamily: 'system-ui, sans-serif', color: INK },
      legend: { top: 5, textStyle: { color: INK } },
      grid: [left, right],
      xAxis: [
        {
          type: 'value',
          name: 'trial',
          ...place,
          max: Math.max(1, trials.length),
          ...axis,
          splitLine: { show: false },
        },
        {
          type: 'value',
          name: 'epoch',
          ...place,
          gridIndex: 1,
          min: 1,
          max: Math.max(2, rankerLoss.length),
          ...axis,
          splitLine: { show: false },
        },
      ],
      yAxis: [
        { type: 'value', name: 'percent', scale: true, ...axis, ...split },
        { type: 'value', name: 'loss', scale: true, gridIndex: 1, ...axis, ...split },
      ],
      series: [
        { ...line, name: 'hit rate@20', data: soFar.map(({ hitRate }, i) => [i + 1, hitRate]) },
        { ...line, name: 'MRR@20', data: soFar.map(({ mrr }, i) => [i + 1, mrr]) },
        {
          ...line,
          name: 'ranker loss',
          data: rankerLoss.map((loss, i) => [i + 1, loss]),
          xAxisIndex: 1,
          yAxisIndex: 1,
        },
      ],
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
