import type { KernelRow } from '@vitrine/perf/kernels/rows'
import { expect, test } from 'vitest'
import { decodeResult, encodeResult } from './share.ts'

const row = (device: string, ms: number, software = false): KernelRow => ({
  n: 1000,
  d: 64,
  k: 24,
  browser: 'Firefox 153',
  device,
  ms,
  ratio_to_fastest_ort: null,
  ratio_to_tfjs_wasm: null,
  ratio_to_limit: 1,
  overlap: 1,
  adapter: null,
  software,
})

test('a link holds the times of what ran on no GPU in software, to four digits', () => {
  const link = encodeResult('Firefox 153', [row('limit', 0.123456), row('vitrine webgpu', 90, true)])
  expect(decodeResult(link)).toEqual({
    browser: 'Firefox 153',
    rows: [{ n: 1000, device: 'limit', ms: 0.1235 }],
  })
})

test.each([
  '',
  '#theirs=',
  '#theirs=[',
  '#theirs={}',
  '#theirs=["a",[["1","limit",1]]]',
  '#theirs=["a",[[1,"limit",-1]]]',
  '#theirs=["a",[[1,"limit",null]]]',
  `#theirs=["a",[[1,"${'x'.repeat(81)}",1]]]`,
  `#theirs=["a",[${Array.from({ length: 101 }, () => '[1,"limit",1]').join()}]]`,
])('%s is no result', (fragment) => {
  expect(decodeResult(fragment)).toBeUndefined()
})
