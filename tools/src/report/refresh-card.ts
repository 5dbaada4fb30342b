/** MODEL_CARD.md of a revision whose catalogue was refreshed: what changed, before what the other one's card says. */
import type { Refreshed } from '../refresh/refresh-catalogue.ts'
import { quotedCard } from './quoted-card.ts'

/** Returns the card. @param original The card of the revision that it was made from; missing where that has none. */
export function writeRefreshCard(
  { revision: { manifest }, from, changed, added, placed, missing }: Refreshed,
  original: string | undefined,
): string {
  return `${[
    `# ${manifest.id} · ${manifest.revision}`,
    [
      `- Made ${manifest.createdAt} from revision ${from} by a newer catalogue, without training`,
      ...(manifest.attribution === undefined ? [] : [`- Data: ${manifest.attribution}`]),
      `- ${number(changed)} items changed, ${number(added)} new (${number(placed)} placed by their content), ${number(missing)} that it does not name`,
    ].join('\n'),
    ...quotedCard(original),
  ].join('\n\n')}\n`
}

function number(value: number): string {
  return value.toLocaleString('en-US')
}
