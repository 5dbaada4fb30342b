/** How shoppers behave, fitted on the committed model of a real shop: how popular items are, what follows what. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readGraph, readStatistics } from '@vitrine/recommender'
import { newestRevision } from '../../../scripts/serving/model.js'

/** The law, and where it comes from. */
export interface ShopLaw {
  model: string
  /** Popularity falls as rank to this power, negative. */
  popularity: number
  /** So do the weights of what follows an item, by their rank. */
  transition: number
  /** Share of events that follow the item before; the others are drawn by popularity. */
  followed: number
  /** Mean events a session. */
  length: number
  /** Items a root of an event: a catalogue grows with the shop, but slower. */
  itemsARoot: number
}

/** Ranks that the fit goes by, where the model keeps as many edges an item. */
const MOST_RANKS = 32

export async function fitLaw(): Promise<ShopLaw> {
  const { folder, id, revision } = newestRevision()
  const read = (file: string): Promise<Uint8Array> => readFile(join(folder, file))
  const training = JSON.parse(String(await readFile(join(folder, 'training.json')))) as {
    sessions: number
    events: number
    items: number
  }
  const manifest = JSON.parse(String(await readFile(join(folder, 'manifest.json')))) as {
    metrics?: Record<string, number>
  }
  const { count, popularity } = readStatistics(await read('statistics.bin'))
  // Popularity is stored as log(1 + n). The rare half is cut off by the length of the log, not by a law.
  const counts = Array.from(popularity.subarray(0, count), Math.expm1)
    .toSorted((a, b) => b - a)
    .slice(0, count >> 1)
  const { offsets, weights } = readGraph(await read('graph.bin'))
  const longest = offsets.reduce((most, end, row) => Math.max(most, end - offsets[Math.max(0, row - 1)]!), 0)
  const byRank = new Float64Array(Math.min(MOST_RANKS, longest))
  for (let row = 0; row < count; row++) {
    const falling = weights.slice(offsets[row], offsets[row + 1]).toSorted((a, b) => b - a)
    if (falling.length < byRank.length) continue
    for (let rank = 0; rank < byRank.length; rank++) byRank[rank]! += falling[rank]! / falling[0]!
  }
  const transition = exponentOf([...byRank])
  if (!(transition < 0)) throw new Error(`${folder} says nothing of what follows an item.`)
  const followed = manifest.metrics?.['tail_hit_rate@20']
  if (followed === undefined) throw new Error(`${folder} does not say how well it predicts.`)
  return {
    model: `${id} ${revision}`,
    popularity: exponentOf(counts),
    transition,
    followed,
    length: training.events / training.sessions,
    itemsARoot: training.items / Math.sqrt(training.events),
  }
}

/** The power that `values` fall with by rank: the slope of a line through both logarithms. */
function exponentOf(values: readonly number[]): number {
  return slopeOf(values.map((value, i) => [i + 1, value]))
}

/** The slope of the line through the logarithms of positive points, by least squares. */
export function slopeOf(points: readonly (readonly [number, number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const)
  const mean = (at: 0 | 1): number => logs.reduce((sum, point) => sum + point[at], 0) / logs.length
  const [x, y] = [mean(0), mean(1)]
  const [top, bottom] = logs.reduce(([t, b], [u, v]) => [t + (u - x) * (v - y), b + (u - x) ** 2], [0, 0])
  return top / bottom
}
