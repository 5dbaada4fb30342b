/** One colour a contestant, the same in every plot and table; all read on white and on black. */

/** Axes, the limit, and whoever has no colour. */
export const GREY = '#808080'

const EXACT: Readonly<Record<string, string>> = {
  limit: GREY,
  'vitrine wasm relaxed-simd': '#1f6fc4',
  'vitrine wasm simd': '#5b9fe0',
  'vitrine scalar': '#8fbdea',
  'vitrine wasm, one thread': '#1f6fc4',
  'vitrine wasm, several threads': '#c4501f',
  'onnxruntime wasm fp32': '#c4501f',
  'onnxruntime wasm fp32 by rows': '#d97a4a',
  'onnxruntime wasm int8': '#e39b70',
  'onnxruntime wasm 8-bit blocks': '#eebfa0',
  Vitrine: '#1f6fc4',
  'onnxruntime-web': '#c4501f',
  'tfjs wasm': '#a05fb4',
  javascript: '#3a9a5c',
  import: '#1f6fc4',
  pairs: '#3a9a5c',
  'train --pairs': '#c4501f',
  'train --events': '#7d55c7',
}

/** Ours are blue to green, ONNX Runtime is red, TensorFlow.js violet. */
const FAMILIES: readonly (readonly [RegExp, string])[] = [
  [/^vitrine .* threads$/u, '#1c9bb0'],
  [/^(vitrine )?webgpu .* at once$/u, '#2fb39a'],
  [/^(vitrine )?webgpu packed-subgroups$/u, '#0f8a7a'],
  [/^(vitrine )?webgpu /u, '#58b8a8'],
  [/^wasm /u, '#1f6fc4'],
  [/^onnxruntime /u, '#b8325a'],
  [/^tfjs /u, '#7d55c7'],
]

/** Of a contestant, by its name. */
export function colourOf(name: string): string {
  return EXACT[name] ?? FAMILIES.find(([pattern]) => pattern.test(name))?.[1] ?? GREY
}
