/**
 * The page of a quick look: our WASM kernels beside plain JavaScript (`now`), and the same with the scalar device in
 * their place (`slowed`), to see that it is noticed.
 */
import type { Entrant } from '../contestant.ts'
import { offerBenchmark } from '../in-page.ts'
import { javascript } from '../peers/javascript.ts'
import { oneThread } from '../vitrine.ts'

const wasm = oneThread.filter(({ name }) => name.includes('wasm'))

function slowed({ name }: Entrant): Entrant {
  const scalar = oneThread.at(-1)!
  return { name, enter: async (job) => ({ ...(await scalar.enter(job)), name }) }
}

offerBenchmark({ now: [...wasm, javascript], slowed: [...wasm.map(slowed), javascript] })
