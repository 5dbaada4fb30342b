import { describe, expect, it } from 'vitest'
import * as v from './schema.ts'

/** What `schema` makes of `input`: the value, or what it expected. */
function read<T>(schema: v.Schema<T>, input: unknown): { value: T | undefined; issues: string[] } {
  const issues: string[] = []
  return { value: schema(input, issues, ''), issues }
}

interface Line {
  item: string
  note?: string
  tags?: string[]
}

const line: v.Schema<Line> = v.strictObject({
  item: v.pipe(v.string, v.minLength(1), v.maxLength(3), v.regex(/^[a-z]*$/u)),
  note: v.optional(v.string),
  tags: v.optional(v.pipe(v.array(v.string), v.maxLength(2))),
})

describe('a schema', () => {
  it('returns a value of its own, with known entries alone', () => {
    const input = { item: 'a', note: 'n', tags: ['x'] }
    const { value, issues } = read(line, input)
    expect({ value, issues }).toEqual({ value: input, issues: [] })
    expect(value).not.toBe(input)
    const open: v.Schema<{ a: number }> = v.object({ a: v.number })
    expect(read(open, { a: 1, b: 2 })).toEqual({ value: { a: 1 }, issues: [] })
  })

  it.each<[string, unknown, string[]]>([
    ['no object', 'x', ['expected Object']],
    ['null', null, ['expected Object']],
    ['a missing entry', {}, ['item: expected "item"']],
    ['an entry of another type', { item: 1 }, ['item: expected string']],
    ['an optional entry that is undefined', { item: 'a', note: undefined }, ['note: expected string']],
    ['every check that fails', { item: 'ABCD' }, ['item: expected <=3', 'item: expected /^[a-z]*$/u']],
    ['no text', { item: '' }, ['item: expected >=1']],
    ['the place in a list', { item: 'a', tags: ['x', 2] }, ['tags.1: expected string']],
    // oxlint-disable-next-line no-sparse-arrays -- A hole is what is put to the test.
    ['a hole in a list', { item: 'a', tags: [, 'x'] }, ['tags.0: expected string']],
    ['no list', { item: 'a', tags: { 0: 'x', length: 1 } }, ['tags: expected Array']],
    ['a list that is too long', { item: 'a', tags: ['x', 'y', 'z'] }, ['tags: expected <=2']],
    ['the first unknown entry', { item: 'a', more: 1, most: 2 }, ['more: expected never']],
    ['an own __proto__', JSON.parse('{"item":"a","__proto__":{}}'), ['__proto__: expected never']],
  ])('names %s', (_, input, issues) => {
    expect(read(line, input).issues).toEqual(issues)
  })

  it('checks nothing further of a value that has the wrong type', () => {
    const never = v.check<Line>(() => expect.unreachable(), 'nothing')
    expect(read(v.pipe(line, never), { item: 2 })).toEqual({
      value: undefined,
      issues: ['item: expected string'],
    })
  })

  it('tells numbers from NaN, and names what it may be one of', () => {
    expect(read(v.number, Number.NaN).issues).toEqual(['expected number'])
    expect(read(v.oneOf(['a', 'b']), 'c').issues).toEqual(['expected ("a" | "b")'])
    expect(read(v.oneOf([1]), '1').issues).toEqual(['expected 1'])
    expect(read(v.oneOf([1]), 1)).toEqual({ value: 1, issues: [] })
  })

  it('reads a record without keys that reach what all objects share', () => {
    const input: unknown = JSON.parse('{"a":1,"__proto__":2,"constructor":3}')
    const { value } = read(v.record(v.number), input)
    expect(Object.entries(value ?? {})).toEqual([['a', 1]])
    expect(read(v.record(v.number), { a: 'x' }).issues).toEqual(['a: expected number'])
  })
})
