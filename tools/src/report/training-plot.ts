/** The plot beside a model card: how tuning, the session encoder and the ranker came along. */
import type { TrainReport } from '../train/types.ts'
import { AXIS, SPLIT, drawChart } from './chart.ts'

interface Panel {
  x: string
  y: string
  curves: readonly { name: string; values: readonly number[] }[]
}

const PANEL = { width: 210, gap: 80, top: 60, bottom: 45 }

/** Draws quality by tuning trial (the best so far), and the losses of encoder and ranker by epoch. */
export function plotTraining({ trials, embeddings, rankerLoss }: TrainReport): string {
  let best: (typeof trials)[number] | undefined
  const soFar = trials.map((trial) => {
    if (!best || trial.kept) best = trial
    return best
  })
  const panels: Panel[] = [
    {
      x: 'trial',
      y: 'percent',
      curves: [
        { name: 'hit rate@20', values: soFar.map(({ hitRate }) => hitRate) },
        { name: 'MRR@20', values: soFar.map(({ mrr }) => mrr) },
      ],
    },
    { x: 'epoch', y: 'loss', curves: [{ name: 'encoder loss', values: embeddings.losses }] },
    { x: 'epoch', y: 'loss', curves: [{ name: 'ranker loss', values: rankerLoss }] },
  ]
  const { width, gap, top, bottom } = PANEL
  return drawChart(
    {
      grid: panels.map((_, at) => ({ left: 60 + at * (width + gap), width, top, bottom })),
      xAxis: panels.map(({ x, curves }, gridIndex) => ({
        type: 'value',
        name: x,
        gridIndex,
        min: 1,
        max: Math.max(2, ...curves.map(({ values }) => values.length)),
        minInterval: 1,
        ...AXIS,
        splitLine: { show: false },
      })),
      yAxis: panels.map(({ y }, gridIndex) => ({
        type: 'value',
        name: y,
        gridIndex,
        scale: true,
        ...AXIS,
        nameGap: 40,
        ...SPLIT,
      })),
      series: panels.flatMap(({ curves }, at) =>
        curves.map(({ name, values }) => ({
          type: 'line',
          showSymbol: false,
          name,
          data: values.map((value, i) => [i + 1, value]),
          xAxisIndex: at,
          yAxisIndex: at,
        })),
      ),
    },
    { width: panels.length * (width + gap), height: 300 },
  )
}
