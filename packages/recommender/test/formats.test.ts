import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ArtifactRole, isVitrineError } from '@vitrine/contracts'
import {
  itemAt,
  readCatalogue,
  readEmbeddings,
  readEncoder,
  readGolden,
  readGraph,
  foldNormalization,
  readReranker,
  readStatistics,
  unpackStarter,
  writeCatalogue,
  writeEmbeddings,
  writeGraph,
} from '../src/index.ts'
import {
  CATALOGUE,
  ITEMS,
  manifestOf,
  tinyEmbeddings,
  tinyGoldenArtifacts,
  tinyGraph,
  tinyStarter,
} from './tiny-shop.ts'

/** Files of engines have formats of their own. */
type OwnRole = Exclude<ArtifactRole, `encoder-${string}`>

const READERS: Record<OwnRole, (bytes: Uint8Array) => unknown> = {
  starter: (bytes) => {
    const { artifacts } = unpackStarter(manifestOf(new Map()), bytes)
    return (['catalogue', 'statistics', 'graph', 'reranker'] as const).map((role) =>
      READERS[role](artifacts.get(role)!),
    )
  },
  catalogue: readCatalogue,
  statistics: readStatistics,
  graph: readGraph,
  embeddings: readEmbeddings,
  encoder: readEncoder,
  reranker: (bytes) => foldNormalization(readReranker(bytes)),
  golden: (bytes) => readGolden(bytes, ITEMS),
}
const ROLES = Object.keys(READERS) as OwnRole[]
const artifacts = (await tinyGoldenArtifacts()).set('starter', tinyStarter())

/** Reads `bytes`, and says whether that failed; any failure but a coded one fails the test. */
function isRefused(role: OwnRole, bytes: Uint8Array): boolean {
  try {
    READERS[role](bytes)
    return false
  } catch (error) {
    if (!isVitrineError(error)) throw error
    expect(['ARTIFACT_CORRUPT', 'MODEL_UNSUPPORTED']).toContain(error.code)
    return true
  }
}

describe.each(ROLES)('the reader of %s', (role) => {
  const bytes = artifacts.get(role)!

  it('reads what its writer wrote, from any place in a buffer', () => {
    expect(isRefused(role, bytes)).toBe(false)
    const moved = new Uint8Array(bytes.length + 7)
    moved.set(bytes, 3)
    // As JSON, since a catalogue holds a function, and functions are never equal.
    const text = (from: Uint8Array): string => JSON.stringify(READERS[role](from))
    expect(text(moved.subarray(3, 3 + bytes.length))).toBe(text(bytes))
  })

  it('refuses every truncation', () => {
    for (let length = 0; length < bytes.length; length += 1 + Math.floor(bytes.length / 2000)) {
      expect(isRefused(role, bytes.slice(0, length))).toBe(true)
    }
  })

  it('refuses bytes that follow its end', () => {
    expect(isRefused(role, Uint8Array.of(...bytes, 0))).toBe(true)
  })

  it('refuses random bytes, also behind a valid beginning', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(40), (noise, kept) => {
        expect(isRefused(role, Uint8Array.of(...bytes.subarray(0, kept), ...noise))).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('never fails other than by code on changed bytes', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = bytes.slice()
        changed[at]! ^= change
        expect(() => isRefused(role, changed)).not.toThrow()
      }),
      { numRuns: 2000 },
    )
  })
})

describe('binary headers', () => {
  it.each(['graph', 'embeddings', 'encoder', 'statistics'] as const)(
    'a %s that claims enormous counts is refused before anything is allocated',
    (role) => {
      for (let field = 3; field < 5; field++) {
        const bytes = artifacts.get(role)!.slice()
        new DataView(bytes.buffer).setUint32(4 * field, 0xffff_fff0, true)
        expect(isRefused(role, bytes)).toBe(true)
      }
    },
  )

  it('another version is unsupported, not corrupt', () => {
    const bytes = artifacts.get('graph')!.slice()
    new DataView(bytes.buffer).setUint32(4, 1, true)
    expect(() => readGraph(bytes)).toThrow(expect.objectContaining({ code: 'MODEL_UNSUPPORTED' }))
  })
})

describe('the graph', () => {
  it('decodes companded levels to scale · (level / 255)²', () => {
    const stored = tinyGraph()
    const graph = readGraph(writeGraph({ ...stored, scales: new Float32Array(ITEMS).fill(3) }))
    expect(graph.offsets).toEqual(stored.offsets)
    expect(graph.neighbours).toEqual(stored.neighbours)
    expect(graph.weights[1]).toBeCloseTo(3 * (150 / 255) ** 2, 5)
  })

  it('that was tested before decodes a row when it is asked for, and refuses an unsound one even then', () => {
    const stored = tinyGraph()
    const bytes = writeGraph(stored)
    const graph = readGraph(bytes, { tested: true })
    const [start, end] = [stored.offsets[3]!, stored.offsets[4]!]
    expect(graph.neighbours.every((item) => item === 0)).toBe(true)
    graph.decodeRow!(3)
    expect(graph.neighbours.slice(start, end)).toEqual(stored.neighbours.slice(start, end))
    expect(graph.weights.slice(start, end)).toEqual(readGraph(bytes).weights.slice(start, end))
    bytes[bytes.length - 1] = 127 // The last gap of all.
    const unsound = readGraph(bytes, { tested: true })
    const last = stored.offsets.indexOf(stored.neighbours.length) - 1
    expect(() => unsound.decodeRow!(last)).toThrow(expect.objectContaining({ code: 'ARTIFACT_CORRUPT' }))
  })

  it('comes back whatever its rows are, also beyond the first kilobyte', () => {
    const rows = fc.array(fc.uniqueArray(fc.nat(299), { maxLength: 40 }), { minLength: 300, maxLength: 300 })
    fc.assert(
      fc.property(rows, (lists) => {
        const sorted = lists.map((list) => list.toSorted((a, b) => a - b))
        const offsets = new Uint32Array(301)
        for (const [i, list] of sorted.entries()) offsets[i + 1] = offsets[i]! + list.length
        const neighbours = Uint32Array.from(sorted.flat())
        const weights = Float32Array.from(neighbours, (item) => item / 7)
        const settings = { window: 10, decay: 0.5, selfWeight: 0 }
        const read = readGraph(
          writeGraph({ settings, offsets, neighbours, weights, scales: new Float32Array(300) }),
        )
        expect(read).toEqual({ settings, offsets, neighbours, weights })
      }),
      { numRuns: 30 },
    )
  })
})

describe('embeddings', () => {
  it('are a view of the bytes, not a copy', () => {
    const bytes = artifacts.get('embeddings')!
    const { values, ...rest } = readEmbeddings(bytes)
    const { values: expected, ...others } = tinyEmbeddings()
    expect(values.buffer).toBe(bytes.buffer)
    expect(Array.from(values)).toEqual(Array.from(expected))
    expect(rest).toEqual(others)
  })

  it('take half the bytes with 4 bits a value, and are the same int8 table when read', () => {
    const values = Int8Array.from({ length: 3 * 16 }, (_, i) => (i % 16) - 8)
    const embeddings = { count: 3, dimension: 16, values, scales: Float32Array.of(0.1, 0.2, 0.3) }
    const bytes = writeEmbeddings(embeddings, { bits: 4 })
    expect(bytes.length).toBe(writeEmbeddings(embeddings).length - 3 * 8)
    expect(readEmbeddings(bytes)).toEqual(embeddings)
    expect(() => readEmbeddings(bytes.subarray(0, -1))).toThrow(/damaged/u)
  })
})

describe('the catalogue', () => {
  it('gives back each item as it was, with hostile text as text', () => {
    const items = [
      ...CATALOGUE,
      { id: '__proto__', title: '<img src=x onerror=alert(1)>', url: 'javascript:alert(1)' },
      { id: 'constructor', title: '\u202e\u0000' },
    ]
    const catalogue = readCatalogue(writeCatalogue(items))
    expect(items.map((_, i) => itemAt(catalogue, i))).toEqual(items)
    expect(catalogue.indexOf('__proto__')).toBe(ITEMS)
    expect(catalogue.indexOf('toString')).toBeUndefined()
  })

  it('refuses an id that occurs twice', () => {
    const twice = [CATALOGUE[0]!, CATALOGUE[0]!]
    expect(() => readCatalogue(writeCatalogue(twice))).toThrow(/twice/u)
  })
})
