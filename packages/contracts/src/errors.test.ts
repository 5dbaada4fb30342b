import { describe, expect, it } from 'vitest'
import { VitrineError, isVitrineError } from './errors.ts'

describe('isVitrineError', () => {
  it('knows an error made by another copy of the package, and nothing else', () => {
    const foreign = Object.assign(new Error('x'), { name: 'VitrineError', code: 'NOT_FOUND' })
    expect(isVitrineError(foreign)).toBe(true)
    expect(isVitrineError(new VitrineError('INTERNAL', 'x'))).toBe(true)
    expect(isVitrineError(Object.assign(new Error('x'), { code: 'NOT_FOUND' }))).toBe(false)
    expect(isVitrineError(Object.assign(new Error('x'), { name: 'VitrineError', code: 'ENOENT' }))).toBe(
      false,
    )
    expect(isVitrineError({ name: 'VitrineError', code: 'NOT_FOUND' })).toBe(false)
  })

  it('keeps the cause', () => {
    const cause = new TypeError('socket closed')
    expect(new VitrineError('NETWORK_FAILED', 'x', { cause }).cause).toBe(cause)
  })
})
