/** Ten thousand forged, damaged, old and mixed revisions: none may run, and the last good one stays in use. */
import { type Manifest, parseManifest, signedText, writeDelta } from '@vitrine/contracts'
import { report, seed, seeded } from '@vitrine/trials'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Key } from '../src/storage/database.ts'
import { createMemoryDatabase } from '../src/storage/memory.ts'
import { PageEndpoint } from './endpoint.ts'
import { createNodePlatform, openTab, restoreRows, rowsOf } from './node-tab.ts'
import { type BuiltRevision, buildRevision } from './revision.ts'
import { NOW_S, type TestKey, createTestKey, signKeySet, signRevision } from './signing.ts'
import { cut, extend, flip, gzip } from './bytes.ts'

const DAY_S = 86_400

let [key, stranger, retired]: TestKey[] = []
let plain: { first: BuiltRevision; second: BuiltRevision; third: BuiltRevision }
/** In use: version NOW_S, which is its floor, too. */
let first: BuiltRevision
/** What the endpoint has to offer, and what is made worse. */
let second: BuiltRevision
let blobs: BuiltRevision['blobs']

/** What the endpoint answers in place of the true thing. */
interface Mutant {
  manifest?: BodyInit
  artifacts?: (sha256: string) => BodyInit | undefined
  delta?: Uint8Array<ArrayBuffer>
}

const random = seeded(seed())
const below = (limit: number): number => Math.floor(random() * limit)
const pick = <T>(list: readonly T[]): T => list[below(list.length)]!

/** The device that is attacked, with the first revision in use. */
let tried = 0
const accepted: string[] = []
let attack: (family: string, mutant: Mutant) => Promise<void>

beforeAll(async () => {
  ;[key, stranger, retired] = [await createTestKey(), await createTestKey(), await createTestKey()]
  plain = { first: await buildRevision(1), second: await buildRevision(5), third: await buildRevision(9) }
  first = await signRevision(plain.first, key, { version: NOW_S, floor: NOW_S })
  second = await signRevision(plain.second, key, { version: NOW_S + DAY_S, floor: NOW_S })
  blobs = new Map([...plain.first.blobs, ...plain.second.blobs, ...plain.third.blobs])
  attack = await openVictim()
})

async function openVictim(): Promise<typeof attack> {
  const endpoint = new PageEndpoint()
  endpoint.revision = first
  // The retired key was pinned before the one that signs now, and has been taken back.
  const pins = { trustedKeys: [retired!.key], floor: 0 }
  const keySets = [await signKeySet(1, [key!], retired!)]
  endpoint.revision = await signRevision(plain.first, key!, { version: NOW_S, floor: NOW_S, keySets })
  const database = createMemoryDatabase('test')
  const { models } = openTab(database, { platform: createNodePlatform(endpoint.fetch), pins })
  await models.start()
  const before: ReadonlyMap<Key, unknown> = await rowsOf(database)
  expect(models.live.current?.manifest.revision).toBe('r-1')

  return async (family, { manifest, artifacts, delta }) => {
    endpoint.fault = ({ path }) => {
      if (path.endsWith('/manifest')) return new Response(manifest ?? JSON.stringify(second.manifest))
      if (path.startsWith('/v1/deltas/')) return new Response(delta ?? null, { status: delta ? 200 : 404 })
      const body = artifacts?.(path.slice(14)) ?? blobs.get(path.slice(14))
      return new Response(body ?? null, { status: body === undefined ? 404 : 200 })
    }
    tried++
    const outcome = await models.update().catch((error: unknown) => error)
    const inUse = models.live.current?.manifest.revision
    const rows = await rowsOf(database)
    const isUntouched = rows.get('active') === before.get('active')
    // A manifest that says it is the one in use is no news, and changes nothing either.
    const isRefused = outcome instanceof Error || !(outcome as { changed: boolean }).changed
    if (inUse !== 'r-1' || !isUntouched || !isRefused) {
      accepted.push(`${family}: ${JSON.stringify(outcome)} ${inUse}`)
    }
    // Staged artifacts are good ones: with them there the next mutant would not even be asked for.
    await restoreRows(database, before)
  }
}

/** Tries `count` mutants and returns those that were ever accepted; `next` returns undefined where chance made none. */
async function attackAll(
  family: string,
  count: number,
  next: () => Mutant | undefined | Promise<Mutant | undefined>,
): Promise<string[]> {
  for (let left = count; left > 0;) {
    const mutant = await next()
    if (!mutant) continue
    await attack(family, mutant)
    left--
  }
  return accepted
}

/** Undefined for a text that says the same as the true manifest: spelling is not signed. */
function manifestMutant(text: Uint8Array<ArrayBuffer> | string): Mutant | undefined {
  try {
    const parsed = parseManifest(JSON.parse(typeof text === 'string' ? text : new TextDecoder().decode(text)))
    if (signedText(parsed) === signedText(second.manifest)) return undefined
  } catch {
    // Nothing that anybody could mistake for it.
  }
  return { manifest: text }
}

/** Replaces one value, somewhere in `json`, by another of any kind; or leaves it out, or adds one. */
function edit(json: unknown): unknown {
  if (typeof json !== 'object' || json === null) {
    if (typeof json === 'number') return pick([json + 1, json - 1, -json, 0, 1e300, String(json), null])
    if (typeof json === 'string')
      return pick([`${json}0`, json.slice(1), '', json.toUpperCase(), 7, null, {}])
    return null
  }
  const copy = structuredClone(json) as Record<string, unknown>
  const name = pick(Object.keys(copy))
  const how = below(8)
  if (how === 0) delete copy[name]
  else if (how === 1) copy[pick(['floor', 'url', 'version', 'expiresAt', '__proto__x'])] = below(1000)
  else copy[name] = edit(copy[name])
  return Array.isArray(json) ? Object.values(copy) : copy
}

const textOf = (manifest: object): string => JSON.stringify(manifest)
const bytesOf = (manifest: object): Uint8Array<ArrayBuffer> => new TextEncoder().encode(textOf(manifest))

test('the true revision is taken: what refuses the mutants is not that nothing works', async () => {
  const database = createMemoryDatabase('test')
  const endpoint = new PageEndpoint()
  endpoint.revision = second
  const pins = { trustedKeys: [key!.key], floor: 0 }
  const { models } = openTab(database, { platform: createNodePlatform(endpoint.fetch), pins })
  await models.start()
  expect(models.live.current?.manifest.revision).toBe('r-5')
})

describe('refused, each and every one:', { timeout: 60_000 }, () => {
  test('3000 manifests with a flipped bit', async () => {
    expect(
      await attackAll('flip', 3000, () => manifestMutant(flip(random, bytesOf(second.manifest)))),
    ).toEqual([])
  })

  test('1000 manifests cut short or with bytes after their end', async () => {
    expect(
      await attackAll('length', 1000, () =>
        manifestMutant(
          random() < 0.5 ? cut(random, bytesOf(second.manifest)) : extend(random, bytesOf(second.manifest)),
        ),
      ),
    ).toEqual([])
  })

  test('2000 manifests with a field edited, removed or added', async () => {
    expect(
      await attackAll('edit', 2000, () => manifestMutant(textOf(edit(second.manifest) as object))),
    ).toEqual([])
  })

  test('800 manifests signed anew by a stranger, under his name or the shop’s', async () => {
    expect(
      await attackAll('stranger', 800, async () => {
        const { manifest } = await signRevision(second, stranger!, { version: NOW_S + 1 + below(DAY_S) })
        const { signature } = manifest.signatures![0]!
        const signatures = pick([
          [{ key: stranger!.key, signature }],
          [{ key: key!.key, signature }],
          [{ key: retired!.key, signature }],
          [{ key: stranger!.key, signature }, ...second.manifest.signatures!],
        ])
        return { manifest: textOf({ ...manifest, signatures }) }
      }),
    ).toEqual([])
  })

  test('600 manifests signed by a key that was taken back, with statements that would bring it back', async () => {
    expect(
      await attackAll('retired', 600, async () => {
        const by = pick([retired!, stranger!])
        const keySets = pick([
          [],
          [await signKeySet(1 + below(5), [by], by)],
          [await signKeySet(2, [by, key!], by)],
          [await signKeySet(1, [key!], retired!), await signKeySet(2, [by], stranger!)],
        ])
        const { manifest } = await signRevision(plain.second, by, {
          version: NOW_S + 1 + below(999),
          keySets,
        })
        return { manifest: textOf(manifest) }
      }),
    ).toEqual([])
  })

  test('600 of the shop’s own: too old, expired, from the far future, of another model, too large', async () => {
    expect(
      await attackAll('own', 600, async () => {
        const change = pick<() => Partial<Manifest>>([
          () => ({ version: NOW_S - 1 - below(999 * DAY_S), floor: 0 }),
          () => ({ expiresAt: new Date((NOW_S - below(999 * DAY_S)) * 1000).toISOString() }),
          () => ({ version: NOW_S + (367 + below(9999)) * DAY_S }),
          () => ({ id: pick(['tiny2', 'other', 'tin']) }),
          () => ({
            artifacts: second.manifest.artifacts.map((each) => ({ ...each, bytes: 2 ** 29 + below(99) })),
          }),
        ])()
        const { manifest } = await signRevision(second, key!, { version: NOW_S + DAY_S, ...change })
        return { manifest: textOf(manifest) }
      }),
    ).toEqual([])
  })

  test('600 mixtures of two revisions under one signature', async () => {
    expect(
      await attackAll('mixture', 600, () => {
        const others = [...plain.first.manifest.artifacts, ...plain.third.manifest.artifacts]
        const artifacts = second.manifest.artifacts.map((each) =>
          random() < 0.5 ? each : pick(others.filter(({ role }) => role === each.role)),
        )
        return manifestMutant(textOf({ ...second.manifest, artifacts }))
      }),
    ).toEqual([])
  })

  test('1500 revisions with an artifact damaged, cut, longer, or taken from elsewhere', async () => {
    expect(
      await attackAll('artifact', 1500, () => {
        const before = new Set(first.manifest.artifacts.map(({ sha256 }) => sha256))
        const { sha256 } = pick(second.manifest.artifacts.filter((each) => !before.has(each.sha256)))
        const bytes = blobs.get(sha256)!
        const other = blobs.get(pick([...blobs.keys()].filter((hash) => hash !== sha256)))!
        const mutant = pick([
          () => flip(random, bytes),
          () => cut(random, bytes),
          () => extend(random, bytes),
          () => other,
        ])()
        return { artifacts: (asked) => (asked === sha256 ? mutant : undefined) }
      }),
    ).toEqual([])
  })

  test('1000 deltas that are damaged, of another base, or bombs, with no whole artifact to be had', async () => {
    const [old, whole] = ['graph' as const, 'graph' as const].map((role, at) => {
      const { manifest } = [plain.first, plain.second][at]!
      return blobs.get(manifest.artifacts.find((artifact) => artifact.role === role)!.sha256)!
    }) as [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>]
    const steps = [
      { add: Math.min(old.length, whole.length), insert: Math.max(0, whole.length - old.length), skip: 0 },
    ]
    const differences = whole.subarray(0, steps[0]!.add).map((byte, at) => byte - old[at]!)
    const sizes = { from: old.length, to: whole.length }
    const good = writeDelta(sizes, steps, differences, whole.subarray(steps[0]!.add))
    const packed = await gzip(good)
    const bomb = await gzip(new Uint8Array(1_000_000))
    const attacked = attackAll('delta', 1000, async () => {
      const delta = await pick([
        () => flip(random, packed),
        () => gzip(flip(random, good)),
        () => cut(random, packed),
        () => extend(random, good),
        () => gzip(cut(random, good)),
        () => gzip(extend(random, good)),
        () => gzip(writeDelta(sizes, steps, flip(random, differences), whole.subarray(steps[0]!.add))),
        () => bomb,
      ])()
      const isGood = await inflatesTo(delta, good)
      return isGood ? undefined : { delta, artifacts: () => 'nothing of that name' }
    })
    expect(await attacked).toEqual([])
  })

  test('more than 10,000 in all, 0 accepted', ({ task }) => {
    report(task, { promise: 7, unit: 'mutants of a model', trials: tried, accepted: accepted.length })
    expect(accepted).toEqual([])
    expect(tried).toBeGreaterThan(10_000)
  })
})

/** True for a mutant that is none: a bit of gzip's header that nothing reads. */
async function inflatesTo(packed: Uint8Array<ArrayBuffer>, bytes: Uint8Array): Promise<boolean> {
  try {
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))
    const inflated = new Uint8Array(await new Response(stream).arrayBuffer())
    return inflated.length === bytes.length && inflated.every((byte, at) => byte === bytes[at])
  } catch {
    return false
  }
}
