/** The same job with onnxruntime-web alone: encoder, MatMul over all items and TopK in one model, titles beside it. */
import { InferenceSession, Tensor, env } from 'onnxruntime-web/wasm'
import { showList } from '../first-list.ts'

const query = new URL(location.href).searchParams
env.wasm.numThreads = 1
const [session, titles] = await Promise.all([
  InferenceSession.create(query.get('search')!),
  fetch(query.get('titles')!).then((answer) => answer.json() as Promise<string[]>),
])
const { indices } = await session.run({ items: new Tensor('int64', new BigInt64Array(12).fill(1n), [12]) })
showList(Array.from(indices!.data as BigInt64Array, (index) => titles[Number(index)]!))
