/** One table in the spellings that people's programs give it. */

/** Names, numbers and holes (undefined), row by row, the first of them the header. */
export type Cells = ReadonlyArray<ReadonlyArray<string | number | undefined>>

interface Style {
  readonly delimiter: string
  readonly decimal?: "," | "."
  /** What separates thousands; default nothing. */
  readonly thousands?: string
  readonly missing?: string
  readonly minus?: string
  /** Around names, and around numbers too where `quotesAll`. */
  readonly quote?: string
  readonly quotesAll?: boolean
  readonly lineEnd?: string
  /** At the ends of lines. */
  readonly trailing?: string
  readonly before?: string
  readonly encoding?: "utf-8" | "utf-16le" | "windows-1252"
}

const numberIn = (value: number, { decimal = ".", minus = "-", thousands = "" }: Style): string => {
  const [whole = "", part] = String(Math.abs(value)).split(".")
  const grouped = whole.replaceAll(/(?<=\d)(?=(\d{3})+$)/g, thousands)
  return `${value < 0 ? minus : ""}${grouped}${part === undefined ? "" : decimal + part}`
}

const cellIn = (cell: string | number | undefined, style: Style): string => {
  const { missing = "", quote = "", quotesAll = false } = style
  if (cell === undefined) return missing
  const text = typeof cell === "number" ? numberIn(cell, style) : cell
  return typeof cell === "string" || quotesAll ? `${quote}${text}${quote}` : text
}

const bytesOf = (text: string, encoding: Style["encoding"] = "utf-8"): Uint8Array => {
  if (encoding === "utf-8") return new TextEncoder().encode(text)
  return Buffer.from(
    encoding === "utf-16le" ? `\u{feff}${text}` : text,
    encoding === "utf-16le" ? "utf16le" : "latin1",
  )
}

const styles: ReadonlyArray<readonly [name: string, style: Style]> = [
  ["commas", { delimiter: "," }],
  ["semicolons, decimal commas", { delimiter: ";", decimal: ",", lineEnd: "\r\n" }],
  ["tabs in UTF-16", { delimiter: "\t", decimal: ",", encoding: "utf-16le", missing: "NA" }],
  ["pipes between spaces", { delimiter: " | ", missing: "?" }],
  ["runs of spaces", { delimiter: "   ", quote: '"', missing: "NA" }],
  ["two colons", { delimiter: "::", minus: "−" }],
  [
    "the line of Excel, thousands, trailing delimiters",
    {
      delimiter: ";",
      decimal: ",",
      thousands: ".",
      lineEnd: "\r\n",
      trailing: ";",
      before: "\u{feff}sep=;\r\n",
    },
  ],
  ["single quotes", { delimiter: ",", quote: "'", quotesAll: true, missing: "null" }],
  [
    "quoted decimal commas in Windows-1252",
    {
      delimiter: ",",
      decimal: ",",
      quote: '"',
      quotesAll: true,
      lineEnd: "\r",
      encoding: "windows-1252",
    },
  ],
  ["comments and blank lines", { delimiter: ",", before: "# by hand, 2024\n\n", lineEnd: "\n\n" }],
]

/** The table in all spellings, the first of them the plainest. */
export const spelled = (
  cells: Cells,
): ReadonlyArray<{ readonly name: string; readonly content: Uint8Array }> =>
  styles.map(([name, style]) => {
    const { before = "", delimiter, encoding, lineEnd = "\n", trailing = "" } = style
    const lines = cells.map(
      (row) => row.map((cell) => cellIn(cell, style)).join(delimiter) + trailing + lineEnd,
    )
    return { name, content: bytesOf(before + lines.join(""), encoding) }
  })
