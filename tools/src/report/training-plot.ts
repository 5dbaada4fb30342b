/** The plot beside a model card: how tuning and the ranker came along. */
import type { TrainReport } from '../train/types.ts'
import { AXIS, SPLIT, drawChart } from './chart.ts'

/** Draws quality by tuning trial (the best so far), and the ranker's loss by epoch. */
export function plotTraining({ trials, rankerLoss }: TrainReport): string {
  let best: (typeof trials)[number] | undefined
  const soFar = trials.map((trial) => {
    if (!best || trial.kept) best = trial
    return best
  })
  const across = { type: 'value', ...AXIS, splitLine: { show: false } } as const
  const up = { type: 'value', scale: true, ...AXIS, ...SPLIT } as const
  const line = { type: 'line', showSymbol: false } as const
  return drawChart(
    {
      grid: [
        { left: 60, width: 300, top: 60, bottom: 45 },
        { left: 470, width: 300, top: 60, bottom: 45 },
      ],
      xAxis: [
        { ...across, name: 'trial', max: Math.max(1, trials.length) },
        { ...across, name: 'epoch', gridIndex: 1, min: 1, max: Math.max(2, rankerLoss.length) },
      ],
      yAxis: [
        { ...up, name: 'percent', nameGap: 36 },
        { ...up, name: 'loss', nameGap: 36, gridIndex: 1 },
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
    },
    { width: 800, height: 300 },
  )
}
