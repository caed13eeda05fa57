/** Rows of a sample as the parser divides them, without its errors: a preview must survive the first fault. */
import type { Divisions } from "./Parser.ts"

const [tab, newline, carriageReturn, space] = ["\t", "\n", "\r", " "].map((c) => c.charCodeAt(0))

/** Shows the cells of each row, trimmed, without blank lines and lines that begin with #. */
export const forEachRow = (
  text: string,
  { delimiter, quote }: Pick<Divisions, "delimiter" | "quote">,
  onRow: (cells: ReadonlyArray<string>) => void,
): void => {
  const isSpaced = delimiter === " "
  const first = delimiter.charCodeAt(0)
  const isLong = delimiter.length > 1
  // by code, for a line may have millions of letters: letters as strings take several times as long
  const isBlank = (at: number) => {
    const code = text.charCodeAt(at)
    return code === space || (code === tab && delimiter !== "\t")
  }
  const isEnd = (at: number) => {
    if (at >= text.length) return true
    const code = text.charCodeAt(at)
    return code === newline || code === carriageReturn
  }
  const isBetween = (at: number) =>
    isSpaced
      ? isBlank(at)
      : text.charCodeAt(at) === first && (!isLong || text.startsWith(delimiter, at))
  let at = 0
  const skipBlanks = () => {
    while (isBlank(at)) at++
  }
  /** Quoted cell that starts here; the rest of the text if the quote is not closed. */
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
