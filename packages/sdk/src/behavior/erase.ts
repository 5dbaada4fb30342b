/** Asks the endpoint to erase a device. */
import { VitrineError } from '@vitrine/contracts'
import { type Endpoint, isTemporary, refusal } from '../endpoint.ts'

/** Resolves when the endpoint confirmed. @throws `VitrineError('NETWORK_FAILED')` or `('ENDPOINT_REFUSED')`. */
export async function eraseDevice(endpoint: Endpoint, device: string): Promise<void> {
  const response = await endpoint.request('/v1/erase', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ device }),
    device,
    keepalive: true,
  })
  if (response.ok) return
  const what = 'the endpoint did not erase this device'
  throw isTemporary(response.status)
    ? new VitrineError('NETWORK_FAILED', `${what}: status ${response.status}; it is asked again`)
    : await refusal(response, 'ENDPOINT_REFUSED', what)
}
