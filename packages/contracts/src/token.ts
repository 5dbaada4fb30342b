/** How a device asks for a token: with its publishable key, and a proof of possession in the `DPoP` header. */
import * as v from './schema.ts'
import { whole } from './numbers.ts'
import { parseWith } from './parse.ts'

/** `POST /v1/tokens`. Binds the device's id to the key that signed the proof, for ever. */
export interface TokenRequest {
  device: string
}

/** Its answer. */
export interface TokenAnswer {
  /** Goes into `Authorization: DPoP …` of every request, beside a proof of its own. */
  token: string
  /** Unix ms on the endpoint's clock. */
  expiresAt: number
  /** Unix ms: what the device's clock should have shown. Proofs carry times on this clock. */
  serverTime: number
}

const requestSchema: v.Schema<TokenRequest> = v.strictObject({
  device: v.pipe(v.string, v.regex(/^[0-9a-f]{32}$/u)),
})

const answerSchema: v.Schema<TokenAnswer> = v.object({
  token: v.pipe(v.string, v.regex(/^[\w.-]{1,1000}$/u)),
  expiresAt: whole(0),
  serverTime: whole(0),
})

/** Parses a device's request. @throws `VitrineError('INVALID_REQUEST')`. */
export function parseTokenRequest(input: unknown): TokenRequest {
  return parseWith(requestSchema, input, 'INVALID_REQUEST', 'token request')
}

/** Parses the endpoint's answer. @throws `VitrineError('INVALID_RESPONSE')`. */
export function parseTokenAnswer(input: unknown): TokenAnswer {
  return parseWith(answerSchema, input, 'INVALID_RESPONSE', 'token answer')
}
