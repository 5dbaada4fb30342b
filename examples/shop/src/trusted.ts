/** The shop's Trusted Types policy: the service worker's address is the only script it ever names. */

interface PolicyFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): {
    createScriptURL(url: string): string
  }
}

const SERVICE_WORKER = '/sw.js'

/** Registers the service worker where the browser has them and the page was built. */
export async function registerServiceWorker(): Promise<void> {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return
  const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory }
  const policy = trustedTypes?.createPolicy('shop', {
    createScriptURL: (url) => {
      if (url === SERVICE_WORKER) return url
      throw new TypeError(`The shop starts no script at ${url}.`)
    },
  })
  await navigator.serviceWorker.register(policy?.createScriptURL(SERVICE_WORKER) ?? SERVICE_WORKER)
}
