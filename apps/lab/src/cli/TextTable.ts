/** Plain text tables and numbers for a terminal. */
import { stripVTControlCharacters } from "node:util"

/** Width between two columns. */
const gap = 2

/** Column widths that fit into `width` together: the widest column shrinks first, to no less than `least`. */
const fitted = (
  widths: ReadonlyArray<number>,
  width: number,
  least = 12,
): ReadonlyArray<number> => {
  const out = [...widths]
  const total = () => out.reduce((sum, each) => sum + each, gap * (out.length - 1))
  while (total() > width) {
    const widest = Math.max(...out)
    if (widest <= least) break
    out[out.indexOf(widest)] = Math.max(least, widest - (total() - width))
  }
  return out
}

/**
 * Columns padded to their widest cell, two spaces apart. A line break in a cell is shown as an escape. If the table is wider
 * than `width`, the widest columns wrap at spaces.
 */
export const render = (
  header: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<string>>,
  width = Infinity,
): string => {
  const lines = [header, ...rows].map((cells) => cells.map((cell) => cell.replaceAll("\n", "\\n")))
  const widths = header.map((_, column) =>
    lines.reduce((widest, cells) => Math.max(widest, (cells[column] ?? "").length), 0),
  )
  const columns = fitted(widths, width)
  return lines
    .flatMap((cells) => {
      const broken = cells.map((cell, column) => wrap(cell, columns[column]!).split("\n"))
      const height = Math.max(...broken.map(({ length }) => length))
      return Array.from({ length: height }, (_, line) =>
        broken
          .map((cell, column) => (cell[line] ?? "").padEnd(columns[column]!))
          .join(" ".repeat(gap))
          .trimEnd(),
      )
    })
    .join("\n")
}

/** More rows than these are skipped in the middle. */
const firstRows = 20
const lastRows = 5

/**
 * Lines of a table, without those in the middle if there are many. `what` names one item, and `where` says where all are
 * found.
 */
export const clipped = <Item>(
  header: ReadonlyArray<string>,
  items: ReadonlyArray<Item>,
  cells: (item: Item) => ReadonlyArray<string>,
  { what, where }: { readonly what: string; readonly where: string },
): ReadonlyArray<string> => {
  const skipped = items.length - firstRows - lastRows
  const shown = skipped > 0 ? [...items.slice(0, firstRows), ...items.slice(-lastRows)] : items
  const lines = render(header, shown.map(cells)).split("\n")
  if (skipped > 0) {
    lines.splice(1 + firstRows, 0, `... ${plural(skipped, `more ${what}`)}; ${where}`)
  }
  return lines
}

/** At most `digits` significant digits, without trailing zeros; an exponent where zeros would be counted. */
const significant = (value: number, digits: number): string => {
  const size = Math.abs(value)
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e")
  const isLarge = size >= 1e7 && Number(exponent) >= digits
  return size !== 0 && Number.isFinite(size) && (isLarge || size < 1e-4)
    ? `${Number(mantissa)}e${Number(exponent)}`
    : String(Number(value.toPrecision(digits)))
}

/** Six significant digits. */
export const number = (value: number): string => significant(value, 6)

/** The power of ten of the first digit. */
const exponentOf = (value: number): number => Number(value.toExponential().split("e")[1])

/** Digits that a double has for certain. */
const mostDigits = 15

/**
 * Formats a column of numbers so that they stay distinguishable: six significant digits, or more where all share their
 * leading digits. Equal numbers count as having a spread of one.
 */
export const numbersOf = (values: ReadonlyArray<number>): ((value: number) => string) => {
  let [least, largest] = [Infinity, -Infinity]
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    least = Math.min(least, value)
    largest = Math.max(largest, value)
  }
  const first = exponentOf(Math.max(-least, largest))
  const alike = first - exponentOf(largest > least ? largest - least : 1)
  const digits = alike > 1 ? Math.min(Math.max(alike + 5, first + 1), mostDigits) : 6
  return (value) => significant(value, digits)
}

/** Three significant digits. */
export const margin = (value: number): string => significant(value, 3)

/** Groups of three digits, a narrow space apart. */
export const count = (value: number): string =>
  String(Math.round(value)).replaceAll(/\B(?=(\d{3})+$)/g, " ")

/** Seconds as `40 ms`, `0.4 s`, `12 s`, `3 min 20 s` or `2 h 5 min`. */
export const duration = (seconds: number): string => {
  if (seconds < 0.0995) return `${Math.round(seconds * 1000)} ms`
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}

/** Length of a line as it is seen, without its colours. */
const seen = (line: string): number => stripVTControlCharacters(line).length

/** The text in lines of at most `width` characters, broken at spaces: the first after `indent`, the others after `hang`. */
export const wrap = (text: string, width: number, indent = "", hang = indent): string => {
  const lines: Array<string> = []
  let line = ""
  const indented = () => (lines.length === 0 ? indent : hang) + line
  for (const word of text.split(" ")) {
    if (line !== "" && seen(indented()) + 1 + seen(word) > width) {
      lines.push(indented())
      line = word
    } else line = line === "" ? word : `${line} ${word}`
  }
  return [...lines, indented()].join("\n")
}

/** Wraps each line wider than `width` at spaces; continuation lines are indented by two more. */
export const fold = (text: string, width: number): string =>
  text
    .split("\n")
    .map((line) => {
      if (seen(line) <= width) return line
      const indent = " ".repeat(line.length - line.trimStart().length)
      return wrap(line.trim(), width, indent, `${indent}  `)
    })
    .join("\n")

/** Lines of a screen of 24, with one left for the prompt. */
const screen = 23

/** The first screen of a text, and how many lines follow it. */
export const clip = (text: string): string => {
  const lines = text.split("\n")
  if (lines.length <= screen) return text
  const shown = lines.slice(0, screen - 1).join("\n")
  return `${shown}\n... ${plural(lines.length - screen + 1, "more line")}; --all prints them`
}

/** `1 claim`, `2 claims`; the plural is `one` with an s unless given. */
export const plural = (n: number, one: string, many = `${one}s`): string =>
  `${count(n)} ${n === 1 ? one : many}`

/** Width at which text is wrapped: the terminal's, up to a readable limit, and a constant elsewhere. */
export const lineWidth = (columns: number): number => (columns > 20 ? Math.min(columns, 100) : 100)
