import { expect, it } from 'vitest'
import { pagesAround } from './product-grid.tsx'

it('shows the first, the last and the neighbouring pages, with 0 for a gap', () => {
  expect(pagesAround(1, 1)).toEqual([1])
  expect(pagesAround(1, 9)).toEqual([1, 2, 0, 9])
  expect(pagesAround(5, 9)).toEqual([1, 0, 4, 5, 6, 0, 9])
  expect(pagesAround(9, 9)).toEqual([1, 0, 8, 9])
})
