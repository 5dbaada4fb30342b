/** An endpoint inside the page: what `fetch` is to the code under test. It keeps every request it saw. */
import { EndpointAnswers, inflate } from './answers.ts'
import type { BuiltRevision } from './revision.ts'

/** A request as the endpoint saw it. */
export interface SeenRequest {
  method: string
  path: string
  search: string
  authorization: string | null
  range: string | null
  headers: Headers
  body: Uint8Array<ArrayBuffer>
}

/** Answers in place of the endpoint, or returns undefined to let it answer. */
export type Fault = (request: SeenRequest) => Response | Promise<Response> | undefined

/** An endpoint that serves one model and stores events by `(device, epoch, seq)`. */
export class PageEndpoint {
  readonly url = 'https://edge.shop.example'
  readonly requests: SeenRequest[] = []
  readonly #answers = new EndpointAnswers()
  readonly events: EndpointAnswers['events'] = this.#answers.events
  readonly erased: EndpointAnswers['erased'] = this.#answers.erased
  readonly deltas: EndpointAnswers['deltas'] = this.#answers.deltas
  fault: Fault = () => undefined

  get revision(): BuiltRevision | undefined {
    return this.#answers.active
  }

  set revision(revision: BuiltRevision | undefined) {
    this.#answers.active = revision
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    const { method, headers } = request
    const seen: SeenRequest = {
      method,
      path: new URL(request.url).pathname,
      search: new URL(request.url).search,
      authorization: headers.get('authorization'),
      range: headers.get('range'),
      headers,
      body: await inflate(await request.arrayBuffer(), headers),
    }
    this.requests.push(seen)
    init?.signal?.throwIfAborted()
    const answer = await (this.fault(seen) ?? this.answer(seen))
    init?.signal?.throwIfAborted()
    return answer
  }

  /** Requests so far to paths that start with `path`. */
  count(path: string): number {
    return this.requests.filter((request) => request.path.startsWith(path)).length
  }

  /** What the endpoint answers without a fault. */
  answer(seen: SeenRequest): Response {
    return this.#answers.answer(seen)
  }
}
