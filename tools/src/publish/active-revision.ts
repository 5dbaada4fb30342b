/** The revision that devices follow at present, as the endpoint serves it. */
import { type ArtifactRole, type Manifest, parseManifest } from '@vitrine/contracts'
import type { Revision } from '../train/index.ts'
import type { Call } from './endpoint.ts'
import { verifyArtifacts } from './verify.ts'

/** Returns the active manifest of a model; undefined before the first publication. */
export async function fetchActiveManifest(call: Call, id: string): Promise<Manifest | undefined> {
  const answer = await call('GET', `/v1/models/${encodeURIComponent(id)}/manifest`, { accept: [404] })
  return answer.status === 404 ? undefined : parseManifest(await answer.json())
}

/**
 * Returns the artifacts of `manifest` that have other bytes in `next`, and the catalogue, by which rows are followed.
 *
 * @throws `VitrineError('ARTIFACT_CORRUPT')` when the endpoint serves other bytes than the manifest names.
 */
export async function fetchChanged(call: Call, manifest: Manifest, next: Manifest): Promise<Revision> {
  const kept = new Set(next.artifacts.map(({ sha256 }) => sha256))
  const needed = manifest.artifacts.filter(({ role, sha256 }) => role === 'catalogue' || !kept.has(sha256))
  const artifacts = new Map<ArtifactRole, Uint8Array>()
  for (const { role, sha256 } of needed) {
    const answer = await call('GET', `/v1/artifacts/${sha256}`)
    artifacts.set(role, new Uint8Array(await answer.arrayBuffer()))
  }
  const revision = { manifest: { ...manifest, artifacts: needed }, artifacts }
  verifyArtifacts(revision)
  return revision
}
