/** Codes of errors that may come from another file of this package, whose `VitrineError` is another class. */
import type { ErrorCode, VitrineError } from '@vitrine/contracts'

/** True for a `VitrineError`, also one of another copy of this package. Of codes it knows no list, which would be long. */
export function isCoded(error: unknown): error is VitrineError {
  return error instanceof Error && error.name === 'VitrineError'
}

/** The code of a `VitrineError`; undefined for anything else. */
export function codeOf(error: unknown): ErrorCode | undefined {
  return isCoded(error) ? error.code : undefined
}
