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
