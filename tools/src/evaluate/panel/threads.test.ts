import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { VitrineError } from '@vitrine/contracts'
import { syntheticVisits } from '../../../test/synthetic-shop.ts'
import { SessionLines, type SessionLog } from '../../data/collect-sessions.ts'
import { BASELINES } from '../baselines/families.ts'
import { tuneBaseline } from '../baselines/tune.ts'
import { answerJobs } from './answer-jobs.ts'
import { panelOfOne } from './one-thread.ts'
import type { RankerOrigins } from './open-rankers.ts'
import { type Thread, panelOfThreads } from './threads.ts'

function logOf(sessions: readonly (readonly string[])[]): SessionLog {
  const lines = new SessionLines()
  for (const items of sessions) lines.add(items)
  return lines.log()
}

/** Ends of lines over which jobs are answered, as threads answer them; all in this thread. */
function lines(count: number, origins: RankerOrigins): Thread[] {
  return Array.from({ length: count }, () => {
    const { port1, port2 } = new MessageChannel()
    answerJobs(port2, origins)
    return threadOf(port1)
  })
}

/** A port says that it is closed where a thread says that it has ended. */
function named(event: string): 'message' {
  return (event === 'exit' ? 'close' : event) as 'message'
}

function threadOf(port: MessagePort): Thread {
  return {
    on: (event: string, listener: unknown) => port.on(named(event), listener as () => void),
    off: (event, listener) => port.off(named(event), listener as () => void),
    postMessage: (job) => port.postMessage(job),
    terminate: async () => port.close(),
  }
}

const visits = syntheticVisits({ count: 200 }).map(({ items }) => items)
const origins: RankerOrigins = {
  train: logOf(visits.slice(0, 150)),
  openModel: () => Promise.reject(new VitrineError('MODEL_NOT_FOUND', 'There is none.')),
}
const test = visits.slice(150)

describe('threads', { timeout: 60_000 }, () => {
  it.each(BASELINES)('give %s the settings and ranks of one thread, however many they are', async (name) => {
    const found = []
    for (const panel of [panelOfOne(origins), ...[1, 3].map((n) => panelOfThreads(lines(n, origins)))]) {
      const { settings, trials } = await tuneBaseline(name, origins.train!, panel, { k: 5 })
      const source = { kind: 'baseline', name, settings, fittedOn: 'train' } as const
      const { ranks, exposures } = await panel.measure(source, test, { k: 5, minPrefix: 2 })
      found.push({ settings, trials, ranks, exposures })
      await panel.close()
    }
    expect(found[0]!.ranks.some((rank) => rank > 0)).toBe(true)
    for (const other of found) expect(other).toEqual(found[0])
  })

  it('say with its code what failed', async () => {
    const panel = panelOfThreads(lines(2, origins))
    const source = { kind: 'model', folder: 'none', precision: 'int8' } as const
    await expect(panel.measure(source, test, { k: 5 })).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
    await panel.close()
  })

  it('end as soon as the signal aborts', async () => {
    const stop = new AbortController()
    const panel = panelOfThreads(
      lines(2, { ...origins, openModel: () => new Promise(() => undefined) }),
      stop.signal,
    )
    const source = { kind: 'model', folder: 'slow', precision: 'int8' } as const
    const asked = panel.measure(source, test, { k: 5 })
    stop.abort(new Error('stopped'))
    await expect(asked).rejects.toThrow('stopped')
    await expect(panel.measure(source, test, { k: 5 })).rejects.toThrow('stopped')
  })
})
