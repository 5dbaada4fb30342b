/** Which candidates a device that proved who it is gets: noted here, since it asks for manifests without a proof. */
import type { Store } from '../stores/store.ts'
import { revisionFor } from './cohort.ts'

/** Notes each candidate of the tenant in whose cohort the device is. */
export async function recordOffers(
  store: Store,
  { tenant, device, at }: { tenant: string; device: string; at: number },
): Promise<void> {
  const rollouts = await store.listRollouts(tenant)
  await Promise.all(
    rollouts.map(async (rollout) => {
      const revision = await revisionFor(rollout, device)
      if (revision !== rollout.candidate) return
      await store.recordOffer(tenant, { model: rollout.model, revision, device, at })
    }),
  )
}
