/** Our own kernels, each variant that this browser knows. They search as the recommender does: int8 query, exact scan. */
import { type CreateTopKOptions, createTopK } from '@vitrine/kernels'
import type { Contestant, Job } from './contestant.ts'

const VARIANTS: readonly CreateTopKOptions[] = [
  { devices: ['wasm'], variants: ['relaxed-simd'] },
  { devices: ['wasm'], variants: ['simd'] },
  { devices: ['scalar'] },
]

export async function vitrine({ table, k }: Job): Promise<Contestant[]> {
  const contestants: Contestant[] = []
  for (const options of VARIANTS) {
    try {
      const topK = await createTopK(table, options)
      contestants.push({
        name: `vitrine ${topK.device === 'wasm' ? `wasm ${topK.variant}` : topK.variant}`,
        search: async (vector) => (await topK.search({ vector, k })).indices,
      })
    } catch (error) {
      // A browser without relaxed SIMD runs without it; anything else is a fault.
      if (!(error instanceof AggregateError)) throw error
    }
  }
  return contestants
}
