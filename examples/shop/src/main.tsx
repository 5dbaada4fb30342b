/** Starts the shop: settings and products first, then the page, then the recommender and the service worker. */
import { render } from 'preact'
import { App } from './app.tsx'
import { Catalogue } from './catalogue.ts'
import { parseConfig } from './config.ts'
import { restoreCart } from './state/cart.ts'
import { CatalogueContext } from './state/catalogue.ts'
import { restoreConsent } from './state/consent.ts'
import { report, startRecommender } from './state/recommender.ts'
import { registerServiceWorker } from './trusted.ts'
import './styles/index.css'

/** In ms. */
const FONT_PATIENCE = 400

async function start(root: HTMLElement): Promise<void> {
  restoreConsent()
  restoreCart()
  void startRecommender(json('/config.json').then(parseConfig))
  const [file] = await Promise.all([json('/catalogue.json'), fontsLoaded()])
  const catalogue = new Catalogue(file)
  render(
    <CatalogueContext.Provider value={catalogue}>
      <App />
    </CatalogueContext.Provider>,
    root,
  )
  await registerServiceWorker().catch(report)
}

/** Text that is first drawn in its own font never moves; a slow font is not waited for. */
async function fontsLoaded(): Promise<void> {
  const fonts = ['1em Figtree', '1em Fraunces'].map((font) => document.fonts.load(font))
  const patience = new Promise<void>((resolve) => setTimeout(resolve, FONT_PATIENCE))
  await Promise.race([Promise.allSettled(fonts), patience])
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
