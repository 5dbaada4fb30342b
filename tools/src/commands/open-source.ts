/** Opens what a panel names, on this thread or another. */
import { VitrineError } from '@vitrine/contracts'
import type { OpenModel } from '../evaluate/panel/open-rankers.ts'
import { openModel, openStarter } from './open-model.ts'

/** Without a signal, as on a thread, which is ended as a whole, nothing stops it. */
export const openSource: OpenModel = async (source, signal = new AbortController().signal) => {
  if (source.kind === 'model') return openModel(source.folder, { ...source, signal })
  const starter = await openStarter(source.folder)
  if (!starter) throw new VitrineError('INTERNAL', `${source.folder} has no starter.`)
  return starter
}
