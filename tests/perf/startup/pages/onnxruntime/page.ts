/** The same job with onnxruntime-web alone: encoder, MatMul over all items and TopK in one model, a catalogue beside it. */
import { InferenceSession, Tensor, env } from 'onnxruntime-web/wasm'
import { showList } from '../lists.ts'

const query = new URL(location.href).searchParams
env.wasm.numThreads = 1
const search = query.get('search')!
// The runtime asks for the model only after its engine: this has it on its way, and in the cache, by then.
const onItsWay = fetch(search).then((answer) => answer.arrayBuffer())
const [session, { titles }] = await Promise.all([
  InferenceSession.create(search),
  fetch(query.get('catalogue')!).then((answer) => answer.json() as Promise<{ titles: string[] }>),
])
await onItsWay
const { indices } = await session.run({ items: new Tensor('int64', new BigInt64Array(12).fill(1n), [12]) })
showList(
  'whole',
  Array.from(indices!.data as BigInt64Array, (index) => titles[Number(index)]!),
)
