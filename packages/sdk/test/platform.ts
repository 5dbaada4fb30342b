/** A platform for tests: the browser's own storage and crypto, a clock and timers that a test turns by hand. */
import { type Platform, createPlatform } from '../src/platform.ts'

/** A platform and its clock. */
export interface TestPlatform extends Platform {
  /** Moves the clock and runs the timers that are due, in order; waits for what they began. */
  advance(ms: number): Promise<void>
  /** Delays of the timers that wait, in ms from now. */
  waits(): number[]
}

/** Returns a platform whose time stands still until it is advanced, and whose randomness is `random`. */
export function createTestPlatform(replaced: Partial<Platform> = {}, random = 0.5): TestPlatform {
  let now = Date.UTC(2026, 0, 1)
  const timers = new Map<object, { at: number; callback: () => void }>()
  return {
    ...createPlatform({
      now: () => now,
      random: () => random,
      setTimer: (callback, ms) => {
        const timer = {}
        timers.set(timer, { at: now + ms, callback })
        return () => void timers.delete(timer)
      },
      ...replaced,
    }),
    async advance(ms) {
      const until = now + ms
      for (;;) {
        const due = [...timers].filter(([, { at }]) => at <= until).toSorted(([, a], [, b]) => a.at - b.at)[0]
        if (!due) break
        timers.delete(due[0])
        now = Math.max(now, due[1].at)
        due[1].callback()
        await settle()
      }
      now = until
    },
    waits: () => [...timers.values()].map(({ at }) => at - now).toSorted((a, b) => a - b),
  }
}

/** Lets everything that is under way in this thread and in IndexedDB come to rest. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 40; turn++) await new Promise((resolve) => setTimeout(resolve, 2))
}

let names = 0

/** A database name that no other test has. */
export function freshName(): string {
  return `test-${Date.now()}-${names++}`
}
