import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import type { BehaviorEvent } from './event.ts'
import { EVENT_TYPES, parseEvent } from './event.ts'
import { parseItem } from './item.ts'
import { parseManifest } from './manifest.ts'
import {
  MAX_BATCH_EVENTS,
  parseEraseRequest,
  parseErrorBody,
  parseEventAck,
  parseEventBatch,
  parseRecommendRequest,
} from './request.ts'

const device = '0123456789abcdef0123456789abcdef'

const event = fc.record(
  {
    type: fc.constantFrom(...EVENT_TYPES.filter((type) => type !== 'search')),
    item: fc.string({ minLength: 1, maxLength: 128, unit: 'grapheme-ascii' }),
    at: fc.integer({ min: 0, max: 253_402_300_799_999 }),
    placement: fc.string({ minLength: 1, maxLength: 40 }),
    value: fc.double({ noNaN: true, noDefaultInfinity: true }),
  },
  { requiredKeys: ['type', 'item', 'at'] },
)

const batch = fc
  .record({
    firstSeq: fc.integer({ min: 1, max: 2 ** 40 }),
    events: fc.array(event, { minLength: 1, maxLength: 20 }),
    sentAt: fc.integer({ min: 0, max: 2 ** 45 }),
  })
  .map(({ firstSeq, events, sentAt }) => ({
    device,
    epoch: device,
    firstSeq,
    events: events.map((each, index): BehaviorEvent => ({ ...each, seq: firstSeq + index })),
    sentAt,
  }))

describe('parseEventBatch', () => {
  it('returns every valid batch unchanged after a trip through JSON', () => {
    fc.assert(
      fc.property(batch, (input) => {
        // JSON turns -0 into 0; toEqual would tell them apart.
        const wire: unknown = JSON.parse(JSON.stringify(input))
        expect(parseEventBatch(wire)).toEqual(wire)
      }),
    )
  })

  it('refuses a batch whose seq has a gap, a repeat, or does not begin at firstSeq', () => {
    fc.assert(
      fc.property(batch, fc.nat(), fc.integer({ min: -3, max: 3 }), (input, pick, shift) => {
        fc.pre(shift !== 0)
        const index = pick % input.events.length
        const events = input.events.map((each, i) =>
          i === index ? { ...each, seq: each.seq + shift } : each,
        )
        expect(() => parseEventBatch({ ...input, events })).toThrow(
          expect.objectContaining({ code: 'INVALID_REQUEST' }),
        )
      }),
    )
  })

  it('refuses an empty and an overlong batch', () => {
    const one = { type: 'view' as const, item: 'a', at: 0 }
    const of = (length: number): unknown => ({
      device,
      epoch: device,
      firstSeq: 1,
      events: Array.from({ length }, (_, index) => ({ ...one, seq: index + 1 })),
      sentAt: 0,
    })
    expect(() => parseEventBatch(of(0))).toThrow(/events/u)
    expect(() => parseEventBatch(of(MAX_BATCH_EVENTS))).not.toThrow()
    expect(() => parseEventBatch(of(MAX_BATCH_EVENTS + 1))).toThrow(/events/u)
  })
})

describe('parseRecommendRequest', () => {
  it.each([
    ['k of 0', { placement: 'home', k: 0 }],
    ['k of 201', { placement: 'home', k: 201 }],
    ['a fraction as k', { placement: 'home', k: 1.5 }],
    ['no placement', { k: 3 }],
    ['a condition it does not know', { placement: 'home', k: 3, where: { colour: 'red' } }],
  ])('refuses %s', (_, input) => {
    expect(() => parseRecommendRequest(input)).toThrow(expect.objectContaining({ code: 'INVALID_REQUEST' }))
  })

  it('accepts the request of the README', () => {
    const request = {
      placement: 'product-page',
      anchor: '85123A',
      k: 12,
      exclude: ['22423'],
      where: { inStock: true, category: 'kitchen' },
    }
    expect(parseRecommendRequest(request)).toEqual(request)
  })
})

describe('every parser', () => {
  const parsers = {
    parseEvent,
    parseItem,
    parseManifest,
    parseEventBatch,
    parseEventAck,
    parseRecommendRequest,
    parseEraseRequest,
    parseErrorBody,
  }
  it.each(Object.entries(parsers))(
    '%s throws a coded error on anything else, never another one',
    (_, parse) => {
      fc.assert(
        fc.property(fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true }), (input) => {
          try {
            parse(input)
          } catch (error) {
            expect(error).toMatchObject({ name: 'VitrineError', code: expect.stringMatching(/^INVALID_/u) })
          }
        }),
        { numRuns: 500 },
      )
    },
  )
})
