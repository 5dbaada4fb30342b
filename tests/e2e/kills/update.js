/** Says which revision an earlier life left in store, then updates, whole or by delta, until it is killed. */
import { createRecommender } from '/sdk/index.js'

const { witness, ...settings } = await (await fetch('/config.json')).json()
const tell = (what) => fetch(witness, { method: 'POST', body: JSON.stringify(what) })

try {
  const recommender = await createRecommender({ ...settings, consent: 'granted' })
  await recommender.ready
  const { model, storage } = await recommender.diagnostics()
  await tell({ revision: model.revision, origin: model.origin, storage: storage.model.kind })
  await recommender.update()
  await tell({ updated: (await recommender.diagnostics()).model.revision })
} catch (error) {
  await tell({ failed: String(error) })
}
