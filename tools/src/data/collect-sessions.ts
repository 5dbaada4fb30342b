/** Collects sessions line by line or event by event, in typed arrays; in Node as in a browser. */
import { EVENT_TYPES } from '@vitrine/contracts'
import type { Sessions } from '../train/sessions.ts'
import { growingFloats, growingIntegers } from './growing-numbers.ts'

/** S sessions over N items. */
export interface SessionLog {
  /** `[N]`, by first occurrence. */
  ids: readonly string[]
  /** Indices into `ids`; sessions in order of their end, or of the file. */
  sessions: Sessions
  /** `[S]`, Unix ms of each session's first and last event; missing for a file without times. */
  times?: { started: Float64Array; ended: Float64Array }
  /** `[S]`, whose session it is, '' where nothing says; missing for a file without users. */
  users?: readonly string[]
  /** `[events]`, places in `EVENT_TYPES`; missing where all events are of one type. */
  types?: Uint8Array
}

/** What a session is made of: a part of what `vitrine import` writes. */
export interface SessionEvent {
  session: string
  user?: string
  item: string
  type: string
  /** Unix ms. */
  at: number
}

const TYPES: readonly string[] = EVENT_TYPES
/** By type: a purchase says more than a cart, and that more than a look. */
const STRENGTHS = TYPES.map((type) => ['add_to_cart', 'purchase'].indexOf(type))

/** Takes sessions in their order. */
export class SessionLines {
  readonly #index = new IdIndex()
  readonly #items = growingIntegers()
  readonly #offsets = growingIntegers()

  constructor() {
    this.#offsets.push(0)
  }

  /** Adds a session; an empty one is none. */
  add(ids: readonly string[]): void {
    if (ids.length === 0) return
    for (const id of ids) this.#items.push(this.#index.of(id))
    this.#offsets.push(this.#items.length)
  }

  log(): SessionLog {
    return {
      ids: this.#index.ids,
      sessions: { offsets: this.#offsets.view().slice(), items: this.#items.view().slice() },
    }
  }
}

/**
 * Takes events in order of time. Impressions are left out, they are the shop's doing; of neighbouring events on one
 * item in one session with different types (a view, then the cart) only the first counts, as one of the strongest of
 * these types, while repeated events of one type all count.
 */
export class SessionEvents {
  readonly #index = new IdIndex()
  readonly #numbers = new Map<string, number>()
  /** By event. */
  readonly #items = growingIntegers()
  readonly #owners = growingIntegers()
  readonly #types = growingIntegers()
  /** By session. */
  readonly #started = growingFloats()
  readonly #ended = growingFloats()
  readonly #lastItems = growingIntegers()
  readonly #lastTypes: string[] = []
  /** Place of the last event that counts. */
  readonly #lastEvents = growingIntegers()
  readonly #users: string[] = []

  add({ session, user, item: id, type, at }: SessionEvent): void {
    if (type === 'impression') return
    const item = this.#index.of(id)
    let s = this.#numbers.get(session)
    const isFirst = s === undefined
    if (s === undefined) {
      s = this.#started.push(at)
      this.#numbers.set(session, s)
      this.#ended.push(at)
      this.#lastItems.push(item)
      this.#lastTypes.push(type)
      this.#lastEvents.push(this.#items.length)
      this.#users.push(user ?? '')
    }
    const place = TYPES.indexOf(type)
    if (isFirst || this.#lastItems.at(s) !== item || this.#lastTypes[s] === type) {
      this.#lastEvents.set(s, this.#items.push(item))
      this.#owners.push(s)
      this.#types.push(place)
    } else if (STRENGTHS[place]! > STRENGTHS[this.#types.at(this.#lastEvents.at(s))]!) {
      this.#types.set(this.#lastEvents.at(s), place)
    }
    this.#lastItems.set(s, item)
    this.#lastTypes[s] = type
    this.#ended.set(s, at)
  }

  log(): SessionLog {
    const [items, owners, started, ended] = [this.#items, this.#owners, this.#started, this.#ended].map(
      (numbers) => numbers.view(),
    ) as [Uint32Array, Uint32Array, Float64Array, Float64Array]
    const order = Uint32Array.from(ended.keys()).toSorted((a, b) => ended[a]! - ended[b]! || a - b)
    const ranks = new Uint32Array(order.length)
    for (const [rank, s] of order.entries()) ranks[s] = rank
    const offsets = new Uint32Array(order.length + 1)
    for (const s of owners) offsets[ranks[s]! + 1]!++
    for (let s = 0; s < order.length; s++) offsets[s + 1]! += offsets[s]!
    const next = offsets.slice()
    const sorted = new Uint32Array(items.length)
    const types = new Uint8Array(items.length)
    const unsorted = this.#types.view()
    for (let i = 0; i < items.length; i++) {
      const at = next[ranks[owners[i]!]!]!++
      sorted[at] = items[i]!
      types[at] = unsorted[i]!
    }
    const users = this.#users
    return {
      ids: this.#index.ids,
      sessions: { offsets, items: sorted },
      times: {
        started: Float64Array.from(order, (s) => started[s]!),
        ended: Float64Array.from(order, (s) => ended[s]!),
      },
      ...(users.some((user) => user !== '') && { users: Array.from(order, (s) => users[s]!) }),
      ...(types.some((type) => type !== types[0]) && { types }),
    }
  }
}

class IdIndex {
  readonly ids: string[] = []
  readonly #places = new Map<string, number>()

  of(id: string): number {
    let place = this.#places.get(id)
    if (place === undefined) this.#places.set(id, (place = this.ids.push(id) - 1))
    return place
  }
}
