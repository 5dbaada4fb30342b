/** Memory by hand: tables one after the other, aligned to a cache line. */

let top: usize = 0

/** Forgets all tables. */
export function clearTables(): void {
  top = __heap_base
}

/** Returns where a new table of `count` numbers of 32 bits begins. */
export function placeTable(count: i32): usize {
  const at = (top + 63) & ~63
  top = at + ((<usize>count) << 2)
  return at
}

/** Returns where the last table ends. */
export function endOfTables(): usize {
  return top
}
