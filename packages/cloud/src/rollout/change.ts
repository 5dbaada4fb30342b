/** How a rollout changes when a revision is published, rolled out or rolled back; the databases only keep the outcome. */
import { VitrineError } from '@vitrine/contracts'
import type { Rollout } from '../stores/store.ts'

/** What nearly all devices get: the candidate once all of them do, else the stable revision. */
export function activeOf({ stable, candidate, share, haltedAt }: Rollout): string {
  return candidate !== undefined && share === 1 && haltedAt === undefined ? candidate : stable
}

/** The rollout after `revision` became the candidate; what was active before is the stable one. */
export function withCandidate(
  rollout: Rollout,
  { revision, share, at }: { revision: string; share: number; at: number },
): Rollout {
  const { model } = rollout
  const stable = rollout.candidate === revision ? rollout.stable : activeOf(rollout)
  if (stable === revision) {
    throw new VitrineError(
      'CONFLICT',
      `${revision} is the stable revision of ${model}: every device that gets no candidate gets it`,
    )
  }
  return { model, stable, candidate: revision, share, changedAt: at }
}

/** The rollout with one revision for all. */
export function settled(model: string, revision: string, at: number): Rollout {
  return { model, stable: revision, share: 1, changedAt: at }
}

/**
 * Which revision to go back to, and from which: the stable one under a candidate, else the one published before.
 *
 * @param before - the revision published before the stable one
 * @throws `VitrineError('CONFLICT')` when there is none.
 */
export function rollbackOf(
  rollout: Rollout,
  { revision, before }: { revision?: string | undefined; before: string | undefined },
): { active: string; previous: string } {
  const { model, stable, candidate } = rollout
  const previous = candidate ?? stable
  const active = revision ?? (candidate === undefined ? before : stable)
  if (active === undefined) {
    throw new VitrineError(
      'CONFLICT',
      `${previous} is the first revision of ${model}: there is nothing to roll back to`,
    )
  }
  return { active, previous }
}

/** The refusal of a model or a revision that was never published. */
export function neverPublished(model: string, revision?: string): VitrineError {
  return new VitrineError(
    'MODEL_NOT_FOUND',
    revision === undefined
      ? `no revision of ${model} is published; publish one`
      : `${model} has no revision ${revision}; name a published one`,
  )
}

/** The refusal of a report by a device that was never handed the revision. */
export function neverOffered(model: string, revision: string): VitrineError {
  return new VitrineError(
    'NOT_OFFERED',
    `this device was never handed revision ${revision} of ${model}; ask for the manifest in its name first`,
  )
}

/** The refusal of other content under a known name. */
export function nameTaken(model: string, revision: string): VitrineError {
  return new VitrineError(
    'CONFLICT',
    `revision ${revision} of ${model} was published with another manifest; revisions never change: publish under a new name`,
  )
}
