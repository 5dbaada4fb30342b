/** The compression curve: smaller versions made side by side, then all asked the same cases in one run. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Measuring } from './measuring.ts'
import { recipesFor } from './recipes.ts'
import type { Difference, Exposure, Int8Loss, Interval, Quality, Version } from './report.ts'
import { sideBySide } from './side-by-side.ts'
import { vitrine } from './vitrine.ts'

/** Most of its own figure that int8 may lose of float32. */
const ALLOWED_LOSS = 0.005

/** What `vitrine evaluate --json` says of a revision beside float32. */
interface Compared extends Quality, Exposure {
  name: string
  bytes: number
  p50_ms: number
  p99_ms: number
  /** float32 minus it. */
  difference: Difference
}

/** Measures float32, int8, and every smaller version of `model`. */
export async function measureVersions(
  { at, step, kept, signal, asked, learnedFrom }: Measuring,
  { model, items }: { model: string; items: number },
): Promise<{ versions: Version[]; loss: Int8Loss }> {
  const { dimension, error, full } = await kept.once('facts', [], () => factsOf(model, signal))
  const made = new Map<string, Partial<Pick<Version, 'parameter_ratio' | 'max_error_over_range'>>>([
    [model, { max_error_over_range: error }],
    [`binary:${model}`, { max_error_over_range: error }],
  ])
  const names = new Map([
    [model, 'int8'],
    [`binary:${model}`, 'binary scan, int8 rescored'],
  ])
  const recipes = recipesFor(dimension)
  const outOf = (place: number): string => at(`smaller-${place}`)
  for (const [place, { name }] of recipes.entries()) names.set(outOf(place), name)
  await sideBySide(
    recipes.map(({ name, learns, command: [verb = '', ...options] }, place) => async (): Promise<void> => {
      const out = outOf(place)
      const data = learns ? learnedFrom : []
      made.set(out, await step(`make ${name}`, [verb, model, '--out', out, '--force', ...options, ...data]))
    }),
  )
  const found = await step<Quality & { p50_ms: number; p99_ms: number; against: Compared[] }>('versions', [
    'evaluate',
    '--model',
    model,
    '--precision',
    'fp32',
    ...asked,
    '--baselines',
    'none',
    '--against',
    [...names.keys()].join(','),
  ])
  const zero: Interval = { mean: 0, low: 0, high: 0 }
  const { hit_rate, mrr, ndcg, p50_ms, p99_ms } = found
  const itself = { hit_rate, mrr, ndcg, p50_ms, p99_ms, difference: { hit_rate: zero, mrr: zero } }
  const fp32: Version = {
    name: 'fp32',
    bytes: full,
    parameter_ratio: 1,
    max_error_over_range: 0,
    ...itself,
  }
  const smaller = found.against.map((each): Version => {
    const { parameter_ratio = 1, max_error_over_range = 0 } = made.get(each.name) ?? {}
    // The signs of all values lie beside the int8 table.
    const signs = each.name.startsWith('binary:') ? (items * dimension) / 8 : 0
    return {
      name: names.get(each.name)!,
      bytes: each.bytes + signs,
      parameter_ratio,
      max_error_over_range,
      hit_rate: each.hit_rate,
      mrr: each.mrr,
      ndcg: each.ndcg,
      p50_ms: each.p50_ms,
      p99_ms: each.p99_ms,
      difference: { hit_rate: turned(each.difference.hit_rate), mrr: turned(each.difference.mrr) },
    }
  })
  return { versions: [fp32, ...smaller], loss: lossOf(smaller[0]!, fp32) }
}

/** Dimension and rounding error of the model's embeddings, and the bytes of its float32 twin. */
async function factsOf(
  model: string,
  signal: AbortSignal,
): Promise<{ dimension: number; error: number; full: number }> {
  const { dimension, artifacts } = (await vitrine(['inspect', model], { signal })) as {
    dimension: number
    artifacts: { role: string; max_error_over_range?: number }[]
  }
  const twin = JSON.parse(await readFile(join(model, 'fp32', 'manifest.json'), 'utf8')) as {
    artifacts: { bytes: number }[]
  }
  return {
    dimension,
    error: artifacts.find(({ role }) => role === 'embeddings')?.max_error_over_range ?? 0,
    full: twin.artifacts.reduce((sum, { bytes }) => sum + bytes, 0),
  }
}

function turned({ mean, low, high }: Interval): Interval {
  return { mean: -mean, low: -high, high: -low }
}

function lossOf({ difference }: Version, full: Version): Int8Loss {
  const hitRate = shareOf(difference.hit_rate, full.hit_rate)
  const mrr = shareOf(difference.mrr, full.mrr)
  const holds = Math.max(hitRate.mean, mrr.mean) <= ALLOWED_LOSS
  return { hit_rate: hitRate, mrr, allowed: ALLOWED_LOSS, holds }
}

/** A loss as a share of `whole`; what is gained is below 0. */
function shareOf({ mean, low, high }: Interval, whole: number): Interval {
  return { mean: -mean / whole, low: -high / whole, high: -low / whole }
}
