/** Ten times the events must not take ten times the memory where a command reads its input as a stream. */
import { expect, it } from 'vitest'
import { run } from './run.ts'
import type { ScaleRow } from './report.ts'

it('import and pairs hold hardly more memory for ten times the events', { timeout: 600_000 }, async () => {
  const steps = ['import', 'pairs']
  const options = { quick: true, signal: AbortSignal.timeout(590_000), say: () => undefined }
  const { lines } = await run(options, (step) => steps.includes(step))
  const rows = lines as ScaleRow[]
  for (const step of steps) {
    const [small, large] = rows.filter((row) => row.step === step)
    expect(large!.events / small!.events).toBe(10)
    expect(large!.megabytes / small!.megabytes).toBeLessThan(2.5)
  }
})
