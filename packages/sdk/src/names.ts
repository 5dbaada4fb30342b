/** Names and addresses that page and worker both know. */
import type { WorkerOptions } from './worker/protocol.ts'

/** The database of one model. */
export function modelDatabase({ endpoint, model }: Pick<WorkerOptions, 'endpoint' | 'model'>): string {
  return `vitrine-model:${endpoint}/${model}`
}

/** Where a first visit's manifest is: the key stands in the address, so that no preflight comes before it. */
export function manifestUrl({
  endpoint,
  model,
  key,
}: Pick<WorkerOptions, 'endpoint' | 'model' | 'key'>): string {
  return `${endpoint}/v1/models/${model}/manifest?key=${key}`
}
