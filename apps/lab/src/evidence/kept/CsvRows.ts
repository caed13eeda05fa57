/** Rows from CSV. */
import type { Row } from "@nonconvex/evidence/Experiment"

/** Type of a column in a file of rows. */
export type ColumnType = "number" | "text" | "truth"

/** The cells of each line; quotes as `Csv.line` writes them. */
const cellsOf = (text: string): ReadonlyArray<ReadonlyArray<string>> => {
  const lines: Array<Array<string>> = []
  let cells: Array<string> = []
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy
  while (pattern.lastIndex < text.length) {
    const found = pattern.exec(text)
    if (found === null) break
    const [, quoted, plain = "", end] = found
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === ",") continue
    lines.push(cells)
    cells = []
  }
  return lines
}

const valueOf = (text: string, type: ColumnType): Row[string] => {
  if (type === "text") return text
  return type === "truth" ? text === "true" : Number(text)
}

/**
 * Parses the rows of a text that `Csv.encode` wrote, by the types of its columns, with the same bits. An empty cell of
 * numbers or booleans is a missing value.
 */
export const decode = (
  text: string,
  types: Readonly<Record<string, ColumnType>>,
): ReadonlyArray<Row> => {
  const [names = [], ...lines] = cellsOf(text)
  return lines.map((cells) =>
    Object.fromEntries(
      names.flatMap((name, at) => {
        const type = types[name] ?? "text"
        const given = cells[at] ?? ""
        return given === "" && type !== "text" ? [] : [[name, valueOf(given, type)] as const]
      }),
    ),
  )
}
