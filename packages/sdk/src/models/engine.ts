/** The engine that a manifest names for its encoder, from where the page says its file is. */
import type { EngineName, Manifest } from '@vitrine/contracts'
import {
  type EngineModule,
  type EngineOptions,
  type EvidenceRows,
  type InferenceEngine,
  startEngine,
} from '@vitrine/recommender'
import type { Artifacts } from './store.ts'

/** Where an engine's file is, and how it runs. URLs may be relative to the page. */
export interface EngineAddress extends Pick<EngineOptions, 'runtimeUrl' | 'devices'> {
  url: string
}

/** The files of engines as a page gives them; an address alone stands for the file. */
export type EngineAddresses = Partial<Record<EngineName, string | EngineAddress>>

/** What is asked of {@link startPageEngine}. */
export interface EngineRequest {
  manifest: Manifest
  artifacts: Artifacts
  evidence: Pick<EvidenceRows, 'encoder' | 'embeddings'>
  addresses: EngineAddresses
  /** Address of the page. */
  base: string | undefined
  /** Told why the engine, or a device of it, does not serve: now, or later, when it failed. */
  onFailure: (what: string, reason: unknown) => void
  signal: AbortSignal
}

/** Starts the engine that the manifest names; undefined where it does not start. Never rejects. */
export function startPageEngine(
  { manifest, artifacts, evidence, addresses, base, onFailure, signal }: EngineRequest,
  importFile: <T>(url: string) => Promise<T>,
): Promise<InferenceEngine | undefined> {
  const name = manifest.engine
  const address = name && addresses[name]
  const load = async (given: string | EngineAddress): Promise<InferenceEngine> => {
    const { url, runtimeUrl, ...how } = typeof given === 'string' ? { url: given } : given
    const file = await importFile<EngineModule>(new URL(url, base).href)
    return file.createEngine(artifacts, {
      ...how,
      ...(runtimeUrl !== undefined && { runtimeUrl: new URL(runtimeUrl, base).href }),
      items: manifest.items,
      dimension: manifest.dimension,
      onFallback: (device, reason) => onFailure(`${name} on ${device}`, reason),
      signal,
    })
  }
  return startEngine(manifest, artifacts, evidence, {
    loadEngine: address === undefined ? undefined : () => load(address),
    onEngineFailure: (reason) => onFailure(String(name), reason),
  })
}
