/** One queue for everything that onnxruntime does: two runs at once on WebGPU take the tab down. */

let last: Promise<unknown> = Promise.resolve()

/** Runs `work` after all that was queued before, whether that succeeded or not. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const result = last.then(work, work)
  last = result
  return result
}
