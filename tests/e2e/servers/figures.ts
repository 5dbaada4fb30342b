/** Hands what a fault test counted to whoever runs it: `npm run soak` adds it up. */
import { test } from '@playwright/test'
import type { Figures } from '@vitrine/trials'

/** Puts the figures where Playwright's JSON report has them, of failed tests, too. */
export function reportFigures(figures: Figures): void {
  test.info().annotations.push({ type: 'figures', description: JSON.stringify(figures) })
}
