/** One table for as long as it is in use: measured when idle, moved to the device that won, measured anew when that drifts. */
import type { TopK } from '@vitrine/kernels'
import { type Candidate, candidatesFor, reasonOf } from './candidates.ts'
import { Drift } from './drift.ts'
import { createIdle } from './idle.ts'
import { askGolden, firstDifference, probe } from './probe.ts'
import type { PlacementOptions, PlacementStatus, Subject } from './surroundings.ts'
import {
  type Circumstances,
  type Estimate,
  type PlacementDevice,
  type Verdict,
  verdictFor,
} from './verdict.ts'

/** A list waits at most so long for a probe: a quarter of a 60 Hz frame, or one search of the device at hand. */
const SLICE_MS = 4
const SAMPLES = 7
/** No search for so long counts as idle. */
const QUIET_MS = 300
/** Below this a search is not worth moving: messages between threads and a GPU's answer take about as long. */
const WORTHWHILE_MS = 0.25
/** Least time between two probes of a table, however latencies drift. */
const REST_MS = 600_000

/** Where a table is when it is not at home. */
interface Away {
  candidate: Candidate
  topK: TopK
}

/** A table and its device. */
export class Tenancy {
  readonly #subject: Subject
  readonly #options: PlacementOptions
  readonly #tuning: Required<NonNullable<PlacementOptions['tuning']>>
  readonly #ended = new AbortController()
  readonly #counts = { probes: 0, moves: 0, drifts: 0, failures: 0 }
  readonly #idle: () => Promise<void>
  #away: Away | undefined
  #verdict: Verdict | undefined
  #decided: PlacementStatus['decided'] = null
  #state: PlacementStatus['state'] = 'waiting'
  #drift = new Drift()
  #failure: string | null = null
  /** Devices that failed in this page's life: not tried again in it. */
  readonly #failed = new Map<PlacementDevice, string>()

  constructor(subject: Subject, options: PlacementOptions) {
    this.#subject = subject
    this.#options = options
    this.#tuning = {
      sliceMs: SLICE_MS,
      samples: SAMPLES,
      quietMs: QUIET_MS,
      worthwhileMs: WORTHWHILE_MS,
      restMs: REST_MS,
      ...options.tuning,
    }
    const { elapsed, setTimer } = options.platform
    this.#idle = createIdle(subject.placed, {
      elapsed,
      setTimer,
      quietMs: this.#tuning.quietMs,
      signal: this.#ended.signal,
    })
    subject.placed.listener = {
      onSearch: (ms) => this.#observe(ms),
      onFailure: (reason) => this.#fail(this.#device, reason),
      onDispose: () => this.end(),
    }
    this.#inBackground(this.#settle())
  }

  status(): PlacementStatus {
    const { placed } = this.#subject
    const { topK } = this.#away ?? { topK: placed.home }
    const { inFlight: tasks, mostInFlight: mostTasks, shared: together } = placed
    const alone = { data: 1, tasks, mostTasks }
    const parallel = 'parallel' in topK ? (topK.parallel as typeof alone) : alone
    return {
      state: this.#state,
      device: this.#device,
      parallel: { ...parallel, together },
      decided: this.#decided,
      estimates: this.#verdict?.estimates ?? [],
      latency: this.#drift.figures,
      counts: { ...this.#counts },
      failure: this.#failure,
    }
  }

  end(): void {
    if (this.#ended.signal.aborted) return
    this.#ended.abort(new Error('The table is no longer in use.'))
    this.#subject.placed.listener = undefined
    void this.#goHome()
  }

  get #device(): PlacementDevice {
    return this.#away?.candidate.device ?? this.#subject.placed.home.device
  }

  get #here(): Circumstances {
    const { browser, release, cores } = this.#options
    return { revision: this.#subject.revision, browser, release, cores }
  }

  /** Goes by an earlier visit's verdict where there is one, else by a probe. */
  async #settle(): Promise<void> {
    await this.#idle()
    const stored = verdictFor(await this.#options.verdicts.read(), this.#here)
    if (!stored || !(await this.#follow(stored))) await this.#probe()
  }

  /** Moves to the device of an earlier verdict; false where it does not serve any more. */
  async #follow(verdict: Verdict): Promise<boolean> {
    const { placed } = this.#subject
    if (verdict.device !== placed.home.device) {
      const candidate = this.#candidates().find(({ device }) => device === verdict.device)
      if (!candidate) return false
      let topK: TopK | undefined
      try {
        topK = await candidate.create(placed.home.rows.count)
        const wrong = await firstDifference(topK, await this.#askGolden(), this.#idle)
        if (wrong !== undefined) throw new Error(wrong)
      } catch (error) {
        topK?.dispose()
        candidate.close()
        await this.#idle() // Rejects where the end was asked for: that is no failure of the device.
        this.#noteFailure(candidate.device, error)
        return false
      }
      await this.#move({ candidate, topK })
    }
    this.#conclude(verdict, 'earlier-visit')
    return true
  }

  async #probe(): Promise<void> {
    const { placed, questions } = this.#subject
    const { elapsed, now } = this.#options.platform
    this.#state = 'probing'
    this.#counts.probes++
    // A device in use competes anew, from home.
    await this.#goHome()
    const outcome = await probe({
      placed,
      questions,
      candidates: this.#candidates(),
      elapsed,
      idle: this.#idle,
      ...this.#tuning,
    })
    const { winner } = outcome
    const estimates = outcome.estimates.filter(({ device }) => !this.#failed.has(device))
    for (const [device, why] of this.#failed) {
      estimates.push({ device, ms: null, rows: 0, samples: 0, verdict: 'failed', why })
    }
    if (winner && this.#failed.has(winner.candidate.device)) giveBack(winner)
    else if (winner) await this.#move(winner)
    const verdict: Verdict = { ...this.#here, device: this.#device, estimates, at: now() }
    this.#conclude(verdict, 'probe')
    await this.#options.verdicts.write(verdict)
  }

  #askGolden(): ReturnType<typeof askGolden> {
    const { placed, questions } = this.#subject
    return askGolden({ placed, questions, idle: this.#idle })
  }

  #candidates(): Candidate[] {
    const { createTopK, loadWebGpu, cores, shardUrl, release } = this.#options
    const { home } = this.#subject.placed
    const all = candidatesFor({
      home,
      cores,
      createTopK,
      loadWebGpu,
      idle: this.#idle,
      pool: { shardUrl, release, onFailure: (reason) => this.#fail('sharded', reason) },
    })
    return all.filter(({ device }) => !this.#failed.has(device))
  }

  #conclude(verdict: Verdict, decided: PlacementStatus['decided']): void {
    this.#verdict = verdict
    this.#decided = decided
    this.#state = 'settled'
    this.#drift = new Drift(verdict.baselineMs)
  }

  async #move(to: Away): Promise<void> {
    if (this.#ended.signal.aborted) {
      giveBack(to)
      this.#ended.signal.throwIfAborted()
    }
    this.#away = to
    this.#counts.moves++
    // Home stays: it serves when the other device fails, and shares its searches with shards.
    await this.#subject.placed.moveTo(to.topK)
  }

  async #goHome(): Promise<void> {
    const away = this.#away
    if (!away) return
    this.#away = undefined
    await this.#subject.placed.moveTo(this.#subject.placed.home)
    giveBack(away)
  }

  #observe(ms: number): void {
    const { now } = this.#options.platform
    const { worthwhileMs, restMs } = this.#tuning
    if (this.#state !== 'settled' || !this.#verdict) return
    const change = this.#drift.add(ms)
    if (change === 'settled') {
      const { baselineMs } = this.#drift.figures
      this.#verdict = { ...this.#verdict, ...(baselineMs !== null && { baselineMs }) }
      this.#inBackground(this.#options.verdicts.write(this.#verdict))
    }
    if (change !== 'drifted') return
    const { baselineMs, recentMs } = this.#drift.figures
    // A search that is fast enough either way is left where it is.
    const isWorthIt = Math.max(baselineMs ?? 0, recentMs ?? 0) >= worthwhileMs
    if (!isWorthIt || now() - this.#verdict.at < restMs) return
    this.#counts.drifts++
    this.#state = 'waiting'
    this.#inBackground(this.#idle().then(() => this.#probe()))
  }

  /** A device failed: home serves, and the next visit does not go back. */
  #fail(device: PlacementDevice, reason: unknown): void {
    this.#noteFailure(device, reason)
    // One that only competed loses by it.
    if (this.#away?.candidate.device === device) this.#inBackground(this.#demote(device, reasonOf(reason)))
  }

  async #demote(device: PlacementDevice, why: string): Promise<void> {
    await this.#goHome()
    if (!this.#verdict) return
    const estimates = this.#verdict.estimates.map((estimate): Estimate => {
      if (estimate.device === device) return { ...estimate, verdict: 'failed', why }
      if (estimate.device !== this.#device) return estimate
      return { ...estimate, verdict: 'chosen', why: `${device} failed` }
    })
    const at = this.#options.platform.now()
    const verdict: Verdict = { ...this.#here, device: this.#device, estimates, at }
    this.#conclude(verdict, this.#decided)
    await this.#options.verdicts.write(verdict)
  }

  #noteFailure(device: PlacementDevice, reason: unknown): void {
    this.#counts.failures++
    this.#failure = `${device}: ${reasonOf(reason)}`
    this.#failed.set(device, reasonOf(reason))
  }

  #inBackground(work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (this.#ended.signal.aborted) return
      this.#state = 'settled'
      this.#options.onError(error)
    })
  }
}

function giveBack({ candidate, topK }: Away): void {
  topK.dispose()
  candidate.close()
}
