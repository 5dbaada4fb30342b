/** Trains beside the page, which stays free to draw and to be clicked. */
import { ready, setBackend } from '@tensorflow/tfjs-core'
import { encodeWeights, readLog, recipeFor, trainEncoders } from '@vitrine/tools/training'
import type { Backend, TrainAnswer, TrainRequest } from './protocol.ts'

function answer(message: TrainAnswer): void {
  postMessage(message)
}

/** Each backend loads only where it is used. */
async function startBackend(backend: Backend): Promise<void> {
  if (backend === 'webgpu') {
    await import('@tensorflow/tfjs-backend-webgpu')
  } else {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm')
    setWasmPaths('/tfjs/')
  }
  if (!(await setBackend(backend))) throw new Error(`TensorFlow.js does not start on ${backend} here.`)
  await ready()
}

async function train({ file, backend, seed, changes }: TrainRequest): Promise<void> {
  const log = await readLog(file)
  const recipe = { ...recipeFor(log), ...changes }
  const { offsets, items } = log.sessions
  answer({
    kind: 'found',
    found: { items: log.ids.length, sessions: offsets.length - 1, events: items.length, recipe },
  })
  await startBackend(backend)
  const weights = await trainEncoders(log, {
    seed,
    recipe,
    onProgress: ({ part, share, losses }) => answer({ kind: 'progress', part, share, losses }),
  })
  const losses = { head: weights.head.losses, all: weights.all.losses }
  answer({ kind: 'done', bytes: encodeWeights(weights), losses })
}

addEventListener('message', ({ data }: MessageEvent<TrainRequest>) => {
  train(data).catch((error: unknown) =>
    answer({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
  )
})
