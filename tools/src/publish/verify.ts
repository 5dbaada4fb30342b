/** Checks that a revision's bytes are what its manifest says. */
import { createHash } from 'node:crypto'
import { VitrineError } from '@vitrine/contracts'
import type { Revision } from '../train/index.ts'

/**
 * Checks the size and SHA-256 of every artifact.
 *
 * @throws `VitrineError('ARTIFACT_CORRUPT')` at the first that differs, `ARTIFACT_NOT_FOUND` when one is missing.
 */
export function verifyArtifacts({ manifest, artifacts }: Revision): void {
  for (const { role, sha256, bytes } of manifest.artifacts) {
    const content = artifacts.get(role)
    if (!content) {
      throw new VitrineError(
        'ARTIFACT_NOT_FOUND',
        `Revision ${manifest.revision} has no ${role}: train it again.`,
      )
    }
    const actual = createHash('sha256').update(content).digest('hex')
    if (actual === sha256 && content.length === bytes) continue
    throw new VitrineError(
      'ARTIFACT_CORRUPT',
      `${role} of ${manifest.revision} has ${content.length} bytes and SHA-256 ${actual}, the manifest says ${bytes} and ${sha256}: restore the folder or train again.`,
    )
  }
}
