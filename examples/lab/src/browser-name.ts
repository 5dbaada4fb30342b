/** The browser as its user agent gives it away. */

const NAMES: readonly (readonly [RegExp, string])[] = [
  [/\bEdg\/(\d+)/u, 'Edge'],
  [/\bFirefox\/(\d+)/u, 'Firefox'],
  [/Chrome\/(\d+)/u, 'Chromium'],
  [/\bVersion\/(\d+)[.\d]* .*Safari/u, 'Safari'],
]

/** Such as `Firefox 153`; `This browser` where it says nothing known. */
export function browserName(userAgent: string): string {
  for (const [pattern, name] of NAMES) {
    const version = pattern.exec(userAgent)?.[1]
    if (version !== undefined) return `${name} ${version}`
  }
  return 'This browser'
}
