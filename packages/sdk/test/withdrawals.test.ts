/** Consent that is withdrawn where nothing can be noted: the endpoint is told all the same, as soon as it can be. */
import { beforeAll, expect, test } from 'vitest'
import { SimulatedClock } from './simulation/clock.ts'
import { SimulatedDevice } from './simulation/device.ts'
import { installBrowserGlobals } from './simulation/node.ts'
import { SimulatedServer } from './simulation/server.ts'

beforeAll(installBrowserGlobals)

// Found by model.test.ts. Seen to fail with each log's notes forgotten when another's are told of.
test('whom to erase is remembered when the disk is full, the network away and consent granted again', async () => {
  const server = new SimulatedServer()
  const device = new SimulatedDevice({ clock: new SimulatedClock(), server, seed: 1 })
  const { tab, opened } = device.openTab('granted')
  await opened
  device.disk.isFull = true
  await tab.api.track({ type: 'view', item: 'a' })
  await tab.api.flush()
  expect(server.stored().size).toBe(1)

  device.network.isOnline = false
  await tab.api.setConsent('denied')
  await tab.api.setConsent('granted')
  await device.settle()
  device.network.isOnline = true
  await device.advance(60 * 60_000)
  expect(server.stored().size).toBe(0)
})
