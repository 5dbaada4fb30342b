/** Batches of events for tests: small, valid, and told apart by their items. */
import type { BehaviorEvent, EventBatch } from '@vitrine/contracts'

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

/** A batch of device 1 in epoch 2 as it goes over the wire. */
export function batchOf(first: number, last: number, fields: Partial<EventBatch> = {}): EventBatch {
  const events = eventsOf(first, last)
  return {
    device: randomIdOf(1),
    epoch: randomIdOf(2),
    firstSeq: first,
    events,
    sentAt: 1_700_000_001_000,
    ...fields,
  }
}
