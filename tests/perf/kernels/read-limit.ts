/** The bound that no kernel can beat: reading the same bytes once. */

/** @param compiled - `read-limit.ts` of the kernels' assembly, as base64 @returns a call that reads `bytes`, rounded up to 256 */
export async function readLimit(compiled: string, bytes: number): Promise<() => number> {
  const rounded = Math.ceil(bytes / 256) * 256
  const memory = new WebAssembly.Memory({ initial: Math.ceil(rounded / 65_536) })
  new Uint8Array(memory.buffer).fill(1)
  const binary = Uint8Array.from(atob(compiled), (character) => character.charCodeAt(0))
  const { instance } = await WebAssembly.instantiate(binary, { env: { memory } })
  const read = instance.exports['read'] as (from: number, bytes: number) => number
  return () => read(0, rounded)
}
