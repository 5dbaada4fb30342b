/** The keys of this device's identities: P-256, made here, and impossible to take away even for a script of the page. */
import { databaseExists, deleteDatabase, openDatabase } from '../storage/indexeddb.ts'
import type { Database } from '../storage/database.ts'

/** A key that signs; its private half never leaves the browser. */
export interface DeviceKey {
  privateKey: CryptoKey
  /** Public half, as RFC 7517 writes it. */
  jwk: { kty: string; crv: string; x: string; y: string }
}

/** Where keys are kept: apart from the log, because erasing a device has to be signed by its key. */
export interface DeviceKeys {
  /** Returns the key of `device`; makes it where there is none. One for all tabs. */
  get(device: string): Promise<DeviceKey>
  /** Forgets the key of `device`, and leaves no database behind that holds none. */
  forget(device: string): Promise<void>
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' }

/** Keeps keys in the database `name`, which is created with the first of them. */
export function createDeviceKeys(
  name: string,
  { indexedDB, subtle }: { indexedDB: IDBFactory | undefined; subtle: SubtleCrypto },
): DeviceKeys {
  let opening: Promise<Database> | undefined
  const open = (): Promise<Database> => (opening ??= openDatabase(name, { indexedDB }))

  async function get(device: string): Promise<DeviceKey> {
    const database = await open()
    const known = await database.transact('readonly', (rows) => rows.get(device))
    if (known) return known as DeviceKey
    const { privateKey, publicKey } = await subtle.generateKey(ALGORITHM, false, ['sign', 'verify'])
    const { kty = '', crv = '', x = '', y = '' } = await subtle.exportKey('jwk', publicKey)
    const made: DeviceKey = { privateKey, jwk: { kty, crv, x, y } }
    // Another tab may have been faster: the first key stays.
    return database.transact('readwrite', async (rows) => {
      const first = (await rows.get(device)) as DeviceKey | undefined
      if (!first) rows.put(device, made)
      return first ?? made
    })
  }

  async function forget(device: string): Promise<void> {
    if (!opening && !(await databaseExists(name, indexedDB))) return
    const database = await open()
    const isEmpty = await database.transact('readwrite', async (rows) => {
      rows.delete(device)
      return (await rows.keys()).every((key) => key === device)
    })
    if (!isEmpty || !indexedDB) return
    opening = undefined
    await deleteDatabase(name, indexedDB)
  }

  return { get, forget }
}
