/** A command line as a list of words, without a shell. */

/**
 * A part outside quotes, in single quotes, or in double quotes; only the last have an escape, a backslash before a quote or a
 * backslash.
 */
const part = /[^\s'"]+|'([^']*)'|"((?:\\["\\]|[^"\\]|\\(?!["\\]))*)"/y

/**
 * The words of a command line: split at spaces that are not between quotes. `$`, `~`, `|` and similar characters have no special
 * meaning. Undefined if a quote is not closed.
 */
export const wordsOf = (line: string): ReadonlyArray<string> | undefined => {
  const found: Array<string> = []
  let at = 0
  let word: string | undefined
  while (at < line.length) {
    if (/\s/.test(line[at]!)) {
      if (word !== undefined) found.push(word)
      word = undefined
      at++
      continue
    }
    part.lastIndex = at
    const match = part.exec(line)
    if (match === null) return undefined
    const [whole, single, double] = match
    word = (word ?? "") + (single ?? double?.replaceAll(/\\(["\\])/g, "$1") ?? whole)
    at += whole.length
  }
  return word === undefined ? found : [...found, word]
}
