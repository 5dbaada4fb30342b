/** The bridge from a schema to a coded error. */
import { type ErrorCode, VitrineError } from './errors.ts'
import type { Schema } from './schema.ts'

const MAX_ISSUES_SHOWN = 3

/**
 * Returns `input` as the schema's output, or throws `VitrineError(code)` naming the first few offending
 * paths.
 */
export function parseWith<T>(schema: Schema<T>, input: unknown, code: ErrorCode, what: string): T {
  const issues: string[] = []
  const output = schema(input, issues, '')
  if (output !== undefined && issues.length === 0) return output
  const more = issues.length - MAX_ISSUES_SHOWN
  throw new VitrineError(
    code,
    `${what} is not valid: ${issues.slice(0, MAX_ISSUES_SHOWN).join('; ')}${more > 0 ? `; and ${more} more` : ''}`,
  )
}
