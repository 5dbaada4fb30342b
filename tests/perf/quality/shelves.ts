/** What a shop with events is measured on besides the next item: its shelves, and items that training saw nothing of. */
import type { Measuring } from './measuring.ts'
import type { HiddenItems, ShelfQuality } from './report.ts'

const OBJECTIVES = ['next-basket', 'bought-together', 'repeat-purchase', 'similar', 'trending', 'for-you']
const HIDDEN = 0.1

/** The shelves, each beside baselines tuned for its objective. */
export async function measureShelves({ step, asked }: Measuring, model: string): Promise<ShelfQuality[]> {
  const found: ShelfQuality[] = []
  for (const objective of OBJECTIVES) {
    found.push(await step(objective, ['evaluate', '--model', model, ...asked, '--objective', objective]))
  }
  return found
}

/** A model trained without the events of a tenth of the items, asked about these. */
export async function measureHidden({ step, at, trainedOn, asked }: Measuring): Promise<HiddenItems> {
  const model = at('model-hidden')
  const hide = ['--hide-items', String(HIDDEN)]
  await step('train without some items', ['train', ...trainedOn, ...hide, '--out', model, '--force'])
  const { new_items: ranked, by_popularity: classes } = await step<{
    new_items: Omit<HiddenItems, 'share' | 'among_all'>
    by_popularity: { new: HiddenItems['among_all'] }
  }>('hidden items', ['evaluate', '--model', model, ...asked, '--baselines', 'none'])
  return { share: HIDDEN, ...ranked, among_all: classes.new }
}
