/** Starts the lab's own workers where the policy asks for Trusted Types: scripts of this origin, and no others. */

interface PolicyFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string }
}

let trust: ((url: string) => string) | undefined

/** In the page, or in a worker of it. */
export function startWorker(url: string): Worker {
  trust ??= createTrust()
  return new Worker(trust(url), { type: 'module' })
}

/** Where the browser knows no such policies, an address is an address. */
function createTrust(): (url: string) => string {
  const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory }
  const policy = trustedTypes?.createPolicy('vitrine', {
    createScriptURL: (url) => {
      if (new URL(url, location.href).origin === location.origin) return url
      throw new TypeError(`The lab starts no script at ${url}.`)
    },
  })
  return policy ? (url) => policy.createScriptURL(url) : (url) => url
}
