/** A panel of this thread alone. */
import { measureRanker } from '../measure-ranker.ts'
import { type RankerOrigins, createRankers } from './open-rankers.ts'
import type { Panel } from './panel.ts'

export function panelOfOne(origins: RankerOrigins): Panel {
  const rankers = createRankers(origins)
  return {
    async measure(source, sessions, options) {
      return measureRanker(await rankers.of(source, options.signal), sessions, options)
    },
    async close() {
      rankers.close()
    },
  }
}
