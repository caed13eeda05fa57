/** Names that a misspelt word may stand for. */

/** Edit distance of two words, with exchanges of adjacent letters. */
const edits = (from: string, to: string): number => {
  let before: ReadonlyArray<number> = []
  let row: ReadonlyArray<number> = Array.from({ length: to.length + 1 }, (_, j) => j)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      const swapped = isSwap ? before[j - 2]! + 1 : Infinity
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, replaced, swapped))
    }
    ;[before, row] = [row, next]
  }
  return row[to.length]!
}

/** The name closest to a word: at most a third of the letters differ, or one begins with the other. Undefined if there is none. */
export const nearest = (word: string, names: ReadonlyArray<string>): string | undefined => {
  const short = word.slice(0, 80).toLowerCase()
  const [best] = names
    .flatMap((name) => {
      const lower = name.toLowerCase()
      const [less, more] = lower.length < short.length ? [lower, short] : [short, lower]
      const isBeginning = less.length > 2 && more.startsWith(less)
      const count = edits(short, lower)
      if (isBeginning) return [{ name, off: Math.min(count - 0.5, 2) }]
      return count <= Math.max(1, name.length / 3) ? [{ name, off: count }] : []
    })
    .toSorted((a, b) => a.off - b.off)
  return best?.name
}

/** A word of a file in quotes, shortened and without control characters. */
export const quoted = (word: string): string =>
  JSON.stringify(word.slice(0, 40).replaceAll(/\p{C}/gu, "?"))

/** The name that a word may stand for, as a question, and all names. */
export const choice = (word: string, names: ReadonlyArray<string>): string => {
  const near = nearest(word, names)
  const list = names.join(", ")
  return near === undefined ? `use one of ${list}` : `did you mean "${near}"? All are ${list}`
}
