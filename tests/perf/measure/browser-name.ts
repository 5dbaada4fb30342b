/** What reports call a browser. */
import type { Engine } from '../../../scripts/setup/browsers.js'

const NAMES: Readonly<Record<Engine, string>> = { chromium: 'Chromium', firefox: 'Firefox', webkit: 'WebKit' }

/** Such as `Chromium 156`, by the page's user agent. */
export function browserName(engine: Engine, userAgent: string): string {
  const [, version = ''] = /(?:Chrome|Firefox|Version)\/(\d+)/u.exec(userAgent) ?? []
  return `${NAMES[engine]} ${version}`
}
