/** `bench gpu` on the software adapter that Chromium brings along: the command, and the program to carry elsewhere. */
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { installedDawn } from './dawn.ts'
import type { GpuRow } from './measure.ts'
import { pack } from './pack.ts'
import type { GpuReport } from './report.ts'
import { softwareDriver } from './software-driver.ts'

const driver = softwareDriver()
const isThere = driver !== undefined && existsSync(installedDawn())
if (!isThere) {
  console.warn(
    `SKIPPED: \`bench gpu\`. ${driver === undefined ? 'No Chromium here brings SwiftShader.' : `There is no Dawn for this machine: ${installedDawn()}`}`,
  )
}

describe.skipIf(!isThere)('packed to be carried', () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vitrine-gpu-'))
    await pack(folder, { say: () => undefined })
  }, 60_000)

  afterAll(() => rm(folder, { recursive: true }))

  /** From its own folder, without an environment, as on a machine that has nothing. */
  function runPacked(...args: string[]): { rows: GpuRow[]; status: number | null; stderr: string } {
    const { stdout, stderr, status } = spawnSync(
      join(folder, 'node'),
      ['vitrine-gpu.mjs', '--quick', '--driver', driver!, ...args],
      { cwd: folder, env: {}, encoding: 'utf8' },
    )
    const rows = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as GpuRow)
    return { rows, status, stderr }
  }

  test('it measures a table in parts, with and without subgroups, and finds the rows that WASM finds', async () => {
    // 5000 rows of 64 bytes in parts of 1024 rows.
    const { rows, status, stderr } = runPacked('--n', '5e3', '--bind', '65536', '--out', 'gpu.json')
    expect({ status, stderr }).toMatchObject({ status: 0 })
    const named = (device: string): GpuRow | undefined => rows.find((row) => row.device === device)
    for (const variant of ['packed-subgroups', 'packed', 'subgroups', 'plain']) {
      const row = named(`webgpu ${variant}`)
      expect(row).toMatchObject({ n: 5000, d: 64, k: 24, parts: 5 })
      expect(row!.ms).toBeGreaterThan(0)
      expect(row!.gpu_ms).toBeGreaterThan(0)
      expect(row!.share_of_bandwidth).toBeGreaterThan(0)
    }
    expect(named('read on the GPU')).toMatchObject({ share_of_bandwidth: 1 })
    expect(rows.some(({ device }) => device.startsWith('wasm'))).toBe(true)
    const report = JSON.parse(await readFile(join(folder, 'gpu.json'), 'utf8')) as GpuReport
    expect(report.adapter).toEqual({ name: expect.stringMatching(/swiftshader/iu), software: true })
    expect(report.rows).toEqual(rows)
  }, 120_000)

  test('a driver that is not there is named in the message', () => {
    const { status, stderr } = runPacked('--driver', '/nowhere/icd.json')
    expect(status).not.toBe(0)
    expect(stderr).toContain('Dawn finds no GPU with the driver /nowhere/icd.json')
  })
})
