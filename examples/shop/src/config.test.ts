import { describe, expect, it } from 'vitest'
import { parseConfig } from './config.ts'

describe('config.json', () => {
  it('gives endpoint, key and model, and nothing else', () => {
    const config = { endpoint: 'http://127.0.0.1:8787', key: 'pk_live_x', model: 'online-retail' }
    expect(parseConfig({ ...config, extra: 1 })).toEqual(config)
  })

  it('gives the keys to pin, where there are some', () => {
    const config = {
      endpoint: 'http://e',
      key: 'pk_x',
      model: 'm',
      trustedKeys: [`ed25519:${'0'.repeat(64)}`],
    }
    expect(parseConfig(config)).toEqual(config)
    expect(() => parseConfig({ ...config, trustedKeys: 'all' })).toThrow('trustedKeys')
  })

  it.each(['endpoint', 'key', 'model'])('says that %s is missing', (name) => {
    const config: Record<string, unknown> = { endpoint: 'http://e', key: 'pk_x', model: 'm' }
    delete config[name]
    expect(() => parseConfig(config)).toThrow(`no "${name}"`)
  })
})
