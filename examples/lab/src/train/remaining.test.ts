import { expect, it } from 'vitest'
import { remaining } from './remaining.ts'

it('says nothing before there is something to go by', () => {
  expect(remaining(0.005, 60_000)).toBeUndefined()
  expect(remaining(0.5, 500)).toBeUndefined()
})

it('goes by what it took so far', () => {
  expect(remaining(0.25, 10_000)).toBe('about 30 seconds left')
  expect(remaining(0.1, 60_000)).toBe('about 9 minutes left')
  expect(remaining(1, 60_000)).toBe('about 1 seconds left')
})
