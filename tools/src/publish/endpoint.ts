/** Calls an endpoint with a secret key: refusals become coded errors, passing troubles are retried. */
import { type ErrorCode, ERROR_CODES, VitrineError, parseErrorBody } from '@vitrine/contracts'

/** Where to call, and how. */
export interface EndpointOptions {
  /** E.g. `https://edge.shop.example`. */
  endpoint: string
  /** A secret key, `sk_live_…`. */
  key: string
  fetch?: typeof fetch
  signal?: AbortSignal
  /** Waits, in milliseconds. */
  sleep?: (ms: number, signal?: AbortSignal) => Promise<void>
  random?: () => number
}

/** Calls a path of the endpoint; answers that are no success and not in `accept` throw. */
export type Call = (
  method: 'GET' | 'HEAD' | 'PUT' | 'POST',
  path: string,
  request?: { body?: Uint8Array | string; accept?: readonly number[] },
) => Promise<Response>

/** Statuses of an endpoint that did nothing and says come back. */
const REFUSED_FOR_NOW: ReadonlySet<number> = new Set([429, 503])
/** Statuses that leave open whether it was done. */
const OPEN: ReadonlySet<number> = new Set([502, 504])
const ATTEMPTS = 6
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 30_000

/**
 * Returns a function that calls the endpoint. 429 and 503 are tried up to six times, with full jitter or after
 * what `Retry-After` says. So are 502, 504 and a broken connection, except for POST: a rollback that was done
 * although its answer got lost must not be done twice.
 *
 * @throws `VitrineError('INVALID_OPTIONS')` where the endpoint is no http(s) URL or the key not secret.
 * The returned function throws `NETWORK_FAILED` when the endpoint cannot be reached, and refusals with the
 * endpoint's own code, or `ENDPOINT_REFUSED` where it gave none.
 */
export function endpointCaller({
  endpoint,
  key,
  fetch: request = fetch,
  signal,
  sleep = wait,
  random = Math.random,
}: EndpointOptions): Call {
  const base = parseEndpoint(endpoint)
  if (!key.startsWith('sk_')) {
    throw new VitrineError(
      'INVALID_OPTIONS',
      'Publishing needs a secret key (sk_live_…): create one by `vitrine keys create --kind secret`.',
    )
  }
  async function send(
    method: string,
    path: string,
    body?: Uint8Array | string,
  ): Promise<Response | VitrineError> {
    const headers: Record<string, string> = { authorization: `Bearer ${key}` }
    if (typeof body === 'string') headers['content-type'] = 'application/json'
    try {
      return await request(`${base}${path}`, {
        method,
        headers,
        // A redirect would carry the key to another place.
        redirect: 'error',
        ...(body !== undefined && { body: body as BodyInit }),
        ...(signal && { signal }),
      })
    } catch (cause) {
      signal?.throwIfAborted()
      return new VitrineError(
        'NETWORK_FAILED',
        `${base} cannot be reached (${reasonOf(cause)}): check --endpoint and that it is running.`,
        { cause },
      )
    }
  }

  return async (method, path, { body, accept = [] } = {}) => {
    for (let attempt = 1; ; attempt++) {
      signal?.throwIfAborted()
      const isLast = attempt === ATTEMPTS
      const answer = await send(method, path, body)
      let pause = backoff(attempt, random)
      if (answer instanceof VitrineError) {
        if (isLast || method === 'POST') throw answer
      } else {
        if (answer.ok || accept.includes(answer.status)) return answer
        const mayPass = REFUSED_FOR_NOW.has(answer.status) || (OPEN.has(answer.status) && method !== 'POST')
        if (isLast || !mayPass) throw await refusalOf(answer, method, path)
        await answer.body?.cancel()
        pause = retryAfter(answer) ?? pause
      }
      await sleep(pause, signal)
    }
  }
}

function parseEndpoint(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new VitrineError(
      'INVALID_OPTIONS',
      `"${endpoint}" is no http or https URL: give --endpoint in full.`,
    )
  }
  return (url.origin + url.pathname).replace(/\/+$/u, '')
}

async function refusalOf(answer: Response, method: string, path: string): Promise<VitrineError> {
  const text = await answer.text()
  try {
    const { error } = parseErrorBody(JSON.parse(text))
    const code = ERROR_CODES.find((known) => known === error.code) ?? ('ENDPOINT_REFUSED' satisfies ErrorCode)
    return new VitrineError(code, `The endpoint refused ${method} ${path}: ${error.message}.`)
  } catch (cause) {
    return new VitrineError(
      'ENDPOINT_REFUSED',
      `${method} ${path} was answered with ${answer.status} ${answer.statusText}: check that --endpoint is a Vitrine endpoint.`,
      { cause },
    )
  }
}

/** Node's fetch says only "fetch failed"; the cause says why. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  return cause instanceof Error
    ? cause.message || String((cause as NodeJS.ErrnoException).code)
    : String(cause)
}

/** Full jitter: anything up to a limit that doubles. */
function backoff(attempt: number, random: () => number): number {
  return random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1))
}

/** `Retry-After` in milliseconds, as seconds or as a date, at most {@link LONGEST_WAIT_MS}. */
function retryAfter(answer: Response): number | undefined {
  const text = answer.headers.get('retry-after')
  if (text === null) return undefined
  const ms = /^\d+$/u.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now()
  return Number.isFinite(ms) ? Math.min(LONGEST_WAIT_MS, Math.max(0, ms)) : undefined
}

async function wait(ms: number, signal?: AbortSignal): Promise<void> {
  const { setTimeout: sleep } = await import('node:timers/promises')
  await sleep(ms, undefined, signal ? { signal } : {})
}
