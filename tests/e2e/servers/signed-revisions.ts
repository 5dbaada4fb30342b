/** Signed revisions that follow one another, published without a command: a scenario may need a hundred. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Artifact, type Manifest, signedText, writeDelta } from '@vitrine/contracts'
import type { Tenant } from './edge.ts'

/** A shop whose model is trained anew all the time. */
export interface RevisionSource {
  /** Public key to pin. */
  key: string
  /**
   * Publishes the next revision and returns its name: with a delta from the one before, or one that computes
   * otherwise than its golden vectors say, where asked for.
   */
  publishNext(tenant: Tenant, options?: { withDelta?: boolean; isBroken?: boolean }): Promise<string>
}

/** Revisions of the committed model in `folder`, each with another title in its catalogue. */
export function createRevisions(folder: string): RevisionSource {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const key = `ed25519:${Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url').toString('hex')}`
  const model = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest
  // A starter holds items of the catalogue, too.
  const artifacts = model.artifacts.filter(({ role }) => role !== 'starter')
  const columns = JSON.parse(readFileSync(join(folder, 'catalogue.json'), 'utf8')) as { titles: string[] }
  const others = artifacts.filter(({ role }) => role !== 'catalogue')
  const floor = Math.floor(Date.now() / 1000)
  let count = 0
  let before: Buffer<ArrayBuffer> | undefined

  return {
    key,
    async publishNext(tenant, { withDelta = false, isBroken = false } = {}) {
      if (count === 0) {
        for (const artifact of others) {
          const name = artifact.role + (artifact.dtype === 'json' ? '.json' : '.bin')
          await tenant.put(`/v1/artifacts/${artifact.sha256}`, readFileSync(join(folder, name)))
        }
      }
      const revision = `signed-${count++}`
      // No word that a ranker could compare: the golden answers stay true.
      const digits = String(count).replaceAll(/\B/gu, '.')
      const titles = [`${digits} ${columns.titles[0]}`, ...columns.titles.slice(1)]
      const bytes = Buffer.from(JSON.stringify({ ...columns, titles }))
      const catalogue = { ...artifacts.find(({ role }) => role === 'catalogue')!, ...identity(bytes) }
      await tenant.put(`/v1/artifacts/${catalogue.sha256}`, bytes)
      if (withDelta && before) {
        const path = `/v1/deltas/${identity(before).sha256}/${catalogue.sha256}`
        await tenant.put(path, new Uint8Array(gzipSync(deltaOf(before, bytes))))
      }
      before = bytes
      const rest = isBroken
        ? await Promise.all(others.map((other) => spoilGolden(other, folder, tenant)))
        : others
      const version = floor + count
      const unsigned = { ...model, revision, artifacts: [catalogue, ...rest], version, floor }
      const signature = sign(null, Buffer.from(signedText(unsigned)), privateKey).toString('hex')
      const signatures = [{ key, signature }]
      await tenant.put(`/v1/models/${model.id}/manifest`, { ...unsigned, signatures })
      return revision
    },
  }
}

/** Golden vectors with another first score, in the place of the true ones. */
async function spoilGolden(artifact: Artifact, folder: string, tenant: Tenant): Promise<Artifact> {
  if (artifact.role !== 'golden') return artifact
  const golden = JSON.parse(readFileSync(join(folder, 'golden.json'), 'utf8')) as {
    cases: { ranked: { scores: number[] } }[]
  }
  golden.cases[0]!.ranked.scores[0]! += 1
  const bytes = Buffer.from(JSON.stringify(golden))
  const spoilt = { ...artifact, ...identity(bytes) }
  await tenant.put(`/v1/artifacts/${spoilt.sha256}`, bytes)
  return spoilt
}

function identity(bytes: Uint8Array): Pick<Artifact, 'sha256' | 'bytes'> {
  return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length }
}

/** What both begin and end with stays, what is between is inserted. */
function deltaOf(from: Uint8Array, to: Uint8Array): Uint8Array {
  const shortest = Math.min(from.length, to.length)
  let start = 0
  while (start < shortest && from[start] === to[start]) start++
  let end = 0
  while (end < shortest - start && from.at(-1 - end) === to.at(-1 - end)) end++
  const insert = to.length - start - end
  const steps = [
    { add: start, insert, skip: from.length - end - start },
    { add: end, insert: 0, skip: 0 },
  ]
  const sizes = { from: from.length, to: to.length }
  return writeDelta(sizes, steps, new Uint8Array(start + end), to.slice(start, start + insert))
}
