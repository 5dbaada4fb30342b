/** How few events suffice: the model trained on less and less of what there is. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Quality, ShopReport } from './report.ts'
import type { Shop } from './shops.ts'
import { sideBySide } from './side-by-side.ts'

/** Trains on the newest sessions alone that hold so many events, and asks the same cases. */
export async function growthOf(
  { events = [] }: Shop,
  folder: string,
  step: <T>(name: string, args: readonly string[]) => Promise<T>,
): Promise<ShopReport['growth']> {
  const sessions = (await readFile(join(folder, 'train.txt'), 'utf8')).trimEnd().split('\n')
  const found: ShopReport['growth'] = []
  await sideBySide(
    events.map((most) => async (): Promise<void> => {
      let count = 0
      let first = sessions.length
      while (first > 0 && count < most) count += sessions[--first]!.split(' ').length
      const part = join(folder, `train-${most}.txt`)
      const model = join(folder, `model-${most}`)
      await writeFile(part, `${sessions.slice(first).join('\n')}\n`)
      await step(`train on ${most}`, ['train', '--sessions', part, '--out', model, '--force'])
      const asked = await step<Quality & { baselines: Record<string, Quality> }>(`evaluate ${most}`, [
        'evaluate',
        '--model',
        model,
        '--sessions',
        join(folder, 'test.txt'),
        '--train-sessions',
        part,
        '--baselines',
        'popularity,item-knn',
        // Two of these run side by side.
        '--threads',
        '1',
      ])
      found.push(pointOf(count, asked, asked.baselines))
    }),
  )
  return found.toSorted((a, b) => a.events - b.events)
}

/** A point of the curve. */
export function pointOf(
  events: number,
  model: Quality,
  baselines: Readonly<Record<string, Quality>>,
): ShopReport['growth'][number] {
  return {
    events,
    model: only(model),
    popularity: only(baselines['popularity']!),
    item_knn: only(baselines['item-knn']!),
  }
}

function only({ hit_rate, mrr, ndcg }: Quality): Quality {
  return { hit_rate, mrr, ndcg }
}
