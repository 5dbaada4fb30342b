/** Fills the product page from its address, as the shop's server would; plain script, runs before Vitrine's. */

/** The few titles that this page knows itself. */
const TITLES = new Map([
  ['85123A', 'White hanging heart t-light holder'],
  ['22423', 'Regency cakestand, three tiers'],
  ['47566', 'Party bunting'],
  ['84879', 'Assorted colour bird ornament'],
  ['22720', 'Set of three cake tins, pantry design'],
  ['20725', 'Lunch bag, red retrospot'],
])

const item = new URLSearchParams(location.search).get('item') ?? '85123A'
const title = TITLES.get(item) ?? `Item ${item}`
document.title = `${title}: Willow & Wick`
const heading = document.querySelector('h1')
if (heading) heading.textContent = title
document.querySelector('vitrine-view')?.setAttribute('item', item)
document.querySelector('[data-vitrine-add]')?.setAttribute('data-vitrine-add', item)
for (const shelf of document.querySelectorAll('vitrine-shelf')) {
  if (shelf.getAttribute('placement') !== 'recently-viewed') shelf.setAttribute('anchor', item)
}
