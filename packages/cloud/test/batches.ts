/** Batches of events for tests: small, valid, and told apart by their items. */
import type { BehaviorEvent } from '@vitrine/contracts'

/** 32 hex digits out of one small number. */
export function randomIdOf(seed: number): string {
  return seed.toString(16).padStart(32, '0')
}

/** Events `first` to `last`, both included; each names its own number. */
export function eventsOf(first: number, last: number, at = 1_700_000_000_000): BehaviorEvent[] {
  return Array.from({ length: last - first + 1 }, (_, index) => ({
    seq: first + index,
    type: 'view',
    item: `item-${first + index}`,
    at: at + index,
  }))
}

/** Numbers `first` to `last`, both included. */
export function numbers(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}
