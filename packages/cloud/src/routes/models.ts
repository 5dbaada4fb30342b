/** `GET|PUT /v1/models/:id/manifest` and `POST /v1/models/:id/rollback`: which revision a shop's devices run. */
import { Hono } from 'hono'
import { type Manifest, VitrineError, parseManifest, parseRollbackRequest } from '@vitrine/contracts'
import type { ArtifactStore } from '../artifacts/store.ts'
import { authenticate } from '../auth/authenticate.ts'
import { keyedCors } from '../auth/cors.ts'
import type { HandlerEnv, Parts } from '../context.ts'
import { matchesEtag } from '../negotiation.ts'
import { sha256Hex } from '../sha256.ts'

/** The routes of models. */
export function modelRoutes({ store, artifacts, metrics, clock, readJson }: Parts): Hono<HandlerEnv> {
  const routes = new Hono<HandlerEnv>()
  routes.use('/*', keyedCors(store))

  routes.get('/:id/manifest', authenticate(store, 'publishable', 'secret'), async (c) => {
    const id = c.req.param('id')
    const active = await store.activeRevision(c.var.key.tenant, id)
    if (!active) throw modelNotFound()
    const headers = { ETag: `"${active.etag}"`, 'Cache-Control': 'no-cache' }
    if (matchesEtag(c.req.header('if-none-match'), headers.ETag)) return c.body(null, 304, headers)
    return c.body(active.manifest, 200, { ...headers, 'Content-Type': 'application/json' })
  })

  routes.put('/:id/manifest', authenticate(store, 'secret'), async (c) => {
    const { json, wireBytes } = await readJson(c.req.raw)
    const manifest = parseManifest(json)
    const id = c.req.param('id')
    if (manifest.id !== id) {
      throw new VitrineError('INVALID_MANIFEST', `the manifest is of ${manifest.id}, the address says ${id}`)
    }
    await requireArtifacts(manifest, artifacts)
    const text = JSON.stringify(manifest)
    const revision = { model: id, revision: manifest.revision, manifest: text, etag: await sha256Hex(text) }
    const { created, active } = await store.publishRevision(c.var.key.tenant, revision, clock())
    metrics.receivedBytes.inc({ route: '/v1/models/:id/manifest' }, wireBytes)
    return c.json({ model: id, revision: manifest.revision, active }, created ? 201 : 200)
  })

  routes.post('/:id/rollback', authenticate(store, 'secret'), async (c) => {
    const { json } = await readJson(c.req.raw)
    const { revision } = parseRollbackRequest(json)
    const model = c.req.param('id')
    const { active, previous } = await store.rollBack(c.var.key.tenant, model, { revision, at: clock() })
    return c.json({ model, active, previous })
  })

  return routes
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
