/** What every store must do with the identity of devices. */
import { describe, expect, it } from 'vitest'
import { numbers, randomIdOf } from './batches.ts'
import type { Opened } from './event-conformance.ts'

const NOW = 1_800_000_000_000

/** Declares the tests on what `opened` holds when they run. */
export function describeDevices(opened: Opened): void {
  describe('devices', () => {
    it('binds a device to the first key that claims it, in each tenant', async () => {
      const { store } = opened
      const bind = (tenant: string, thumbprint: string) =>
        store.bindDevice(tenant, randomIdOf(1), thumbprint, NOW)
      const all = await Promise.all(numbers(1, 8).map((n) => bind('a', `key-${n}`)))
      expect(new Set(all).size).toBe(1)
      expect(await bind('a', 'another')).toBe(all[0])
      expect(await bind('b', 'another')).toBe('another')
    })

    it('binds no device that was erased, and forgets the key of one that is', async () => {
      await opened.store.bindDevice('a', randomIdOf(1), 'key', NOW)
      await opened.store.eraseDevice('a', randomIdOf(1), NOW)
      await expect(opened.store.bindDevice('a', randomIdOf(1), 'key', NOW)).rejects.toMatchObject({
        code: 'DEVICE_ERASED',
      })
    })

    it('lets a proof be used once, also by many at once, until nobody may use it anyway', async () => {
      const use = (now: number) => opened.store.useProof('proof', { expiresAt: NOW + 100, now })
      const used = await Promise.all(numbers(1, 10).map(() => use(NOW)))
      expect(used.filter(Boolean)).toHaveLength(1)
      expect(await use(NOW + 99)).toBe(false)
      expect(await opened.store.useProof('other', { expiresAt: NOW + 300, now: NOW + 100 })).toBe(true)
      expect(await use(NOW + 200)).toBe(true)
    })

    it('shares one secret a name between all that open it', async () => {
      const second = await opened.open()
      const [one, two] = await Promise.all([
        opened.store.secret('tokens', 'mine'),
        second.secret('tokens', 'yours'),
      ])
      await second.close()
      expect(one).toBe(two)
      expect(await opened.store.secret('tokens', 'late')).toBe(one)
      expect(await opened.store.secret('other', 'late')).toBe('late')
    })
  })
}
