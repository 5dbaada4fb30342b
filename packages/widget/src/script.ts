/** The script tag: registers the shelf, makes the page's recommender on demand, and offers `window.vitrine`. */
import type {
  BehaviorEventInput,
  Consent,
  RecommendRequest,
  RecommendResult,
  Recommender,
} from '@vitrine/sdk'
import { defineShelf } from './define.ts'
import { dispatchError } from './events.ts'
import { trackMarks } from './marks.ts'
import { PageConsent, recommendersOf } from './page.ts'
import { pageSettings } from './settings.ts'

/** `window.vitrine`. Before the script has loaded it may be an array of {@link VitrineCallback}s. */
export interface VitrinePage {
  /** The page's recommender; rejects with a `VitrineError` where it could not be made. */
  readonly ready: Promise<Recommender>
  /** Says what the shopper decided; `denied` also erases what was stored. */
  consent(consent: Consent): void
  /** Resolves when the event is durable. */
  track(event: BehaviorEventInput): Promise<void>
  recommend(request: RecommendRequest): Promise<RecommendResult>
  /** Forgets the shopper, here and at the endpoint. */
  forget(): Promise<void>
  diagnostics(): ReturnType<Recommender['diagnostics']>
  /** Calls back with this object: what a page that loads the script late queues, works early too. */
  push(callback: VitrineCallback): void
}

/** See {@link VitrinePage.push}. */
export type VitrineCallback = (vitrine: VitrinePage) => void

declare global {
  interface Window {
    vitrine?: VitrinePage | VitrineCallback[]
  }
}

/** Starts Vitrine on this page with the tag that loaded it. */
function start(tag: HTMLScriptElement): VitrinePage {
  const consent = new PageConsent(tag.dataset.consent === 'granted' ? 'granted' : 'denied')
  let recommenders: ReturnType<typeof recommendersOf> | undefined
  // Async, so that a tag that lacks an attribute rejects where somebody waits.
  const recommenderFor = async (model?: string): Promise<Recommender> =>
    (recommenders ??= recommendersOf(pageSettings(tag), consent))(model)
  const track = async (event: BehaviorEventInput): Promise<void> => (await recommenderFor()).track(event)

  const page: VitrinePage = {
    get ready() {
      return recommenderFor()
    },
    consent: (given) => consent.set(given),
    track,
    recommend: async (request) => (await recommenderFor()).recommend(request),
    forget: async () => (await recommenderFor()).forget(),
    diagnostics: async () => (await recommenderFor()).diagnostics(),
    push: (callback) => callback(page),
  }
  defineShelf('vitrine-shelf', { recommenderFor })
  // Whoever pasted the tag looks into the console first.
  document.addEventListener('vitrine-error', ({ detail: { code, message } }) => {
    console.warn(`Vitrine: ${code}: ${message}`)
  })
  // A mark has no caller who could catch: the page hears of it by the event.
  trackMarks((event) => void track(event).catch((error: unknown) => dispatchError(document, error)))
  return page
}

// `currentScript` is there only while the script first runs, and never for one loaded as a module.
const { currentScript } = document
const tag =
  currentScript instanceof HTMLScriptElement
    ? currentScript
    : document.querySelector<HTMLScriptElement>('script[data-endpoint][src]')
const queued = window.vitrine
// A page that has the tag twice, e.g. from two templates, runs it once.
if (tag && (queued === undefined || Array.isArray(queued))) {
  const page = start(tag)
  window.vitrine = page
  for (const callback of queued ?? []) page.push(callback)
}
