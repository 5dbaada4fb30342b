/** Publishes a revision: artifacts and deltas first, then the manifest that makes devices take them. */
import { type Manifest, VitrineError } from '@vitrine/contracts'
import type { Revision } from '../train/index.ts'
import { fetchActiveManifest, fetchChanged } from './active-revision.ts'
import { type EncodedDelta, encodeDeltas } from './delta/encode.ts'
import type { Call } from './endpoint.ts'
import { verifyArtifacts } from './verify.ts'

/** What was sent. */
export interface PublishReport {
  model: string
  revision: string
  /** The endpoint's active revision afterwards. */
  active: string
  /** The key that signed; missing for an unsigned revision. */
  signedBy?: string
  uploaded: { role: string; bytes: number }[]
  /** Artifacts that the endpoint had already. */
  skipped: { role: string; bytes: number }[]
  /** What devices load instead of a whole artifact: of the revision `from`, in bytes as sent. */
  deltas: { role: string; from: string; bytes: number; wholeBytes: number }[]
}

/** How to publish. */
export interface PublishOptions {
  call: Call
  onProgress?: (step: { role: string; share: number }) => void
  /** Returns the manifest signed; `active` is the one that devices follow at present. */
  sign?: (trained: Manifest, active: Manifest | undefined) => Manifest
  /** Share of the devices that get it, 0 to 1; the others stay on the active one. All where missing. */
  share?: number | undefined
  /** Revisions that devices may still have, beside the active one: they get deltas, too. */
  bases?: readonly Revision[]
}

/**
 * Publishes. Nothing is uploaded unless every hash is right; publishing again is harmless.
 *
 * @throws what `verifyArtifacts` and `call` throw; `VitrineError('CONFLICT')` when another manifest was published
 * under the revision's name.
 */
export async function publishRevision(
  revision: Revision,
  { call, onProgress, sign, share = 1, bases = [] }: PublishOptions,
): Promise<PublishReport> {
  verifyArtifacts(revision)
  for (const base of bases) verifyArtifacts(base)
  const { id, artifacts: listed } = revision.manifest
  const active = await fetchActiveManifest(call, id)
  const manifest = sign?.(revision.manifest, active) ?? revision.manifest
  const total = listed.reduce((sum, { bytes }) => sum + bytes, 0)
  const uploaded: PublishReport['uploaded'] = []
  const skipped: PublishReport['skipped'] = []
  let done = 0
  for (const { role, sha256, bytes } of listed) {
    onProgress?.({ role, share: done / total })
    const path = `/v1/artifacts/${sha256}`
    const { status } = await call('HEAD', path, { accept: [404] })
    if (status === 404) {
      const body = revision.artifacts.get(role)
      await call('PUT', path, body ? { body } : {})
      uploaded.push({ role, bytes })
    } else skipped.push({ role, bytes })
    done += bytes
  }
  onProgress?.({ role: 'deltas', share: 1 })
  const known =
    active && active.revision !== manifest.revision ? [await fetchChanged(call, active, manifest)] : []
  const deltas = await uploadDeltas([...known, ...bases], revision, call)
  onProgress?.({ role: 'manifest', share: 1 })
  const afterwards = await putManifest(manifest, share, call)
  const signedBy = manifest.signatures?.[0]?.key
  return {
    model: id,
    revision: manifest.revision,
    active: afterwards,
    ...(signedBy !== undefined && { signedBy }),
    uploaded,
    skipped,
    deltas,
  }
}

async function uploadDeltas(
  bases: readonly Revision[],
  revision: Revision,
  call: Call,
): Promise<PublishReport['deltas']> {
  const deltas = new Map<string, EncodedDelta & { base: string }>()
  for (const base of bases) {
    for (const delta of encodeDeltas(base, revision)) {
      deltas.set(`${delta.from}/${delta.to}`, { ...delta, base: base.manifest.revision })
    }
  }
  const report: PublishReport['deltas'] = []
  for (const [path, { role, base, delta, wholeBytes }] of deltas) {
    const { status } = await call('PUT', `/v1/deltas/${path}`, { body: delta, accept: [404] })
    // An endpoint that keeps no deltas serves whole artifacts.
    if (status !== 404) report.push({ role, from: base, bytes: delta.length, wholeBytes })
  }
  return report
}

/** Returns the active revision afterwards. */
async function putManifest(manifest: Manifest, share: number, call: Call): Promise<string> {
  const path = `/v1/models/${encodeURIComponent(manifest.id)}/manifest?share=${share}`
  try {
    const answer = await call('PUT', path, { body: JSON.stringify(manifest) })
    return ((await answer.json()) as { active: string }).active
  } catch (error) {
    if (!(error instanceof VitrineError) || error.code !== 'CONFLICT' || !manifest.signatures) throw error
    throw new VitrineError(
      'CONFLICT',
      `${error.message} If this revision was published before: \`vitrine rollback --to ${manifest.revision}\` makes it active again, --renew publishes it anew under another name.`,
      { cause: error },
    )
  }
}
