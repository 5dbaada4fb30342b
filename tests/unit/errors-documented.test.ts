/** docs/errors.md and the code's list of error codes are the same list. */
import { readFileSync } from 'node:fs'
import { ERROR_CODES } from '@vitrine/contracts'
import { expect, it } from 'vitest'

it('docs/errors.md has one heading for each code, in the order of ERROR_CODES', () => {
  const text = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')
  const headings = [...text.matchAll(/^### ([A-Z_]+)$/gmu)].map((match) => match[1])
  expect(headings).toEqual([...ERROR_CODES])
})
