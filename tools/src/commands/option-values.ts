/** Parses option values that several commands share. */
import { InvalidArgumentError } from 'commander'

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 }

/** `90s`, `15m`, `1.5h` in milliseconds. */
export function milliseconds(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([smh])$/u.exec(text) ?? []
  const ms = Number(amount) * (UNIT_MS[unit ?? ''] ?? 0)
  if (!(ms > 0)) throw new InvalidArgumentError('Write a duration such as 90s, 15m or 1h.')
  return ms
}

const UNIT_BYTES: Readonly<Record<string, number>> = { '': 1, B: 1, kB: 1e3, MB: 1e6 }

/** `3MB`, `800kB`, `2500000` in bytes. */
export function bytes(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?) ?(B|kB|MB)?$/u.exec(text) ?? []
  const count = Math.floor(Number(amount) * UNIT_BYTES[unit ?? '']!)
  if (!(count > 0)) throw new InvalidArgumentError('Write a size such as 3MB, 800kB or 2500000.')
  return count
}

/** `2026-10-01`, or ISO 8601 with a time, as Unix ms; UTC where no zone is named. */
export function date(text: string): number {
  const isIso = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/u.test(text)
  const at = isIso ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at))
    throw new InvalidArgumentError('Write a date such as 2026-10-01 or 2026-10-01T12:00Z.')
  return at
}

/** A share, 0 up to but without 1. */
export function fraction(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value < 1)) {
    throw new InvalidArgumentError('Write a share from 0 to below 1, such as 0.1.')
  }
  return value
}

/** Shares separated by commas. */
export function fractions(text: string): number[] {
  return list(text).map(fraction)
}

/** `10` or `10%` as 0.1. */
export function percent(text: string): number {
  const value = Number(text.replace(/%$/u, ''))
  if (!/^\d+(?:\.\d+)?%?$/u.test(text) || value > 100) {
    throw new InvalidArgumentError('Write a percentage from 0 to 100, such as 10.')
  }
  return value / 100
}

/** A whole number from `least` on. */
export function integerFrom(least: number, most: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^\d+$/u.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(
        `Write a whole number from ${least}${most < Number.MAX_SAFE_INTEGER ? ` to ${most}` : ' on'}.`,
      )
    }
    return value
  }
}

/** What `parse` reads, or the word `auto`. */
export function orAuto<T>(parse: (text: string) => T): (text: string) => T | 'auto' {
  return (text) => (text === 'auto' ? text : parse(text))
}

/** Names separated by commas, each one of `known`. */
export function namesOf<T extends string>(known: readonly T[]): (text: string) => T[] {
  return (text) => {
    const names = list(text)
    const strange = names.find((name) => !(known as readonly string[]).includes(name))
    if (strange !== undefined || new Set(names).size < names.length) {
      throw new InvalidArgumentError(`Write some of ${known.join(', ')}, each once, separated by commas.`)
    }
    return names as T[]
  }
}

/** Ids or names separated by commas. */
export function list(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
