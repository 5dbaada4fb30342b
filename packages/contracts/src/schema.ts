/** Schemas: small functions that check input of unknown type, and say what they expected where. */

/**
 * Returns `input` as a T, or `undefined` where it is none. Whatever is wrong, of that kind or milder, is added to
 * `issues`; `path` is where `input` stands, `''` for the whole.
 */
export type Schema<T> = (input: unknown, issues: string[], path: string) => T | undefined

/** A condition on a value that has the right type. */
export type Check<T> = (value: T, issues: string[], path: string) => void

/** An entry that may be missing; where it is there it is not `undefined`. */
export interface Optional<T> {
  readonly optional: Schema<T>
}

/** The schemas of an object's entries. */
export type Entries<T> = {
  readonly [K in keyof T]-?: object extends Pick<T, K> ? Optional<Required<T>[K]> : Schema<T[K]>
}

// The annotations let a bundler leave out the schemas that a page does not use.

/** Values are not echoed: what arrives here may hold personal data. */
export function refuse(issues: string[], path: string, expected: string): undefined {
  issues.push(`${path && `${path}: `}expected ${expected}`)
}

export const string: Schema<string> = (input, issues, path) =>
  typeof input === 'string' ? input : refuse(issues, path, 'string')

export const boolean: Schema<boolean> = (input, issues, path) =>
  typeof input === 'boolean' ? input : refuse(issues, path, 'boolean')

/** Not NaN. */
export const number: Schema<number> = (input, issues, path) =>
  typeof input === 'number' && !Number.isNaN(input) ? input : refuse(issues, path, 'number')

/** One of `options`. */
// @__NO_SIDE_EFFECTS__
export function oneOf<const T extends string | number>(options: readonly T[]): Schema<T> {
  return (input, issues, path) => {
    if (options.includes(input as T)) return input as T
    const names = options.map((option) => JSON.stringify(option)).join(' | ')
    return refuse(issues, path, options.length > 1 ? `(${names})` : names)
  }
}

/** A list of what `item` describes. */
// @__NO_SIDE_EFFECTS__
export function array<T>(item: Schema<T>): Schema<T[]> {
  return (input, issues, path) => {
    if (!Array.isArray(input)) return refuse(issues, path, 'Array')
    // Not map: it would skip holes.
    const values = Array.from(input, (value, index) => item(value, issues, below(path, index)))
    return values.includes(undefined) ? undefined : (values as T[])
  }
}

/** An object with these entries and no other. */
// @__NO_SIDE_EFFECTS__
export function strictObject<T extends object>(entries: NoInfer<Entries<T>>): Schema<T> {
  const known = object<T>(entries)
  return (input, issues, path) => {
    const value = known(input, issues, path)
    if (!isObject(input)) return undefined
    for (const key in input) {
      // The first says enough.
      if (!Object.hasOwn(entries, key)) return refuse(issues, below(path, key), 'never')
    }
    return value
  }
}

/** An object with these entries; others are left out. */
// @__NO_SIDE_EFFECTS__
export function object<T extends object>(entries: NoInfer<Entries<T>>): Schema<T> {
  return (input, issues, path) => {
    if (!isObject(input)) return refuse(issues, path, 'Object')
    const values: Record<string, unknown> = {}
    let isWhole = true
    for (const [key, entry] of Object.entries<Schema<unknown> | Optional<unknown>>(entries)) {
      const schema = typeof entry === 'function' ? entry : entry.optional
      if (key in input) {
        values[key] = schema(input[key], issues, below(path, key))
        isWhole &&= values[key] !== undefined
      } else if (schema === entry) {
        refuse(issues, below(path, key), `"${key}"`)
        isWhole = false
      }
    }
    return isWhole ? (values as T) : undefined
  }
}

/** An object with any keys. */
// @__NO_SIDE_EFFECTS__
export function record<T>(value: Schema<T>): Schema<Record<string, T>> {
  return (input, issues, path) => {
    if (!isObject(input)) return refuse(issues, path, 'Object')
    const entries = Object.entries(input)
      // A key that would reach what all objects share is nobody's.
      .filter(([key]) => key !== '__proto__' && key !== 'prototype' && key !== 'constructor')
      .map(([key, entry]) => [key, value(entry, issues, below(path, key))] as const)
    if (entries.some(([, entry]) => entry === undefined)) return undefined
    return Object.fromEntries(entries) as Record<string, T>
  }
}

/** Marks an entry that may be missing. */
// @__NO_SIDE_EFFECTS__
export function optional<T>(schema: Schema<T>): Optional<T> {
  return { optional: schema }
}

/** What `schema` describes, where every one of `checks` holds; all that do not are named. */
// @__NO_SIDE_EFFECTS__
export function pipe<T>(schema: Schema<T>, ...checks: readonly Check<NoInfer<T>>[]): Schema<T> {
  return (input, issues, path) => {
    const value = schema(input, issues, path)
    if (value !== undefined) for (const check of checks) check(value, issues, path)
    return value
  }
}

/** Holds where `test` says so; `expected` says it in words. */
// @__NO_SIDE_EFFECTS__
export function check<T>(test: (value: T) => boolean, expected: string): Check<T> {
  return (value, issues, path) => {
    if (!test(value)) refuse(issues, path, expected)
  }
}

/** At least `least` elements or UTF-16 code units. */
// @__NO_SIDE_EFFECTS__
export function minLength(least: number): Check<{ readonly length: number }> {
  return check(({ length }) => length >= least, `>=${least}`)
}

/** At most `most` elements or UTF-16 code units. */
// @__NO_SIDE_EFFECTS__
export function maxLength(most: number): Check<{ readonly length: number }> {
  return check(({ length }) => length <= most, `<=${most}`)
}

/** A text that `pattern` finds something in. */
// @__NO_SIDE_EFFECTS__
export function regex(pattern: RegExp): Check<string> {
  return check((text) => pattern.test(text), String(pattern))
}

function isObject(input: unknown): input is Record<string, unknown> {
  return typeof input === 'object' && input !== null
}

function below(path: string, key: string | number): string {
  return path ? `${path}.${key}` : String(key)
}
