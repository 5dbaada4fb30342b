/** The script tag's data attributes as a recommender's options. */
import { type Consent, type KernelDevice, type RecommenderOptions, VitrineError } from '@vitrine/sdk'

/** What a script tag says. */
export interface PageSettings {
  endpoint: string
  model: string
  key: string
  devices?: NonNullable<RecommenderOptions['devices']>
  consent: Consent
  workerUrl: string
  trustedKeys?: string[]
}

/**
 * Reads `data-endpoint`, `data-model`, `data-key`, `data-consent`, `data-worker`, `data-devices` and
 * `data-trusted-keys` (public keys with spaces or commas between them). The worker's file is `data-worker` (relative
 * to the page), else `worker.js` beside the script. Consent is denied unless the attribute says `granted`.
 *
 * @throws `VitrineError('INVALID_OPTIONS')` naming the attribute that is missing or unknown.
 */
export function pageSettings({ dataset, src, baseURI }: HTMLScriptElement): PageSettings {
  return {
    endpoint: required('endpoint', dataset.endpoint, 'https://edge.shop.example'),
    model: required('model', dataset.model, 'online-retail'),
    key: required('key', dataset.key, 'pk_live_…'),
    consent: dataset.consent === 'granted' ? 'granted' : 'denied',
    workerUrl: dataset.worker ? new URL(dataset.worker, baseURI).href : new URL('worker.js', src).href,
    ...(dataset.devices && { devices: devicesIn(dataset.devices) }),
    ...(dataset.trustedKeys && { trustedKeys: namesIn(dataset.trustedKeys) }),
  }
}

/** `auto`, or names with spaces or commas between them, which the SDK checks. */
function devicesIn(text: string): NonNullable<RecommenderOptions['devices']> {
  const names = namesIn(text)
  return names[0] === 'auto' ? 'auto' : (names as KernelDevice[])
}

function namesIn(text: string): string[] {
  return text.trim().split(/[\s,]+/u)
}

function required(name: string, value: string | undefined, example: string): string {
  if (value) return value
  throw new VitrineError(
    'INVALID_OPTIONS',
    `Vitrine's script tag has no data-${name}: add data-${name}="${example}" to it.`,
  )
}
