/** Encodes bytes once, when they are published, so that every download is small and costs no time. */
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Encoding } from './store.ts'

/** Encoded forms larger than this share of the original are not worth keeping. */
const WORTHWHILE = 0.95

/** Brotli's best quality saves up to a tenth over the one two steps below, for ten times the time: too long above this. */
const BEST_QUALITY_UP_TO = 2 ** 20

/** Returns the encoded forms of `content` that are worthwhile. Runs on the thread pool. */
export async function compressions(content: Uint8Array): Promise<[Encoding, Uint8Array][]> {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: content.byteLength > BEST_QUALITY_UP_TO ? 9 : 11,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.byteLength,
  }
  const forms: [Encoding, Uint8Array][] = await Promise.all([
    promisify(brotliCompress)(content, { params }).then((bytes): [Encoding, Uint8Array] => ['br', bytes]),
    promisify(gzip)(content, { level: 9 }).then((bytes): [Encoding, Uint8Array] => ['gzip', bytes]),
  ])
  return forms.filter(([, encoded]) => encoded.byteLength < content.byteLength * WORTHWHILE)
}
