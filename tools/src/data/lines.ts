/** Splits a stream of bytes into lines. */
import { StringDecoder } from 'node:string_decoder'

/**
 * Yields the lines of `bytes` (UTF-8; `\n` or `\r\n`), many at a time and without their ends. Node's
 * readline would also split at U+2028, which JSON allows inside strings.
 */
export async function* readLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  let first = true
  for await (const chunk of bytes) {
    let text = decoder.write(chunk)
    if (first && text.length > 0) {
      first = false
      if (text.charCodeAt(0) === 0xfeff) text = text.slice(1)
    }
    const lines = text.split('\n')
    lines[0] = rest + lines[0]
    rest = lines.pop() ?? ''
    if (lines.length > 0) yield lines.map(withoutReturn)
  }
  rest += decoder.end()
  if (rest.length > 0) yield [withoutReturn(rest)]
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}
