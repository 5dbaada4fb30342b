/** In the worker: times recommendations of the model that the page's server has under `/model/`. */
import { timeRecommendations } from './recommendations.ts'

timeRecommendations(async (name) => {
  const response = await fetch(`/model/${name}`)
  if (!response.ok) throw new Error(`${name}: ${response.status}`)
  return new Uint8Array(await response.arrayBuffer())
}).then(
  (times) => postMessage({ times }),
  (error: unknown) => postMessage({ error: String(error) }),
)
