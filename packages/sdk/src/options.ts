/** The options of `createRecommender`, and their check: cheap, because it runs in the page. */
import { VitrineError } from '@vitrine/contracts'
import type { KernelDevice } from '@vitrine/kernels'
import type { Consent, ConsentSource } from './behavior/consent.ts'
import type { EngineAddresses } from './models/engine.ts'
import type { Progress } from './models/revision.ts'
import type { WorkerOptions } from './worker/protocol.ts'

/** What `createRecommender` takes. */
export interface RecommenderOptions {
  /** Base URL of the endpoint, e.g. `https://edge.shop.example`. */
  endpoint: string
  /** Model id, e.g. `online-retail`. */
  model: string
  /** Publishable key, `pk_…`. */
  key: string
  /** Whether behaviour may be stored and sent; `denied` unless said otherwise. */
  consent?: Consent | ConsentSource
  /**
   * What may compute, in order of preference. With `auto`, the default, WASM or plain JavaScript starts; when nobody
   * waits, every device is measured, and one that is faster takes over: more threads, or the GPU.
   */
  devices?: readonly KernelDevice[] | 'auto'
  /**
   * Where the files of engines are: `index.js` of `@vitrine/engine-onnx` or `-tfjs`, with the runtime beside it. One
   * is loaded only for a model whose manifest names it; without it that model's built-in encoder serves.
   */
  engines?: EngineAddresses
  /** Where `worker.js` of this package is served, when not beside the page's entry; its other files beside it. */
  workerUrl?: string | URL
  /**
   * Public keys (`ed25519:…`, from `vitrine keys signing list`) whose models run; `[]` or nothing: any that the
   * endpoint serves.
   */
  trustedKeys?: readonly string[]
  /** Lowest model version that this release of the page runs, whatever is signed or stored; 0 unless said otherwise. */
  modelFloor?: number
  /** `memory` stores nothing on the device, consent or not; `indexeddb` is the default. */
  storage?: 'indexeddb' | 'memory'
  /** Ends the start. Once started, `dispose()` ends everything, downloads included. */
  signal?: AbortSignal
  /** Told of the download of a model as it goes on. */
  onProgress?: (progress: Progress) => void
}

/** Options with every default filled in. */
export interface CheckedOptions {
  worker: Omit<
    WorkerOptions,
    'networkUrl' | 'webgpuUrl' | 'scalarUrl' | 'shelvesUrl' | 'placementUrl' | 'shardUrl' | 'ed25519Url'
  >
  consent: Consent | ConsentSource
  workerUrl: string | undefined
}

/** Checks the options and fills in defaults. @throws `VitrineError('INVALID_OPTIONS')` naming the option. */
export function checkOptions(options: RecommenderOptions, base: string): CheckedOptions {
  const {
    endpoint,
    model,
    key,
    consent = 'denied',
    devices = 'auto',
    engines,
    workerUrl,
    storage = 'indexeddb',
    trustedKeys = [],
    modelFloor = 0,
  } = options
  const url = parseUrl(endpoint, base)
  if (!url || !/^https?:$/u.test(url.protocol)) throw wrong('endpoint', 'an http(s) URL')
  if (typeof model !== 'string' || !/^[a-z0-9][a-z0-9._-]*$/u.test(model)) throw wrong('model', 'a model id')
  if (typeof key !== 'string' || !/^[\x21-\x7e]+$/u.test(key)) throw wrong('key', 'a publishable key (pk_…)')
  if (key.startsWith('sk_'))
    throw wrong('key', 'a publishable key (pk_…); a secret key must never reach a page')
  if (devices !== 'auto' && !(Array.isArray(devices) && devices.every(isDevice) && devices.length > 0)) {
    throw wrong('devices', "'auto' or a list of 'webgpu', 'wasm' and 'scalar'")
  }
  const isSource = typeof consent === 'object' && typeof consent?.get === 'function'
  if (!isSource && consent !== 'granted' && consent !== 'denied') {
    throw wrong('consent', "'granted', 'denied' or a ConsentSource")
  }
  if (storage !== 'indexeddb' && storage !== 'memory') throw wrong('storage', "'indexeddb' or 'memory'")
  if (!areKeys(trustedKeys)) {
    throw wrong('trustedKeys', 'a list of public keys (ed25519: and 64 hex digits)')
  }
  if (!(modelFloor >= 0)) throw wrong('modelFloor', 'a model version')
  const worker = workerUrl === undefined ? undefined : parseUrl(String(workerUrl), base)
  if (workerUrl !== undefined && !worker) throw wrong('workerUrl', 'a URL')
  return {
    worker: {
      endpoint: url.href.replace(/[?#].*$/u, '').replace(/\/+$/u, ''),
      model,
      key,
      consent: currentConsent(consent),
      storage,
      pins: { trustedKeys: [...trustedKeys], floor: modelFloor },
      ...(devices !== 'auto' && { devices: [...devices] }),
      engines,
      base,
    },
    consent,
    workerUrl: worker?.href,
  }
}

/** Returns the consent in force. Anything but `granted` counts as denied: silence is no consent. */
export function currentConsent(consent: Consent | ConsentSource): Consent {
  return strict(typeof consent === 'string' ? consent : consent.get())
}

/** Calls `listener` on every change; returns a function that ends it. */
export function watchConsent(
  consent: Consent | ConsentSource,
  listener: (consent: Consent) => void,
): () => void {
  if (typeof consent === 'string') return () => undefined
  return consent.subscribe((changed) => listener(strict(changed)))
}

function strict(consent: unknown): Consent {
  return consent === 'granted' ? 'granted' : 'denied'
}

function areKeys(keys: readonly string[]): boolean {
  return Array.isArray(keys) && keys.every((key) => /^ed25519:[\da-f]{64}$/u.test(String(key)))
}

function isDevice(device: unknown): device is KernelDevice {
  return device === 'webgpu' || device === 'wasm' || device === 'scalar'
}

function parseUrl(url: string, base: string): URL | undefined {
  try {
    return new URL(url, base)
  } catch {
    return undefined
  }
}

function wrong(option: string, expected: string): VitrineError {
  return new VitrineError('INVALID_OPTIONS', `createRecommender: ${option} is not ${expected}`)
}
