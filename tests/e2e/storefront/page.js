/** The smallest shop that uses the SDK: one shelf, and everything a scenario wants to ask, on `window`. */
import { createRecommender } from '/sdk/index.js'

const errors = []
const violations = []
addEventListener('error', ({ message }) => errors.push(message))
addEventListener('unhandledrejection', ({ reason }) => errors.push(String(reason)))
addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
  violations.push(`${violatedDirective} ${blockedURI}`),
)

const settings = await (await fetch('/config.json')).json()
const asked = new URL(location.href).searchParams
const consent = asked.get('consent') ?? 'granted'
const devices = asked.get('devices')?.split(',') ?? 'auto'
const recommender = await createRecommender({ ...settings, consent, devices })

async function show(request) {
  const list = await recommender.recommend({
    placement: 'home',
    k: 8,
    fallback: ['page-1', 'page-2'],
    ...request,
  })
  const lines = list.items.map(({ item, details }) => {
    const line = document.createElement('li')
    line.dataset.item = item
    line.textContent = details?.title ?? item
    return line
  })
  document.querySelector('#shelf').replaceChildren(...lines)
  const items = list.items.map(({ item }) => item)
  return { source: list.source, revision: list.revision, starter: list.starter ?? false, items }
}

/** Recommenders with workers of their own are to each other what tabs are. */
const tabs = [recommender]
async function openTab() {
  tabs.push(await createRecommender({ ...settings, consent, devices }))
}

recommender.on('change', () => show())
window.storefront = { recommender, tabs, openTab, show, errors, violations }
