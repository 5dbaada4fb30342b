/** Hands what a fault test counted to whoever runs it: `npm run soak` adds the figures up, a row a promise. */
import { test } from '@playwright/test'

/** Figures of one promise of docs/promises.md; what a test does not count is missing. */
export interface Figures {
  promise: number
  trials: number
  events?: number
  lost?: number
  doubled?: number
  accepted?: number
}

/** Puts the figures where Playwright's JSON report has them. */
export function reportFigures(figures: Figures): void {
  test.info().annotations.push({ type: 'figures', description: JSON.stringify(figures) })
}
