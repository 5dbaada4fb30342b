/**
 * What the endpoint answers to a device, as far as the SDK asks: events, erasures, one model. The same as the real one
 * by the suite of `@vitrine/trials/endpoint`, which the real one passes, too; tests add what goes wrong.
 */
import { type BehaviorEvent, isVitrineError, parseEraseRequest, parseEventBatch } from '@vitrine/contracts'
import type { BuiltRevision } from './revision.ts'

/** A request, its body inflated. */
export interface Asked {
  method: string
  path: string
  headers: Headers
  body: Uint8Array<ArrayBuffer>
}

const ARTIFACTS = '/v1/artifacts/'
const DELTAS = '/v1/deltas/'

/** Its data outlive a restart: what it acknowledged is stored. */
export class EndpointAnswers {
  /** Keyed `device/epoch/seq`. */
  readonly events: Map<string, BehaviorEvent> = new Map()
  /** Devices, in the order of their erasure. */
  readonly erased: string[] = []
  /** Of the model `tiny`: revisions whose artifacts are there, and the one that is served. */
  readonly revisions: BuiltRevision[] = []
  active: BuiltRevision | undefined
  /** Gzipped deltas by `<hash of the old artifact>/<hash of the new one>`. */
  readonly deltas: Map<string, Uint8Array<ArrayBuffer>> = new Map()

  answer({ method, path, headers, body }: Asked): Response {
    const route = `${method} ${path}`
    try {
      if (route === 'POST /v1/events') return this.#store(JSON.parse(new TextDecoder().decode(body)))
      if (route === 'POST /v1/erase') return this.#erase(JSON.parse(new TextDecoder().decode(body)))
    } catch (error) {
      return refuse(400, isVitrineError(error) ? error.code : 'INVALID_REQUEST')
    }
    if (route === 'GET /v1/models/tiny/manifest' && this.active) {
      const etag = `"${this.active.manifest.revision}"`
      if (headers.get('if-none-match') === etag) return new Response(null, { status: 304 })
      return Response.json(this.active.manifest, { headers: { etag } })
    }
    if (path.startsWith(ARTIFACTS)) {
      const hash = path.slice(ARTIFACTS.length)
      const known = this.active ? [this.active, ...this.revisions] : this.revisions
      const blob = known.map(({ blobs }) => blobs.get(hash)).find(Boolean)
      return blob ? partOf(blob, headers.get('range')) : refuse(404, 'ARTIFACT_NOT_FOUND')
    }
    const delta = path.startsWith(DELTAS) && this.deltas.get(path.slice(DELTAS.length))
    return delta ? new Response(delta) : refuse(404, 'NOT_FOUND')
  }

  #store(json: unknown): Response {
    const { device, epoch, firstSeq, events } = parseEventBatch(json)
    if (this.erased.includes(device)) return refuse(410, 'DEVICE_ERASED')
    for (const event of events) {
      const key = `${device}/${epoch}/${event.seq}`
      if (!this.events.has(key)) this.events.set(key, event)
    }
    return Response.json({
      ackedThrough: firstSeq + events.length - 1,
      models: this.active ? { tiny: this.active.manifest.revision } : {},
      serverTime: 0,
    })
  }

  #erase(json: unknown): Response {
    const { device } = parseEraseRequest(json)
    const own = [...this.events.keys()].filter((key) => key.startsWith(`${device}/`))
    for (const key of own) this.events.delete(key)
    this.erased.push(device)
    return Response.json({ erased: own.length })
  }
}

/** A refusal as the endpoint words it. */
export function refuse(status: number, code: string, headers: HeadersInit = {}): Response {
  return Response.json({ error: { code, message: 'of a test' } }, { status, headers })
}

/** The body, inflated. */
export async function inflate(body: ArrayBuffer, headers: Headers): Promise<Uint8Array<ArrayBuffer>> {
  if (headers.get('content-encoding') !== 'gzip') return new Uint8Array(body)
  const inflated = new Blob([body]).stream().pipeThrough(new DecompressionStream('gzip'))
  return new Uint8Array(await new Response(inflated).arrayBuffer())
}

/** Answers with the part that `range` (`bytes=N-`) asks for. */
function partOf(blob: Uint8Array<ArrayBuffer>, range: string | null): Response {
  if (!range) return new Response(blob)
  const first = Number(/^bytes=(\d+)-$/u.exec(range)![1])
  if (first >= blob.length) return refuse(416, 'INVALID_REQUEST')
  const headers = { 'content-range': `bytes ${first}-${blob.length - 1}/${blob.length}` }
  return new Response(blob.slice(first), { status: 206, headers })
}
