/** Whether this runs in CI, where whatever would be skipped elsewhere has to be there. */

/** @returns {boolean} */
export function isCi() {
  return !['', '0', 'false'].includes(process.env['CI'] ?? '')
}
