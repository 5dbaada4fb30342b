import { expect, it } from 'vitest'
import { VitrineShelf, defineShelf } from './index.ts'

it('is imported on a server, where it defines nothing', () => {
  expect(globalThis.customElements).toBeUndefined()
  expect(() => defineShelf()).not.toThrow()
  expect(VitrineShelf.observedAttributes).toContain('placement')
})
