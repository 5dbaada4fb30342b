/** Progress lines with the time each step took, on stderr, so that stdout stays for results. */

const colour = process.stderr.isTTY && process.env['NO_COLOR'] === undefined

/** @param {string} text @param {number} code an SGR colour @returns {string} */
function paint(text, code) {
  return colour ? `\u001B[${code}m${text}\u001B[0m` : text
}

/** Writes one line to stderr. @param {string} text @returns {void} */
export function say(text) {
  process.stderr.write(`${text}\n`)
}

/** Writes one line to stderr that is meant to be seen. @param {string} text @returns {void} */
export function warn(text) {
  say(paint(`! ${text}`, 33))
}

/** @param {number} milliseconds @returns {string} such as `0.4 s` or `2 min 5 s` */
export function duration(milliseconds) {
  const seconds = milliseconds / 1000
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
}

/**
 * Runs one step of a longer command between two progress lines. What `work` returns is returned; when it
 * returns a string, that is shown as the step's outcome.
 *
 * @template T
 * @param {string} name
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(name, work) {
  const started = performance.now()
  say(`${paint('▸', 36)} ${name} …`)
  try {
    const result = await work()
    const outcome = typeof result === 'string' ? `: ${result}` : ''
    say(`${paint('✓', 32)} ${name}${outcome} (${duration(performance.now() - started)})`)
    return result
  } catch (error) {
    say(`${paint('✗', 31)} ${name} (${duration(performance.now() - started)})`)
    throw error
  }
}
