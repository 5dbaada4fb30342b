/**
 * Tables of float32 in one file, in the safetensors format (https://huggingface.co/docs/safetensors), which many
 * programs read: the length of a JSON header, the header, the numbers.
 */
import { VitrineError } from '@vitrine/contracts'

/** A table, row-major. */
export interface StoredTensor {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** What a file holds. */
export interface Safetensors {
  readonly metadata: Readonly<Record<string, string>>
  readonly tensors: ReadonlyMap<string, StoredTensor>
}

const LENGTH_BYTES = 8

export function encodeSafetensors({ metadata, tensors }: Safetensors): Uint8Array<ArrayBuffer> {
  let end = 0
  const entries = Array.from(tensors, ([name, { shape, values }]) => {
    const start = end
    end += values.byteLength
    return [name, { dtype: 'F32', shape, data_offsets: [start, end] }] as const
  })
  const header = { __metadata__: metadata, ...Object.fromEntries(entries) }
  const text = new TextEncoder().encode(JSON.stringify(header))
  // The numbers begin at a multiple of 8; spaces fill up.
  const body = LENGTH_BYTES + 8 * Math.ceil(text.length / 8)
  const bytes = new Uint8Array(body + end)
  bytes.fill(0x20, LENGTH_BYTES, body)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(body - LENGTH_BYTES), true)
  bytes.set(text, LENGTH_BYTES)
  let at = body
  for (const { values } of tensors.values()) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at)
    at += values.byteLength
  }
  return bytes
}

/** @throws `VitrineError('INPUT_UNREADABLE')` for bytes that are no such file of float32, with what is amiss. */
export function decodeSafetensors(bytes: Uint8Array): Safetensors {
  if (bytes.length < LENGTH_BYTES) throw unreadable('it ends before its header')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const body = LENGTH_BYTES + Number(view.getBigUint64(0, true))
  if (body > bytes.length) throw unreadable('it ends before its header')
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, body))
  const metadata: Record<string, string> = {}
  const tensors = new Map<string, StoredTensor>()
  for (const [name, entry] of Object.entries(header)) {
    if (name !== '__metadata__') {
      tensors.set(name, readTensor(bytes.subarray(body), name, entry))
      continue
    }
    for (const [key, value] of Object.entries((entry ?? {}) as object) as [string, unknown][])
      metadata[key] = String(value)
  }
  return { metadata, tensors }
}

function parseHeader(text: Uint8Array): object {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text))
    if (typeof header === 'object' && header !== null) return header
  } catch (cause) {
    throw unreadable('its header is no JSON', cause)
  }
  throw unreadable('its header is no JSON object')
}

function readTensor(body: Uint8Array, name: string, entry: unknown): StoredTensor {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>
  const [start, end] = isNumbers(offsets) ? offsets : []
  if (dtype !== 'F32' || !isNumbers(shape) || start === undefined || end === undefined || end > body.length) {
    throw unreadable(`${name} is no table of float32 within it`)
  }
  if (end - start !== 4 * shape.reduce((product, side) => product * side, 1)) {
    throw unreadable(`${name} has other bytes than its shape, ${shape.join(' × ')}, asks for`)
  }
  // A copy: the slice of a Node Buffer would be a view, and need not lie at a multiple of 4.
  return { shape, values: new Float32Array(Uint8Array.from(body.subarray(start, end)).buffer) }
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((number) => Number.isSafeInteger(number) && number >= 0)
}

function unreadable(what: string, cause?: unknown): VitrineError {
  return new VitrineError(
    'INPUT_UNREADABLE',
    `This is no whole safetensors file, ${what}: give one as it was written.`,
    { cause },
  )
}
