/** The rows of a sample, as a parser would divide it, but for what it refuses: a look at a file must not end at its first fault. */
import type { Divisions } from "./Parser.ts"

const lineEnd = /[\r\n]/

/** Shows the cells of each row, trimmed, without blank lines and lines that begin with #. */
export const forEachRow = (
  text: string,
  { delimiter, quote }: Pick<Divisions, "delimiter" | "quote">,
  onRow: (cells: ReadonlyArray<string>) => void,
): void => {
  const isSpaced = delimiter === " "
  const isBlank = (at: number) => text[at] === " " || (text[at] === "\t" && delimiter !== "\t")
  const isEnd = (at: number) => at >= text.length || lineEnd.test(text[at]!)
  const isBetween = (at: number) => (isSpaced ? isBlank(at) : text.startsWith(delimiter, at))
  let at = 0
  const skipBlanks = () => {
    while (isBlank(at)) at++
  }
  /** The cell in quotes that begins here; without its end, all that is left. */
  const quoted = (): string => {
    let cell = ""
    for (at++; at < text.length; at++) {
      if (text[at] !== quote) cell += text[at]!
      else if (text[at + 1] === quote) cell += text[at++]!
      else break
    }
    at++
    return cell
  }
  const plain = (): string => {
    const start = at
    while (!isEnd(at) && !isBetween(at)) at++
    return text.slice(start, at).trim()
  }
  while (at < text.length) {
    const cells: Array<string> = []
    skipBlanks()
    if (text[at] === "#") while (!isEnd(at)) at++
    while (!isEnd(at)) {
      cells.push(text[at] === quote ? quoted() + plain() : plain())
      if (isEnd(at)) break
      at += isSpaced ? 0 : delimiter.length
      skipBlanks()
      // a delimiter at the end of the line begins a cell without text
      if (isEnd(at) && !isSpaced) cells.push("")
    }
    if (cells.some((cell) => cell !== "")) onRow(cells)
    at++
  }
}
