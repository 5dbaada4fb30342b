/** The bridge from a valibot schema to a coded error; the only file that knows how issues are worded. */
import * as v from 'valibot'
import { type ErrorCode, VitrineError } from './errors.ts'

const MAX_ISSUES_SHOWN = 3

/**
 * Returns `input` as the schema's output, or throws `VitrineError(code)` naming the first few offending
 * paths. Values are not echoed: what arrives here may hold personal data.
 */
export function parseWith<T>(
  schema: v.GenericSchema<unknown, T>,
  input: unknown,
  code: ErrorCode,
  what: string,
): T {
  const result = v.safeParse(schema, input)
  if (result.success) return result.output
  const shown = result.issues.slice(0, MAX_ISSUES_SHOWN).map(describe)
  const more = result.issues.length - shown.length
  throw new VitrineError(
    code,
    `${what} is not valid: ${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`,
  )
}

function describe(issue: v.BaseIssue<unknown>): string {
  const path = issue.path?.map(({ key }) => String(key)).join('.')
  // Only checks expect nothing by name; their messages are ours and say it. Others' would echo the value.
  return `${path ? `${path}: ` : ''}expected ${issue.expected ?? issue.message}`
}
