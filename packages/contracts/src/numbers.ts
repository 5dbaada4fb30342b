/** Schemas of numbers, each one check that says in words what it wants: error messages are built from them. */
import * as v from './schema.ts'

/** A whole number from `least` to `most`. */
// The annotation lets a bundler leave out the schemas that a page does not use.
// @__NO_SIDE_EFFECTS__
export function whole(least: number, most: number = Number.MAX_SAFE_INTEGER): v.Schema<number> {
  return v.pipe(
    v.number,
    v.check(
      (value) => Number.isSafeInteger(value) && value >= least && value <= most,
      `a whole number from ${least} to ${most}`,
    ),
  )
}

/** Neither NaN nor infinite. */
export const finite: v.Schema<number> = v.pipe(
  v.number,
  v.check((value) => Number.isFinite(value), 'a finite number'),
)

/** A price, for instance. */
export const atLeastZero: v.Schema<number> = v.pipe(
  finite,
  v.check((value) => value >= 0, 'at least 0'),
)
