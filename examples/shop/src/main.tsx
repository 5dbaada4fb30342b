/** Starts the shop: settings and products first, then the page, then the recommender and the service worker. */
import { render } from 'preact'
import catalogueUrl from 'virtual:catalogue-url'
import { App } from './app.tsx'
import { Catalogue } from './catalogue.ts'
import { parseConfig } from './config.ts'
import { restoreCart } from './state/cart.ts'
import { CatalogueContext } from './state/catalogue.ts'
import { restoreConsent } from './state/consent.ts'
import { report, startRecommender } from './state/recommender.ts'
import { registerServiceWorker } from './trusted.ts'
import './styles/index.css'

async function start(root: HTMLElement): Promise<void> {
  restoreConsent()
  restoreCart()
  const settings = json('/config.json').then(parseConfig)
  settings.then(startRecommender).catch(report)
  const catalogue = new Catalogue(await json(catalogueUrl))
  render(
    <CatalogueContext.Provider value={catalogue}>
      <App />
    </CatalogueContext.Provider>,
    root,
  )
  await registerServiceWorker().catch(report)
}

async function json(url: string): Promise<unknown> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url} answered ${response.status}: is the shop served whole?`)
  return response.json()
}

const root = document.getElementById('shop')
if (root) {
  start(root).catch((error: unknown) => {
    root.textContent = `The shop did not start. ${String(error)}`
  })
}
