/** With consent: has events sent and waiting, then withdraws it. Without: says what is left here, once nothing changes any more. */
import { createRecommender } from '/sdk/index.js'

const { witness, ...settings } = await (await fetch('/config.json')).json()
const tell = (what) => fetch(witness, { method: 'POST', body: JSON.stringify(what) })
const consent = new URL(location.href).searchParams.get('consent')
const PATIENCE_MS = 20_000

const databases = async () =>
  (await indexedDB.databases()).map(({ name }) => name).filter((name) => name.startsWith('vitrine-'))

try {
  let change
  const source = {
    get: () => consent,
    subscribe(listener) {
      change = listener
      return () => (change = undefined)
    },
  }
  const recommender = await createRecommender({ ...settings, consent: source })
  if (consent === 'granted') {
    for (let event = 0; event < 5; event++) await recommender.track({ type: 'view', item: `sent-${event}` })
    await recommender.flush()
    for (let event = 0; event < 5; event++) await recommender.track({ type: 'view', item: `kept-${event}` })
    await tell({ tracked: String((await recommender.diagnostics()).events.stored) })
    change('denied')
  } else {
    // The endpoint is told in the background; the note whom to erase goes last.
    const until = Date.now() + PATIENCE_MS
    while ((await databases()).length > 0 && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    await tell({ left: (await databases()).join(' ') })
  }
} catch (error) {
  await tell({ failed: String(error) })
}
