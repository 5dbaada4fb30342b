/** `GET|PUT /v1/models/:id/manifest`: the revision that a device shall run. */
import { Hono } from 'hono'
import { type Manifest, VitrineError, parseManifest } from '@vitrine/contracts'
import type { ArtifactStore } from '../artifacts/store.ts'
import { admitDevice, authenticate, keyInAddress } from '../auth/authenticate.ts'
import { keyedCors } from '../auth/cors.ts'
import type { HandlerEnv, Parts } from '../context.ts'
import { matchesEtag } from '../negotiation.ts'
import { activeOf } from '../rollout/change.ts'
import { revisionFor } from '../rollout/cohort.ts'
import { sha256Hex } from '../sha256.ts'

/** How long a manifest that was asked for ahead may wait for the worker, in seconds. */
const AHEAD_S = 10

/** The routes of models. */
export function modelRoutes(parts: Parts): Hono<HandlerEnv> {
  const { store, artifacts, metrics, clock, readJson } = parts
  const routes = new Hono<HandlerEnv>()
  routes.use('/*', keyedCors(store))

  routes.get(
    '/:id/manifest',
    authenticate(parts, { kinds: ['publishable', 'secret'], withoutToken: true }),
    async (c) => {
      const model = c.req.param('id')
      const { tenant } = c.var.key
      const device = parseDevice(c.req.query('device'))
      if (device !== undefined) admitDevice(c, device, parts)
      const rollout = await store.findRollout(tenant, model)
      if (!rollout) throw modelNotFound()
      const name = await revisionFor(rollout, device)
      const served = await store.findRevision(tenant, model, name)
      if (!served) throw modelNotFound()
      const headers = {
        ETag: `"${served.etag}"`,
        // A page asks ahead of its worker, which then finds the answer in the browser's cache.
        'Cache-Control': keyInAddress(c) === undefined ? 'no-cache' : `private, max-age=${AHEAD_S}`,
      }
      if (matchesEtag(c.req.header('if-none-match'), headers.ETag)) return c.body(null, 304, headers)
      // Where devices have to prove who they are, only those that did count: see the route of tokens.
      if (device !== undefined && (!c.var.key.needsToken || c.get('device') === device)) {
        await store.recordOffer(tenant, { model, revision: name, device, at: clock() })
      }
      return c.body(served.manifest, 200, { ...headers, 'Content-Type': 'application/json' })
    },
  )

  routes.put('/:id/manifest', authenticate(parts, { kinds: ['secret'] }), async (c) => {
    const { json, wireBytes } = await readJson(c.req.raw)
    const manifest = parseManifest(json)
    const share = parseShare(c.req.query('share'))
    const id = c.req.param('id')
    if (manifest.id !== id) {
      throw new VitrineError('INVALID_MANIFEST', `the manifest is of ${manifest.id}, the address says ${id}`)
    }
    await requireArtifacts(manifest, artifacts)
    const text = JSON.stringify(manifest)
    const revision = { model: id, revision: manifest.revision, manifest: text, etag: await sha256Hex(text) }
    const { created, rollout } = await store.publishRevision(c.var.key.tenant, revision, clock(), { share })
    metrics.receivedBytes.inc({ route: '/v1/models/:id/manifest' }, wireBytes)
    return c.json({ ...rollout, revision: manifest.revision, active: activeOf(rollout) }, created ? 201 : 200)
  })

  return routes
}

/** @throws `VitrineError('INVALID_REQUEST')` when it is there and is no device's id. */
function parseDevice(text: string | undefined): string | undefined {
  if (text === undefined || /^[0-9a-f]{32}$/u.test(text)) return text
  throw new VitrineError('INVALID_REQUEST', 'device is not 32 hexadecimal digits')
}

/** @throws `VitrineError('INVALID_REQUEST')` when it is there and is no share. */
function parseShare(text: string | undefined): number {
  const share = text === undefined ? 1 : Number(text || Number.NaN)
  if (share >= 0 && share <= 1) return share
  throw new VitrineError('INVALID_REQUEST', 'share is not a number from 0 to 1')
}

/** A revision goes public only with all its parts, each of the promised size. */
async function requireArtifacts(manifest: Manifest, artifacts: ArtifactStore): Promise<void> {
  const found = await Promise.all(manifest.artifacts.map(({ sha256 }) => artifacts.find(sha256)))
  const wrong = manifest.artifacts.flatMap(({ role, sha256, bytes }, index) => {
    const actual = found[index]?.bytes
    if (actual === bytes) return []
    return [`${role} (${sha256}): ${actual === undefined ? 'missing' : `${actual} bytes, not ${bytes}`}`]
  })
  if (wrong.length === 0) return
  throw new VitrineError(
    'CONFLICT',
    `the manifest names artifacts that are not here: ${wrong.join('; ')}; upload them first`,
  )
}

function modelNotFound(): VitrineError {
  return new VitrineError(
    'MODEL_NOT_FOUND',
    'no revision of this model is published for this key; publish one',
  )
}
