/** Tells the endpoint of a revision that does not work on this device, so that a rollout that harms many halts by itself. */
import { type Endpoint, isTemporary, refusal } from '../endpoint.ts'
import type { ModelStore } from './store.ts'

/** What {@link reportRejection} works with. */
export interface ReportOptions {
  /** Model id. */
  id: string
  store: ModelStore
  /** Under which the endpoint knows this device; without one, for want of consent, nothing is told. */
  device: string | undefined
  endpoint: Endpoint
  signal: AbortSignal
}

/**
 * Reports the rejected revision once. What the endpoint does not take for now is told at the next look for a revision.
 *
 * @throws `VitrineError('NETWORK_FAILED')`, or `('ENDPOINT_REFUSED')`, after which it is not told again.
 */
export async function reportRejection({ id, store, device, endpoint, signal }: ReportOptions): Promise<void> {
  const { rejected } = await store.state()
  if (!rejected || rejected.isReported || device === undefined) return
  const { revision, code } = rejected
  const response = await endpoint.request(`/v1/models/${encodeURIComponent(id)}/reports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ device, revision, code }),
    device,
    signal,
  })
  const what = `the report on revision ${revision} was not taken`
  if (isTemporary(response.status)) throw await refusal(response, 'NETWORK_FAILED', what)
  await store.remember({ rejected: { ...rejected, isReported: true } })
  if (!response.ok) throw await refusal(response, 'ENDPOINT_REFUSED', what)
  await response.body?.cancel()
}
