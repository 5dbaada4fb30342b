/** Bytes that are not as they were, in ways that a seed repeats. */

/** With one bit turned. */
export function flip(random: () => number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = Uint8Array.from(bytes)
  copy[Math.floor(random() * copy.length)]! ^= 1 << Math.floor(random() * 8)
  return copy
}

/** Without its end. */
export function cut(random: () => number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes.subarray(0, Math.floor(random() * bytes.length)))
}

/** With one to nine bytes more. */
export function extend(random: () => number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const more = Uint8Array.from({ length: 1 + Math.floor(random() * 9) }, () => Math.floor(random() * 256))
  return Uint8Array.from([...bytes, ...more])
}

/** Compressed. */
export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(packed).arrayBuffer())
}
