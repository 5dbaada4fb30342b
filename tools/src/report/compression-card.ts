/** MODEL_CARD.md of a revision that was made from another one: what was changed, before what the other one's card says. */
import { artifactOf } from '@vitrine/contracts'
import type { Compressed, Compression } from '../quantize/compress.ts'
import { markdownTable } from './markdown.ts'
import { quotedCard } from './quoted-card.ts'

/** Returns the card. @param original The card of the revision that it was made from; missing where that has none. */
export function writeCompressionCard(made: Compressed, original: string | undefined): string {
  const { revision, from, compression, bytes, parameterRatio, quantization, stages } = made
  const { manifest } = revision
  const starter = artifactOf(manifest, 'starter')
  return `${[
    `# ${manifest.id} · ${manifest.revision}`,
    [
      `- Made ${manifest.createdAt} from revision ${from}: ${changes(compression, stages.length > 0).join(', ')}`,
      ...(manifest.attribution === undefined ? [] : [`- Data: ${manifest.attribution}`]),
      `- ${number(bytes.after)} bytes, ${number(bytes.before)} before${starter ? ' (each with its starter)' : ''}; ${(100 * parameterRatio).toFixed(1)}% of the numbers are left`,
    ].join('\n'),
    '## What rounding costs',
    'Largest error over the range of the table:',
    markdownTable(
      ['artifact', 'error / range', 'bytes', 'in float32'],
      quantization.map(({ role, maxErrorOverRange, bytes: size, fullBytes }) => [
        role,
        `${(100 * maxErrorOverRange).toFixed(3)}%`,
        number(size),
        number(fullBytes),
      ]),
    ),
    ...(stages.length > 0
      ? [
          '## Quality on held-out sessions',
          'Of the newest fiftieth of the sessions, from which no ranker learned, in percent; what follows of the revision before holds for it alone.',
          markdownTable(
            ['', 'hit rate@20', 'MRR@20'],
            stages.map(({ name, hitRate, mrr }) => [name, hitRate.toFixed(2), mrr.toFixed(2)]),
          ),
        ]
      : []),
    ...quotedCard(original),
  ].join('\n\n')}\n`
}

function changes(compression: Compression, hasLearned: boolean): string[] {
  const { bits, edges, dimension, hidden, longTail } = compression
  return [
    ...(bits === undefined ? [] : [`embeddings of ${bits} bits`]),
    ...(edges === undefined ? [] : [`${edges} edges an item`]),
    ...(dimension === undefined ? [] : [`${dimension} dimensions`]),
    ...(hidden === undefined ? [] : [`a ranker of ${hidden} units`]),
    ...(longTail ? [`${longTail} of the log popularity taken off every score, for the long tail`] : []),
    hasLearned ? 'learned again' : 'not learned again',
  ]
}

function number(value: number): string {
  return value.toLocaleString('en-US')
}
