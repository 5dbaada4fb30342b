/** Sends what an earlier life left behind, says so, then tracks without a pause and reports each event that is durable. */
import { createRecommender } from '/sdk/index.js'

const { collector, ...settings } = await (await fetch('/config.json')).json()
const life = crypto.randomUUID()
const tell = (what, body) => fetch(`${collector}/${what}`, { method: 'POST', body })

/** Calls under way at once: some are always between their start and their end when the kill comes. */
const LANES = 4

try {
  const recommender = await createRecommender({ ...settings, consent: 'granted' })
  await recommender.flush()
  const { events, storage } = await recommender.diagnostics()
  await tell('flushed', JSON.stringify({ ...events, storage: storage.events.kind }))

  let count = 0
  let durable = []
  let reporting = Promise.resolve()
  // At once: whatever else is asked of the database first would wait for what is not committed yet.
  const report = async () => {
    const items = durable
    durable = []
    if (items.length > 0) await tell('durable', items.join('\n'))
  }
  // A browser that refuses to store any more is heard of, too: what a page keeps in memory is promised to nobody.
  const watch = async () => {
    for (;;) {
      const { storage } = await recommender.diagnostics()
      const { kind, why } = storage.events
      if (kind !== 'indexeddb') return tell('in-memory', `${life}\n${why}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  const lane = async () => {
    for (;;) {
      const item = `${life}/${count++}`
      await recommender.track({ type: 'view', item })
      durable.push(item)
      reporting = reporting.then(report)
    }
  }
  await Promise.all([watch(), ...Array.from({ length: LANES }, lane)])
} catch (error) {
  await tell('failed', String(error?.stack ?? error))
}
