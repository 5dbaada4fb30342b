/** GPU buffers that live as long as a table: some grow with what is asked, some go round for reading back. */

/** The flags of WebGPU's `GPUBufferUsage` that are used here. */
export const USAGE = {
  mapRead: 1,
  copySource: 4,
  copyTarget: 8,
  uniform: 0x40,
  storage: 0x80,
  queryResolve: 0x200,
} as const

const MAP_READ_MODE = 1
/** Read-back buffers kept for the next calls: so many calls overlap without a new one. */
const RING_SIZE = 4

/** A buffer that a larger one replaces when it has to hold more; what it held is gone then. */
export class GrowingBuffer {
  readonly #device: GPUDevice
  readonly #usage: number
  #buffer: GPUBuffer

  constructor(device: GPUDevice, usage: number, bytes: number) {
    this.#device = device
    this.#usage = usage
    this.#buffer = device.createBuffer({ size: bytes, usage })
  }

  get buffer(): GPUBuffer {
    return this.#buffer
  }

  /** True when the buffer had to be replaced. Searches that were submitted before keep the old one to their end. */
  fit(bytes: number): boolean {
    if (bytes <= this.#buffer.size) return false
    this.#buffer.destroy()
    this.#buffer = this.#device.createBuffer({ size: Math.ceil(bytes / 256) * 256, usage: this.#usage })
    return true
  }
}

/** Buffers that results are read from. Each call has its own until it has read. */
export class ReadBackRing {
  readonly #device: GPUDevice
  readonly #all = new Set<GPUBuffer>()
  readonly #idle: GPUBuffer[] = []

  constructor(device: GPUDevice) {
    this.#device = device
  }

  get bytes(): number {
    let bytes = 0
    for (const { size } of this.#all) bytes += size
    return bytes
  }

  /** A buffer of at least so many bytes, for one call. */
  take(bytes: number): GPUBuffer {
    const buffer = this.#idle.pop()
    if (buffer && buffer.size >= bytes) return buffer
    if (buffer) this.#drop(buffer)
    const size = Math.ceil(bytes / 4096) * 4096
    const fresh = this.#device.createBuffer({ size, usage: USAGE.mapRead | USAGE.copyTarget })
    this.#all.add(fresh)
    return fresh
  }

  /** Waits for what was copied into a buffer of {@link take}, copies it out, and takes the buffer back. */
  async read(buffer: GPUBuffer, bytes: number): Promise<ArrayBuffer> {
    try {
      await buffer.mapAsync(MAP_READ_MODE, 0, bytes)
    } catch (error) {
      this.#drop(buffer)
      throw error
    }
    const contents = buffer.getMappedRange(0, bytes).slice(0)
    buffer.unmap()
    if (this.#idle.length < RING_SIZE) this.#idle.push(buffer)
    else this.#drop(buffer)
    return contents
  }

  destroy(): void {
    for (const buffer of this.#all) buffer.destroy()
    this.#all.clear()
    this.#idle.length = 0
  }

  #drop(buffer: GPUBuffer): void {
    this.#all.delete(buffer)
    buffer.destroy()
  }
}
