/** Content hashes: an artifact is used only when its bytes are those that the manifest names. */
import { type Artifact, VitrineError } from '@vitrine/contracts'
import { hex } from '../platform.ts'

/**
 * Checks size and SHA-256. Hashing costs about a millisecond a megabyte, so it is done before every use, stored
 * artifacts included: storage rots, and a shop's other scripts can write to it.
 *
 * @throws `VitrineError('ARTIFACT_CORRUPT')`; `('MODEL_UNSUPPORTED')` where the browser offers no hashing.
 */
export async function verifyArtifact(
  { role, sha256, bytes }: Artifact,
  data: Uint8Array<ArrayBuffer>,
  subtle: SubtleCrypto | undefined,
): Promise<void> {
  if (!subtle) {
    throw new VitrineError(
      'MODEL_UNSUPPORTED',
      `artifact ${role} cannot be verified: this page is not served over HTTPS, so the browser offers no SHA-256; serve the shop over HTTPS (or from localhost)`,
    )
  }
  if (data.byteLength !== bytes) {
    throw new VitrineError(
      'ARTIFACT_CORRUPT',
      `artifact ${role} has ${data.byteLength} bytes where the manifest says ${bytes}; it is not used`,
    )
  }
  const digest = hex(new Uint8Array(await subtle.digest('SHA-256', data)))
  if (digest !== sha256) {
    throw new VitrineError(
      'ARTIFACT_CORRUPT',
      `artifact ${role} hashes to ${digest.slice(0, 12)}… where the manifest says ${sha256.slice(0, 12)}…; it is not used`,
    )
  }
}
