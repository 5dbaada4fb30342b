/** The heavy part of a recommender, composed: behaviour, model and endpoint behind the worker's interface. */
import { type RecommendResult, VitrineError, parseRecommendRequest } from '@vitrine/contracts'
import { prepareTopK } from '@vitrine/kernels'
import { type Model, answerOf, recommend } from '@vitrine/recommender'
import { Shopper } from '../behavior/consent.ts'
import { ErrorRecord, LatencyRing } from '../diagnostics.ts'
import { ActiveModel } from '../models/active.ts'
import { type Platform, createPlatform } from '../platform.ts'
import { VERSION } from '../version.ts'
import { createModelLoader } from './load.ts'
import { createNetworkSource } from './network.ts'
import { type Placing, createPlacing } from './placing.ts'
import { listOfPage, withoutUndefined } from './request.ts'
import type { NewsListener, WorkerApi, WorkerNews, WorkerOptions } from './protocol.ts'
import { chooseStorage } from './storage.ts'

/** Returns the worker's side of one recommender; `replaced` stands in for parts of the browser in tests. */
export function createWorkerApi(replaced: Partial<Platform> = {}): WorkerApi {
  let running: Running | undefined
  const get = (): Running => {
    if (running) return running
    throw new VitrineError('DISPOSED', 'this recommender is not open; create a new one')
  }
  return {
    async open(options, listener) {
      running = run(options, listener, createPlatform(replaced))
      await running.shopper.opened()
    },
    ready: async () => get().ready,
    track: async (event) => get().shopper.track(withoutUndefined(event)),
    recommend: async (request) => get().recommend(request),
    update: async () => get().models.update(),
    flush: async () => get().shopper.flush(),
    forget: async () => get().shopper.forget(),
    setConsent: async (consent) => get().setConsent(consent),
    wake: async (reason) => get().wake(reason),
    diagnostics: async () => get().diagnostics(),
    async ping() {
      // The answer itself is the sign of life.
    },
    async dispose() {
      if (!running) return
      const { shopper, models, placing } = running
      running = undefined
      placing?.dispose()
      models.dispose(new VitrineError('DISPOSED', 'the recommender was disposed of'))
      await shopper.dispose()
    },
  }
}

/** A page that wants no list within this time is not waiting for one. */
const FIRST_LIST_MS = 1000

/** A download is told of no more often: each report is a task on the page's main thread. */
const PROGRESS_MS = 250

/** A recommender that is open. */
interface Running extends Pick<WorkerApi, 'recommend' | 'setConsent' | 'wake' | 'diagnostics'> {
  shopper: Shopper
  models: ActiveModel<Model>
  placing: Placing | undefined
  ready: Promise<void>
}

function run(options: WorkerOptions, listener: NewsListener, platform: Platform): Running {
  const { model: id, endpoint: url } = options
  const errors = new ErrorRecord(platform.now)
  const latencies = new LatencyRing()
  const onError = (error: unknown): void => errors.add(error)
  const tell = (news: WorkerNews): void => {
    Promise.resolve(listener(news)).catch(onError) // It is a function of the page's: calling it is a message.
  }
  const network = createNetworkSource(options, platform)
  const storage = chooseStorage(options, platform, onError)
  let database = storage.openModel(options.consent)
  let toldAt = -Infinity
  let listed!: () => void
  const firstList = new Promise<void>((resolve) => (listed = resolve))
  platform.setTimer(listed, FIRST_LIST_MS)
  const placing = createPlacing(options, { platform, database: () => database, onError, firstList })
  const selfTest = async (model: Model): Promise<void> => (await network.load()).selfTest(model, answerOf)
  const loader = createModelLoader(options, {
    tables: placing?.tables,
    unpackStarter: async (manifest, bytes) => (await network.load()).unpackStarter(manifest, bytes),
    startEngine: async (request) => (await network.load()).startEngine(request),
    selfTest,
    onError,
  })

  const models = new ActiveModel<Model>(database, {
    id,
    url,
    platform,
    pins: options.pins,
    device: () => shopper.device(),
    // Asked once the stored model is in use, and again until it succeeds: so the network file comes in any case.
    update: async (request) => (await network.load()).updateModel(request),
    load: loader.load,
    loadStarter: loader.loadStarter,
    selfTest,
    onChange: () => {
      placing?.follow(models.live.current).catch(onError)
      tell({ kind: 'change', change: 'model' })
    },
    onProgress(progress) {
      const now = platform.elapsed()
      if (progress.loadedBytes < progress.totalBytes && now - toldAt < PROGRESS_MS) return
      toldAt = now
      tell({ kind: 'progress', progress })
    },
    onError,
  })
  const shopper = new Shopper(options.consent, {
    url,
    network,
    platform,
    durable: storage.events,
    onHistory: () => tell({ kind: 'change', change: 'history' }),
    onModels: (newest) => models.noteNewest(newest[id]),
    onError,
  })
  prepareTopK(options.devices) // While the databases open.
  const ready = models.start()
  ready.catch(onError)
  // Consent may have been withdrawn while no page of the shop was open.
  if (options.consent === 'denied') storage.deleteModel().catch(onError)

  return {
    shopper,
    models,
    placing,
    ready,
    async recommend(input): Promise<RecommendResult> {
      const started = platform.elapsed()
      const request = parseRecommendRequest(withoutUndefined(input))
      // The page need not ask again for a list that a stored model is about to give.
      const [history] = await Promise.all([shopper.history(), models.settled])
      const ranked = models.live.use(async (model): Promise<RecommendResult | undefined> => {
        const isStarter = models.isStarter(model)
        const result = await recommend(model, request, history)
        if (!isStarter) return result
        // What it holds is not all that there is: the page may know more.
        return result.items.length > 0 ? { ...result, starter: true } : undefined
      })
      // A shelf is never empty for a fault of ours: the page's list serves, the fault is counted.
      const result = await ranked.catch(onError)
      if (result) listed()
      latencies.add(platform.elapsed() - started)
      return result ?? listOfPage(request)
    },
    async setConsent(consent) {
      try {
        // Behaviour first: it is the personal part.
        await shopper.setConsent(consent)
        database = storage.openModel(consent)
        await models.moveTo(database)
        if (consent === 'denied') await storage.deleteModel()
      } catch (error) {
        onError(error)
        throw error
      }
    },
    async wake(reason) {
      if (reason === 'online') models.hurry()
      await shopper.hurry()
    },
    async diagnostics() {
      const [events, model, persisted] = await Promise.all([
        shopper.status(),
        models.status(),
        platform.isPersisted(),
      ])
      const { overflowed, refused, ...counts } = events.counts
      const { offered, stored, ...unstored } = events.page
      const { current } = models.live
      return {
        version: VERSION,
        consent: events.consent,
        online: platform.isOnline(),
        model: {
          id,
          revision: model.revision,
          previous: model.previous,
          device: current?.device ?? null,
          why: current ? loader.whyNot(current) : [],
          encoder: current ? { name: current.engine.name, device: current.engine.device } : null,
          items: current?.catalogue.ids.length ?? 0,
          isStarter: models.isStarter(current),
          origin: model.origin,
          trust: model.trust,
          downloads: model.downloads,
          refused: model.refused,
          rejected: model.rejected,
        },
        placement: placing?.status() ?? null,
        bytes: { model: model.bytes, downloaded: model.downloads.bytes, uploaded: events.bytesSent },
        storage: { events: events.storage, model: model.storage, persisted: persisted ?? null },
        events: {
          ...counts,
          dropped: { overflow: overflowed, refused, ...unstored },
          page: { offered, stored },
          refused: events.refusal ?? null,
          setAside: events.setAside,
        },
        latency: latencies.summary(),
        errors: errors.summary(),
      }
    },
  }
}
