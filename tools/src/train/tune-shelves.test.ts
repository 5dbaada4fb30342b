import { EVENT_TYPES } from '@vitrine/contracts'
import { DEFAULT_SHELVES, type Evidence } from '@vitrine/recommender'
import { describe, expect, it } from 'vitest'
import { countPopularity } from './popularity.ts'
import { quantizeRows } from '../quantize/int8.ts'
import { createRandom, normal } from './random.ts'
import { tuneShelves } from './tune-shelves.ts'

const ITEMS = 60
const DIMENSION = 16
const SHOPPERS = 30
const VISITS = 10
const VIEW = EVENT_TYPES.indexOf('view')
const CART = EVENT_TYPES.indexOf('add_to_cart')

/**
 * Each visit has one item of the shopper's two staples, put into the cart, and thirty that are looked at by chance:
 * what was in the cart comes again.
 */
function shopOf(stapleType: number) {
  const random = createRandom(1)
  const items: number[] = []
  const types: number[] = []
  const offsets = [0]
  const shoppers: number[] = []
  for (let visit = 0; visit < VISITS; visit++) {
    for (let shopper = 0; shopper < SHOPPERS; shopper++) {
      const staple = 2 * (shopper % 10) + (visit % 2)
      for (let look = 0; look < 30; look++) {
        items.push(20 + Math.floor(40 * random()))
        types.push(VIEW)
      }
      items.push(staple)
      types.push(stapleType)
      offsets.push(items.length)
      shoppers.push(shopper)
    }
  }
  return {
    sessions: { offsets: Uint32Array.from(offsets), items: Uint32Array.from(items) },
    shoppers: Int32Array.from(shoppers),
    types: Uint8Array.from(types),
  }
}

function evidenceOf(sessions: { offsets: Uint32Array; items: Uint32Array }): Evidence {
  const random = createRandom(2)
  const values = Float32Array.from({ length: ITEMS * DIMENSION }, () => normal(random) / 4)
  return {
    embeddings: { count: ITEMS, dimension: DIMENSION, ...quantizeRows(values, DIMENSION) },
    encoder: {
      dimension: DIMENSION,
      temperature: 16,
      priorWeight: 0,
      positions: new Float32Array(2),
      weights: new Float32Array(2 * DIMENSION * DIMENSION),
    },
    graph: {
      settings: { window: 1, decay: 1, selfWeight: 0 },
      offsets: new Uint32Array(ITEMS + 1),
      neighbours: new Uint32Array(),
      weights: new Float32Array(),
    },
    statistics: countPopularity(sessions, ITEMS, 0),
  }
}

const options = { seed: 1, pause: async (): Promise<void> => undefined }

describe('settings of shelves', () => {
  it('let an add_to_cart count more than a view where carts come again', async () => {
    const shop = shopOf(CART)
    const first = 0.8 * SHOPPERS * VISITS
    const { types } = await tuneShelves({ ...shop, evidence: evidenceOf(shop.sessions), first, ...options })
    expect(types.add_to_cart).toBe(1)
    expect(types.view).toBeLessThan(1)
  }, 60_000)

  it('weigh no types where all events are of one', async () => {
    const { sessions, shoppers } = shopOf(VIEW)
    const first = 0.8 * SHOPPERS * VISITS
    const settings = await tuneShelves({
      sessions,
      shoppers,
      evidence: evidenceOf(sessions),
      first,
      ...options,
    })
    expect(settings.types).toEqual({})
  })

  it('stay as without training where nobody knows the shoppers', async () => {
    const { sessions } = shopOf(VIEW)
    const {
      trending: _,
      similar: __,
      ...settings
    } = await tuneShelves({
      sessions,
      evidence: evidenceOf(sessions),
      first: 240,
      ...options,
    })
    const { trending: ___, similar: ____, ...untrained } = DEFAULT_SHELVES
    expect(settings).toEqual(untrained)
  })
})
