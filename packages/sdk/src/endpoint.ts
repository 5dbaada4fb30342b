/** Requests to the shop's endpoint: key, deadline, refusals as coded errors, and what it says on trying again. */
import { type ErrorCode, VitrineError, parseErrorBody } from '@vitrine/contracts'
import type { Platform } from './platform.ts'

/** Longest wait for an answer's head. */
const ANSWER_TIMEOUT_MS = 30_000
/** A longer Retry-After is taken for a mistake. */
export const RETRY_AFTER_CAP_MS: number = 60 * 60_000

/** One request; its body is the caller's to read. */
export interface EndpointRequest extends RequestInit {
  /** Leaves the key out: a request with no header of its own needs no CORS preflight, one round trip less. */
  isPublic?: boolean
  /** In whose name it is made: signed where the endpoint asks devices to prove who they are. */
  device?: string
}

/** The endpoint as log and models see it. */
export interface Endpoint {
  readonly url: string
  /**
   * Sends one request and resolves with whatever is answered, refusals too.
   *
   * @throws `VitrineError('NETWORK_FAILED')` when no answer arrived; the signal's reason when aborted.
   */
  request(path: string, init?: EndpointRequest): Promise<Response>
}

/** Returns the endpoint at `url`, asked with the publishable `key`. */
export function createEndpoint(
  { url, key }: { url: string; key: string },
  { fetch, setTimer }: Pick<Platform, 'fetch' | 'setTimer'>,
): Endpoint {
  return {
    url,
    async request(path, { isPublic = false, device: _, ...init } = {}) {
      const controller = new AbortController()
      const cancel = setTimer(
        () => controller.abort(new DOMException('no answer in time', 'TimeoutError')),
        ANSWER_TIMEOUT_MS,
      )
      const onAbort = (): void => controller.abort(init.signal?.reason)
      if (init.signal?.aborted) onAbort()
      init.signal?.addEventListener('abort', onAbort)
      try {
        const headers = new Headers(init.headers)
        if (!isPublic && !headers.has('authorization')) headers.set('authorization', `Bearer ${key}`)
        return await fetch(url + path, { ...init, headers, credentials: 'omit', signal: controller.signal })
      } catch (cause) {
        init.signal?.throwIfAborted()
        throw new VitrineError(
          'NETWORK_FAILED',
          `${init.method ?? 'GET'} ${path} got no answer from ${url}; check the connection, the endpoint's list of allowed origins, and the page's connect-src policy`,
          { cause },
        )
      } finally {
        cancel()
        init.signal?.removeEventListener('abort', onAbort) // Whoever reads the body watches the signal himself.
      }
    },
  }
}

/** A refusal in words; more is no refusal of ours. */
const REFUSAL_BYTES = 4096
/** Longest that its body is waited for. */
const REFUSAL_TIMEOUT_MS = 5000

/** Returns an answer's JSON. @throws `VitrineError(code)` when it is none, or breaks off. */
export async function readJson(response: Response, code: ErrorCode): Promise<unknown> {
  try {
    return await response.json()
  } catch (cause) {
    throw new VitrineError(
      code,
      'the endpoint answered with something that is not JSON; check the endpoint option',
      { cause },
    )
  }
}

/** Describes a refusal. Reads the body. */
export async function refusal(response: Response, code: ErrorCode, what: string): Promise<VitrineError> {
  let said = ''
  try {
    const { error } = parseErrorBody(JSON.parse(await beginningOf(response)))
    said = ` (${error.code}: ${error.message.slice(0, 300)})`
  } catch {
    // No coded body, a proxy's page for instance: the status alone has to do.
  }
  return new VitrineError(code, `${what}: the endpoint answered ${response.status}${said}`)
}

/** Returns the first bytes of a body as text: a refusal without an end must not be read to its end. */
async function beginningOf({ body }: Response): Promise<string> {
  if (!body) return ''
  const reader = body.getReader()
  const end = (): void => {
    reader.cancel().catch(() => {
      // It broke off: nothing to cancel.
    })
  }
  AbortSignal.timeout(REFUSAL_TIMEOUT_MS).addEventListener('abort', end)
  const decoder = new TextDecoder()
  let text = ''
  while (text.length < REFUSAL_BYTES) {
    const { value, done } = await reader.read()
    if (done) break
    text += decoder.decode(value, { stream: true })
  }
  end()
  return text
}

/** True for answers after which the same request may succeed later. */
export function isTemporary(status: number): boolean {
  return status === 429 || status >= 500
}

/** Returns how long the endpoint asks to wait, in ms; 0 when it does not say. https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
export function retryAfterMs(headers: Headers, now: number): number {
  const value = headers.get('retry-after')
  if (!value) return 0
  const ms = /^\d+$/u.test(value) ? Number(value) * 1000 : Date.parse(value) - now
  return ms > 0 ? Math.min(ms, RETRY_AFTER_CAP_MS) : 0
}
