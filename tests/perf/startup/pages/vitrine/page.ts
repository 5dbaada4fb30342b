/** A product page with the SDK: the visit's first view, and a list that follows from it. */
import { createRecommender } from '@vitrine/sdk'
import { showList } from '../first-list.ts'

const query = new URL(location.href).searchParams
const recommender = await createRecommender({
  endpoint: query.get('endpoint')!,
  model: query.get('model')!,
  key: query.get('key')!,
  consent: 'granted',
})
await recommender.track({ type: 'view', item: query.get('item')! })
await recommender.ready
const { items, source } = await recommender.recommend({ placement: 'product-page', k: 12 })
if (source !== 'personal') throw new Error(`The list is from ${source}.`)
showList(items.map(({ item, details }) => details?.title ?? item))
