/** A product page with the SDK: the visit's view, and lists that follow from it, made anew when more of the model is there. */
import { createRecommender } from '@vitrine/sdk'
import { showList } from '../lists.ts'

performance.mark('entry')
const query = new URL(location.href).searchParams
const recommender = await createRecommender({
  endpoint: query.get('endpoint')!,
  model: query.get('model')!,
  key: query.get('key')!,
  consent: 'granted',
})
const tracked = recommender.track({ type: 'view', item: query.get('item')! })

async function list(): Promise<void> {
  await tracked
  const { items, source, starter = false } = await recommender.recommend({ placement: 'product-page', k: 12 })
  // Without a model there are no items yet.
  if (source !== 'personal' || items.length === 0) return
  showList(
    starter ? 'starter' : 'whole',
    items.map(({ item, details }) => details?.title ?? item),
  )
}

recommender.on('change', (change) => {
  if (change === 'model') void list()
})
await list()
