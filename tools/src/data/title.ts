/** Tidies product titles: spaces, stray punctuation, and capitals where a shop shouts. */

const MAX_TITLE = 200
/** Words that a title does not capitalise, unless they come first. */
const SMALL_WORDS = new Set('a an and as at by de for from in la le of off on or the to with w'.split(' '))
const ACRONYMS = new Set('bbq cd diy dvd eu led tv uk us usa usb xl xxl ii iii nyc lp a4 a5 a6'.split(' '))

/**
 * Returns `title` in one line, without trailing dots or commas, cut at 200 characters. A title all in
 * capitals gets title case: `SET OF 3 T-LIGHT HOLDERS` → `Set of 3 T-Light Holders`; any other keeps its own.
 */
export function tidyTitle(title: string): string {
  const line = title
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/\s+([,.])/gu, '$1')
    .replace(/,(?=\p{L})/gu, ', ')
    .replace(/[\s.,;:]+$/u, '')
    .trim()
  const cut = line.length > MAX_TITLE ? `${line.slice(0, MAX_TITLE - 1).trimEnd()}…` : line
  return isShouted(cut) ? titleCase(cut) : cut
}

function isShouted(text: string): boolean {
  // Small slips such as `SET OF4 x` must not count, so four fifths of the letters decide.
  const letters = text.match(/\p{L}/gu) ?? []
  const capitals = text.match(/\p{Lu}/gu) ?? []
  return letters.length > 0 && capitals.length >= 0.8 * letters.length
}

function titleCase(text: string): string {
  return text
    .toLowerCase()
    .split(' ')
    .map((word, place) => {
      if (place > 0 && SMALL_WORDS.has(word)) return word
      return word.replace(/[\p{L}\p{N}']+/gu, (part) => {
        if (ACRONYMS.has(part)) return part.toUpperCase()
        // 50's, 3d and the t of don't stay; the parts of t-light and red/blue rise.
        return /^\p{N}/u.test(part) ? part : part.charAt(0).toUpperCase() + part.slice(1)
      })
    })
    .join(' ')
}
