import { describe, expect, it } from 'vitest'
import { readLines } from './lines.ts'
import { type SourceRecord, guessDialect, readDelimited, readNdjson } from './records.ts'

/** The bytes of `text`, in pieces of `size`: characters and lines are torn apart. */
async function* bytesOf(text: string, size = 3): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size)
}

async function all<T>(batches: AsyncIterable<T[]>): Promise<T[]> {
  const result: T[] = []
  for await (const batch of batches) result.push(...batch)
  return result
}

describe('readLines', () => {
  it('keeps characters whole across pieces, and U+2028 inside a line', async () => {
    expect(await all(readLines(bytesOf('\uFEFFä€\u2028x\r\n\nlast', 1)))).toEqual(['ä€\u2028x', '', 'last'])
  })
})

function read(text: string): Promise<SourceRecord[]> {
  return all(readDelimited(bytesOf(text), ','))
}

describe('guessDialect', () => {
  it.each([
    ['{"a":1}', { format: 'ndjson' }],
    ['a;b;c,d', { format: 'csv', separator: ';' }],
    ['a\tb', { format: 'csv', separator: '\t' }],
    ['a', { format: 'csv', separator: ',' }],
  ])('takes %j for %j', (line, dialect) => {
    expect(guessDialect(line)).toEqual(dialect)
  })
})

describe('readDelimited', () => {
  it('numbers lines, skips blank ones, and reads quotes', async () => {
    expect(await read('a,b\n1,"x, ""y"""\n\n2,z\n')).toEqual([
      { line: 1, fields: ['a', 'b'] },
      { line: 2, fields: ['1', 'x, "y"'] },
      { line: 4, fields: ['2', 'z'] },
    ])
  })

  it('reports a row with another number of fields by its line, and goes on', async () => {
    expect(await read('a,b\n1\n2,z\n')).toEqual([
      { line: 1, fields: ['a', 'b'] },
      { line: 2, problem: 'another number of fields than the header' },
      { line: 3, fields: ['2', 'z'] },
    ])
  })

  it('takes an inch sign for what it is', async () => {
    expect((await read('a,b\n1,5" plate\n'))[1]).toEqual({ line: 2, fields: ['1', '5" plate'] })
  })

  it('counts every line that a stray quote swallowed', async () => {
    expect(
      (await read('a,b\n1,"x\n2,y\n3",z\n4,v\n')).slice(1).map(({ line, problem }) => [line, problem]),
    ).toEqual(
      expect.arrayContaining([
        [2, expect.any(String)],
        [3, expect.any(String)],
        [4, expect.any(String)],
      ]),
    )
  })

  it.each(['2,y\n', ''])('stops at a quote that never closes, followed by %j', async (row) => {
    const text = `a,b\n1,"x\n${row.repeat(400_000)}`
    await expect(all(readDelimited(bytesOf(text, 1 << 16), ','))).rejects.toMatchObject({
      code: 'INPUT_UNREADABLE',
    })
  })
})

describe('readNdjson', () => {
  it('reports what is no JSON object by its line', async () => {
    expect(await all(readNdjson(bytesOf('{"a":1}\n\n{"a":\n7\n')))).toEqual([
      { line: 1, json: { a: 1 } },
      { line: 3, problem: 'not JSON' },
      { line: 4, problem: 'not a JSON object' },
    ])
  })
})
