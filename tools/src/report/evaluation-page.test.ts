import { describe, expect, it } from 'vitest'
import type { EvaluationReport } from '../evaluate/evaluate-model.ts'
import { writeEvaluationPage } from './evaluation-page.ts'

const rates = { hit_rate: 0.4321, mrr: 0.2, ndcg: 0.25 }
const difference = { mean: -0.01, low: -0.02, high: 0.005 }
const report: EvaluationReport = {
  ...rates,
  coverage: 0.5,
  gini: 0.7,
  popularity_lift: 1.25,
  model: '<img src=x onerror=alert(1)>',
  revision: 'r1',
  precision: 'int8',
  k: 20,
  min_prefix: 1,
  sessions: 10,
  cases: 12_345,
  bytes: 1,
  p50_ms: 0.5,
  p99_ms: 1,
  by_prefix: { '1': { ...rates, cases: 5 }, '2': { ...rates, cases: 0 } },
  baselines: {
    stan: {
      ...rates,
      coverage: 0.5,
      gini: 0.9,
      settings: { neighbours: 100 },
      trials: 30,
      tuning_cases: 12_000,
      difference: { hit_rate: difference, mrr: difference },
    },
  },
}

describe('writeEvaluationPage', () => {
  const page = writeEvaluationPage(report)

  it('says the figures, with what they were tuned to', () => {
    expect(page).toContain('12,345 cases')
    expect(page).toContain('<td>43.21</td>')
    expect(page).toContain('−1.00 [−2.00, +0.50]')
    expect(page).toContain('neighbours 100')
    expect(page.match(/<svg/gu)).toHaveLength(2)
  })

  it('shows the starter and the other revision beside the model', () => {
    const others = writeEvaluationPage({
      ...report,
      starter: { ...report.baselines.stan!, items: 400, bytes: 9 },
      against: [
        {
          ...report.baselines.stan!,
          name: 'fp32:old',
          revision: 'r0',
          precision: 'fp32',
          bytes: 1,
          p50_ms: 1,
          p99_ms: 1,
        },
      ],
    })
    expect(others).toContain('<td>its starter (400 items)</td><td>43.21</td>')
    expect(others).toContain('<td>fp32:old</td><td>−1.00 [−2.00, +0.50]</td>')
    expect(page).not.toContain('its starter')
  })

  it('draws the long tail and the parts where they were measured', () => {
    const variant = { name: 'as it is', cases: 9876, ...report.baselines.stan! }
    const varied = writeEvaluationPage({
      ...report,
      long_tail: [variant, { ...variant, name: '0.2' }],
      ablations: [variant, { ...variant, name: 'no two hops' }],
    })
    expect(varied.match(/<svg/gu)).toHaveLength(4)
    expect(varied).toContain('9,876 of the cases')
    expect(varied).toContain('<td>no two hops</td><td>43.21</td><td>−1.00 [−2.00, +0.50]</td>')
    expect(page).not.toContain('long tail')
  })

  it('leaves out classes without cases', () => {
    expect(page).not.toContain('<td>2</td>')
    expect(page).not.toContain('By popularity of the next item')
  })

  it('runs nothing, and shows hostile names as text', () => {
    expect(page).not.toMatch(/<script|<img|https?:(?!\/\/www\.w3\.org)/u)
    expect(page).toContain('&lt;img src=x')
  })
})
