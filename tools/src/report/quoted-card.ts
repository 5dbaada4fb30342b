/** What the card of the revision before says, as the end of a card of one that was made from it. */

/** Returns its paragraphs: none where it has no card. Pictures stay behind. */
export function quotedCard(original: string | undefined): string[] {
  if (original === undefined) return []
  return [
    '## The revision before',
    original
      .replaceAll(/^#/gmu, '###')
      .replaceAll(/!\[[^\]]*\]\([^)]*\)\n*/gu, '')
      .trimEnd(),
  ]
}
