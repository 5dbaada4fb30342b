/** Builds the shop into dist/: any static server that answers unknown paths with index.html can serve it. */
import type { UserConfig } from 'vite'
import { catalogue } from './build/catalogue.ts'
import { contentSecurityPolicy } from './build/content-security-policy.ts'
import { serviceWorker } from './build/service-worker.ts'
import { settings } from './build/settings.ts'

const config: UserConfig = {
  plugins: [
    catalogue(process.env['SHOP_MODELS'] ?? new URL('../../models/online-retail', import.meta.url).pathname),
    settings(process.env),
    serviceWorker(),
  ],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    // The polyfill would be an inline script, and an inlined asset a data: URL: the policy forbids both.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { main: 'index.html', sw: 'service-worker/sw.ts' },
      output: { entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
    },
  },
  preview: { headers: { 'content-security-policy': contentSecurityPolicy('http://127.0.0.1:*') } },
}

export default config
