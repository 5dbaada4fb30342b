/** Times one recommendation after the other, without a hop: in Node and in a browser's worker alike. */
import { type Manifest, type ArtifactRole, parseManifest } from '@vitrine/contracts'
import { loadModel, readGolden, recommend } from '@vitrine/recommender'

/** Reads a file of a revision folder. */
export type ReadFile = (name: string) => Promise<Uint8Array>

const WARM_UP = 500
const CALLS = 3000
const K = 12

/**
 * Loads the revision and asks for product-page shelves: candidates, features, ranker, rules and reasons, all of it.
 * Histories are those of the golden answers, which walk the graph as shoppers do; anchors come from head and tail.
 *
 * @returns milliseconds of each call
 */
export async function timeRecommendations(readFile: ReadFile): Promise<number[]> {
  const manifest = parseManifest(JSON.parse(new TextDecoder().decode(await readFile('manifest.json'))))
  const model = await loadModel(manifest, await artifactsOf(manifest, readFile))
  try {
    const { ids } = model.catalogue
    const histories = readGolden(model.golden, manifest.items).cases.map(({ history }) =>
      history.map((item) => ({ item: ids[item]!, type: 'view' as const })),
    )
    const times: number[] = []
    for (let call = -WARM_UP; call < CALLS; call++) {
      const at = call + WARM_UP
      // 7919 is prime: the anchors are of all kinds.
      const request = { placement: 'product-page', anchor: ids[(at * 7919) % ids.length]!, k: K }
      const started = performance.now()
      const { items } = await recommend(model, request, histories[at % histories.length]!)
      const ms = performance.now() - started
      if (items.length < K) throw new Error(`A list of ${items.length}, where ${K} were asked for.`)
      if (call >= 0) times.push(ms)
    }
    return times
  } finally {
    model.dispose()
  }
}

async function artifactsOf(
  { artifacts }: Manifest,
  readFile: ReadFile,
): Promise<Map<ArtifactRole, Uint8Array>> {
  const found = new Map<ArtifactRole, Uint8Array>()
  for (const { role, dtype } of artifacts) {
    if (role === 'starter') continue
    found.set(role, await readFile(`${role}${dtype === 'json' ? '.json' : '.bin'}`))
  }
  return found
}
