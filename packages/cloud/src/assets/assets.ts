/** Static files beside the API, e.g. the widget's script, as an interface. */
import type { Encoding } from '../artifacts/store.ts'

/** One file, ready to send. */
export interface Asset {
  content: Uint8Array<ArrayBuffer>
  contentType: string
  /** Changes with the content; no quotes. */
  tag: string
  encoded: Partial<Record<Encoding, Uint8Array<ArrayBuffer>>>
}

/** Returns the file at `path` (`widget.js`, `parts/worker.js`), or `undefined`. Must not leave its folder. */
export type FindAsset = (path: string) => Promise<Asset | undefined>
