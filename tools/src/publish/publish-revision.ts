/** Publishes a revision: artifacts first, then the manifest that makes devices take them. */
import type { Revision } from '../train/index.ts'
import type { Call } from './endpoint.ts'
import { verifyArtifacts } from './verify.ts'

/** What was sent. */
export interface PublishReport {
  model: string
  revision: string
  /** The endpoint's active revision afterwards. */
  active: string
  uploaded: { role: string; bytes: number }[]
  /** Artifacts that the endpoint had already. */
  skipped: { role: string; bytes: number }[]
}

/**
 * Publishes. Nothing is uploaded unless every hash is right; publishing again is harmless.
 *
 * @throws what `verifyArtifacts` and `call` throw.
 */
export async function publishRevision(
  revision: Revision,
  { call, onProgress }: { call: Call; onProgress?: (step: { role: string; share: number }) => void },
): Promise<PublishReport> {
  verifyArtifacts(revision)
  const { manifest, artifacts } = revision
  const total = manifest.artifacts.reduce((sum, { bytes }) => sum + bytes, 0)
  const uploaded: PublishReport['uploaded'] = []
  const skipped: PublishReport['skipped'] = []
  let done = 0
  for (const { role, sha256, bytes } of manifest.artifacts) {
    onProgress?.({ role, share: done / total })
    const path = `/v1/artifacts/${sha256}`
    const { status } = await call('HEAD', path, { accept: [404] })
    if (status === 404) {
      const body = artifacts.get(role)
      await call('PUT', path, body ? { body } : {})
      uploaded.push({ role, bytes })
    } else skipped.push({ role, bytes })
    done += bytes
  }
  onProgress?.({ role: 'manifest', share: 1 })
  const path = `/v1/models/${encodeURIComponent(manifest.id)}/manifest`
  const answer = await call('PUT', path, { body: JSON.stringify(manifest) })
  const { active } = (await answer.json()) as { active: string }
  return { model: manifest.id, revision: manifest.revision, active, uploaded, skipped }
}
