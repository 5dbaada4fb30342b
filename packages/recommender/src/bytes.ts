/** Little-endian binary artifacts: a writer that grows, and a reader that trusts no length. */
import { type ArtifactRole, VitrineError } from '@vitrine/contracts'

/** Versions of the binary formats that are not at their first. */
const VERSIONS: Partial<Record<ArtifactRole, number>> = { graph: 2 }

function versionOf(role: ArtifactRole): number {
  return VERSIONS[role] ?? 1
}

/** Element types of a binary artifact's main table, as the header states them. */
export type Dtype = 'int8' | 'uint8' | 'float32' | 'int4'
const DTYPES: readonly Dtype[] = ['int8', 'uint8', 'float32', 'int4']

/** Returns the error for bytes of `role` that are not what they claim to be. */
export function corrupt(role: ArtifactRole, why: string): VitrineError {
  return new VitrineError('ARTIFACT_CORRUPT', `The model's ${role} is damaged: ${why}. Download it again.`)
}

/** Returns the error for an artifact of `role` that a newer Vitrine wrote. */
export function unsupported(role: ArtifactRole, what: string): VitrineError {
  return new VitrineError('MODEL_UNSUPPORTED', `The model's ${role} ${what}. Update Vitrine on the device.`)
}

/** First four bytes of `role`'s artifact: its first four letters. */
function magicOf(role: ArtifactRole): number {
  let magic = 0
  for (let i = 3; i >= 0; i--) magic = (magic << 8) | role.charCodeAt(i)
  return magic >>> 0
}

/**
 * Reads an artifact front to back. Each method throws `ARTIFACT_CORRUPT` rather than read past the end, and
 * compares a length with the bytes that are left before it allocates.
 */
export class ByteReader {
  /** Element type of the main table. */
  readonly dtype: Dtype
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0
  readonly #role: ArtifactRole

  constructor(bytes: Uint8Array, role: ArtifactRole, allowed: readonly Dtype[]) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#role = role
    if (this.u32() !== magicOf(role)) throw corrupt(role, 'it begins with other bytes')
    const version = this.u32()
    if (version !== versionOf(role)) {
      throw unsupported(role, `has format version ${version}, this code reads ${versionOf(role)}`)
    }
    const dtype = DTYPES[this.u32()]
    if (!dtype || !allowed.includes(dtype)) throw corrupt(role, 'its element type is unknown')
    this.dtype = dtype
  }

  /** Bytes not yet read. */
  get left(): number {
    return this.#bytes.length - this.#at
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true)
  }

  /** A count, at most `most`. */
  count(what: string, most: number): number {
    const value = this.u32()
    if (value > most) throw corrupt(this.#role, `${what} is ${value}, more than ${most}`)
    return value
  }

  /** A finite float32 in [least, most]. */
  number(what: string, least: number, most: number): number {
    const value = this.#view.getFloat32(this.#take(4), true)
    // Written so that NaN fails too.
    if (!(value >= least && value <= most)) throw corrupt(this.#role, `${what} is ${value}`)
    return value
  }

  /** `[count]` float32, each of magnitude at most 1e9, so that sums of products stay finite; at least 0 where `positive`. */
  floats(count: number, positive = false): Float32Array {
    const at = this.#take(4 * count)
    const values = new Float32Array(count)
    new Uint8Array(values.buffer).set(this.#bytes.subarray(at, at + 4 * count))
    for (let i = 0; i < count; i++) {
      const value = values[i]!
      if (!(value <= 1e9 && value >= (positive ? 0 : -1e9))) {
        throw corrupt(this.#role, `number ${i} is ${value}`)
      }
    }
    return values
  }

  /** `[count]` uint16. */
  u16s(count: number): Uint16Array {
    const at = this.#take(2 * count)
    const values = new Uint16Array(count)
    new Uint8Array(values.buffer).set(this.#bytes.subarray(at, at + 2 * count))
    return values
  }

  /** `[count]` bytes, a view of the artifact. */
  bytes(count: number): Uint8Array {
    const at = this.#take(count)
    return this.#bytes.subarray(at, at + count)
  }

  /** Checks that nothing is left. */
  end(): void {
    if (this.left) throw corrupt(this.#role, `${this.left} bytes follow its end`)
  }

  #take(count: number): number {
    const at = this.#at
    if (count > this.#bytes.length - at) {
      throw corrupt(this.#role, `it ends at byte ${this.#bytes.length}, ${count} more are needed at ${at}`)
    }
    this.#at = at + count
    return at
  }
}

/** Writes an artifact front to back; what {@link ByteReader} reads. */
export class ByteWriter {
  #bytes = new Uint8Array(1024)
  #length = 0

  constructor(role: ArtifactRole, dtype: Dtype) {
    this.u32(magicOf(role)).u32(versionOf(role)).u32(DTYPES.indexOf(dtype))
  }

  u32(value: number): this {
    const at = this.#grow(4)
    new DataView(this.#bytes.buffer).setUint32(at, value, true)
    return this
  }

  f32(value: number): this {
    const at = this.#grow(4)
    new DataView(this.#bytes.buffer).setFloat32(at, value, true)
    return this
  }

  /** The memory of `table`, which is little-endian on every platform that runs JavaScript today. */
  table(table: Float32Array | Uint16Array | Int8Array | Uint8Array): this {
    const at = this.#grow(table.byteLength)
    this.#bytes.set(new Uint8Array(table.buffer, table.byteOffset, table.byteLength), at)
    return this
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  #grow(count: number): number {
    const at = this.#length
    this.#length += count
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, 2 * this.#bytes.length))
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    return at
  }
}
