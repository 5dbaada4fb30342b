/** The refusal of whatever comes from a device that was erased. */
import { VitrineError } from '@vitrine/contracts'

/** A device's id is never used again once it was erased. */
export function deviceErased(): VitrineError {
  return new VitrineError(
    'DEVICE_ERASED',
    'this device was erased; drop the batch, and start with a new device id once there is consent again',
  )
}
