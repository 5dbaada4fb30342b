/** Reads times and numbers as shops' exports write them. */

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?(?: ?(Z|UTC|[+-]\d{2}:?\d{2}))?$/u
const SLASHED = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?)?$/u
const EPOCH = /^\d{9,16}$/u

/** Which number of `12/1/2010` is the day. */
export type DateOrder = 'dmy' | 'mdy'

/**
 * Returns Unix milliseconds, or `undefined` when `text` is no time. Understood are ISO 8601 dates and times
 * (UTC where no zone is given), Unix seconds, milliseconds and microseconds (by the number of digits), and,
 * once `order` says which number is the day, `12/1/2010 8:26` and `12.1.2010 8:26`.
 */
export function parseTime(text: string, order?: DateOrder): number | undefined {
  const iso = ISO.exec(text)
  if (iso) {
    const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = iso
    const local = utc(Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second))
    if (local === undefined) return undefined
    return local + Number(fraction.padEnd(3, '0').slice(0, 3)) - zoneOffset(zone)
  }
  if (EPOCH.test(text)) {
    const scale = text.length <= 10 ? 1000 : text.length <= 13 ? 1 : 1 / 1000
    return Math.trunc(Number(text) * scale)
  }
  const slashed = order && SLASHED.exec(text)
  if (!slashed) return undefined
  const [, a, b, year, hour = '0', minute = '0', second = '0'] = slashed
  const [day, month] = order === 'dmy' ? [a, b] : [b, a]
  return utc(Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second))
}

function utc(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number | undefined {
  // Date.UTC takes 31 February for 3 March; second 60 is a leap second and runs into the next minute.
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate()
  if (month < 1 || month > 12 || day < 1 || day > days || hour > 23 || minute > 59 || second > 60) {
    return undefined
  }
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

/** Milliseconds east of UTC. */
function zoneOffset(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z' || zone === 'UTC') return 0
  const sign = zone.startsWith('-') ? -1 : 1
  return sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))) * 60_000
}

/** Returns the number, or `undefined` when `text` is none. One comma before one or two last digits is decimal: `2,55`. */
export function parseNumber(text: string): number | undefined {
  const value = Number(/^-?\d+,\d{1,2}$/u.test(text) ? text.replace(',', '.') : text)
  return text.trim() !== '' && Number.isFinite(value) ? value : undefined
}
