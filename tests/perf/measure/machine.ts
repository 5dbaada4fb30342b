/** What a figure was measured on. */
import { arch, cpus, loadavg, platform } from 'node:os'

/** Named in every report: absolute times mean nothing without it. */
export interface Machine {
  cpu: string
  cores: number
  platform: string
  /** Mean number of processes that wanted a core over the last 1, 5 and 15 minutes. */
  load: readonly number[]
}

/** This machine, now. */
export function thisMachine(): Machine {
  const all = cpus()
  return {
    cpu: all[0]?.model.trim() ?? 'unknown CPU',
    cores: all.length,
    platform: `${platform()} ${arch()}`,
    load: loadavg().map((load) => Math.round(load * 100) / 100),
  }
}

/** Starts a watch; it returns the share of all cores' time since that nobody used, 0 to 1. */
export function watchIdle(): () => number {
  const before = coreTimes()
  return () => {
    const now = coreTimes()
    const total = now.total - before.total
    return total > 0 ? (now.idle - before.idle) / total : 0
  }
}

function coreTimes(): { idle: number; total: number } {
  const times = cpus().map((core) => core.times)
  return {
    idle: times.reduce((sum, { idle }) => sum + idle, 0),
    total: times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0),
  }
}
