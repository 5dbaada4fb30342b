/** A model update, step by step: check, trust, download what is missing, verify, stage, load, self-test, activate. */
import type { ErrorCode, Manifest } from '@vitrine/contracts'
import { isCoded } from '../coded.ts'
import type { Endpoint } from '../endpoint.ts'
import type { Platform } from '../platform.ts'
import { VERSION } from '../version.ts'
import { assertAcceptable, fetchManifest } from './manifest.ts'
import { bringStarter } from './start.ts'
import { reportRejection } from './report.ts'
import type { NewerRevision, UpdateRequest } from './request.ts'
import { downloadRevision } from './revision.ts'
import type { FindSigner } from './signature.ts'
import type { Artifacts } from './store.ts'
import { type Trust, assertTrusted, followKeySets, raiseFloor, recall } from './trust.ts'

export type { LoadModel, NewerRevision, UpdateRequest } from './request.ts'

/** What {@link updateModel} works with. */
export interface UpdateSurroundings {
  endpoint: Endpoint
  platform: Platform
  findSigner: FindSigner
}

/**
 * Brings the newest revision into the store and loads it; undefined when it is the one in use, or one that this
 * device rejected before.
 *
 * @throws `VitrineError` `NETWORK_FAILED`, `MODEL_NOT_FOUND`, `ENDPOINT_REFUSED`, `INVALID_MANIFEST`,
 * `SIGNATURE_INVALID`, `REVISION_TOO_OLD`, `REVISION_TOO_NEW`, `REVISION_EXPIRED`, `ARTIFACT_NOT_FOUND`,
 * `ARTIFACT_CORRUPT`, `MODEL_UNSUPPORTED`, `SELF_TEST_FAILED`; the active revision stays.
 */
export async function updateModel<M extends { dispose(): void }>(
  request: UpdateRequest<M>,
  surroundings: UpdateSurroundings,
): Promise<NewerRevision<M> | undefined> {
  const { id, store, inUse, etag, device, isAsked, signal, onFound } = request
  const { endpoint, platform } = surroundings
  const served = await fetchManifest(id, { endpoint, platform, etag, device, signal })
  await report(request, endpoint) // What an earlier page could not tell.
  if (!served || served.manifest.revision === inUse) return undefined
  const { manifest } = served
  onFound(manifest)
  const { active, rejected } = await store.state()
  const admitted = await admit(manifest, request, surroundings)
  assertAcceptable(manifest, id, platform.now())
  if (!isAsked && rejected?.revision === manifest.revision && rejected.by === VERSION) return undefined

  // First: on a slow line everything else would take its time.
  const { arriving, handedOver } = bringStarter(manifest, request, surroundings)
  await arriving
  const artifacts = await downloadRevision(manifest, {
    ...request,
    base: active?.manifest,
    endpoint,
    platform,
  })
  const model = await prepare(manifest, artifacts, request, surroundings)
  await handedOver // Or the starter would take the place of the model.
  try {
    signal.throwIfAborted()
    await store.activate({ manifest, artifacts }, { etag: served.etag, ...admitted })
  } catch (error) {
    model.dispose()
    throw error
  }
  return { manifest, model }
}

/** Returns who signed the manifest and what is believed once it is in use; nothing where the page pins no keys. */
async function admit(
  manifest: Manifest,
  { store, pins }: Pick<UpdateRequest<unknown>, 'store' | 'pins'>,
  { platform, findSigner }: UpdateSurroundings,
): Promise<{ signer?: string; trust?: Trust }> {
  if (pins.trustedKeys.length === 0) return {}
  const { trust: stored } = await store.state()
  const known = recall(stored, pins)
  const trust = await followKeySets(known, manifest.keySets ?? [], findSigner)
  // At once: a key that was taken back must not come back with an older manifest.
  if (trust !== known) await store.remember({ trust })
  const signer = await assertTrusted(manifest, trust, { pins, now: platform.now(), findSigner })
  return { signer, trust: raiseFloor(trust, manifest, signer) }
}

/** Verified artifacts that fail so will fail again. */
const FINAL: ReadonlySet<ErrorCode> = new Set(['ARTIFACT_CORRUPT', 'MODEL_UNSUPPORTED', 'SELF_TEST_FAILED'])

/** Loads and tests the model. One that fails for what it is, is remembered: tried again it would fail again. */
async function prepare<M extends { dispose(): void }>(
  manifest: Manifest,
  artifacts: Artifacts,
  request: UpdateRequest<M>,
  { endpoint, platform }: UpdateSurroundings,
): Promise<M> {
  const { store, load, selfTest, signal } = request
  let model: M | undefined
  try {
    model = await load(manifest, artifacts, { signal })
    await selfTest(model)
    return model
  } catch (error) {
    model?.dispose()
    if (!signal.aborted && isCoded(error) && FINAL.has(error.code)) {
      const { code, message } = error
      const { revision } = manifest
      await store.remember({ rejected: { revision, code, message, at: platform.now(), by: VERSION } })
      await report(request, endpoint)
    }
    throw error
  }
}

/** A report that does not arrive must not keep the device from a newer revision. */
async function report<M>(request: UpdateRequest<M>, endpoint: Endpoint): Promise<void> {
  try {
    await reportRejection({ ...request, endpoint })
  } catch (error) {
    request.onError(error)
  }
}
