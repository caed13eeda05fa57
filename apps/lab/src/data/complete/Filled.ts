/** The values of a filled table: observed ones as they were, the others as they are predicted. */
import { type Fit, predict, type Table } from "@nonconvex/matrix-factorization"
import type { NamedTable } from "./CompleteInput.ts"

/** Row after row, each made when it is asked for: all of them need not fit into memory. */
export function* rowsOf({ columnOf, columns, rowOf, rows, values }: Table, fit: Fit) {
  const starts = new Uint32Array(rows + 1)
  for (const row of rowOf) starts[row + 1]!++
  for (let row = 0; row < rows; row++) starts[row + 1]! += starts[row]!
  const next = starts.slice()
  const entries = new Uint32Array(values.length)
  rowOf.forEach((row, i) => {
    entries[next[row]!++] = i
  })
  for (let row = 0; row < rows; row++) {
    const filled = Float64Array.from({ length: columns }, (_, column) => predict(fit, row, column))
    for (const i of entries.subarray(starts[row], starts[row + 1])) {
      filled[columnOf[i]!] = values[i]!
    }
    yield filled
  }
}

const quoted = (name: string): string =>
  /[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name

/** The filled table as lines of a CSV file with names. */
export function* csv({ columnNames, rowNames, table }: NamedTable, fit: Fit) {
  yield `${["", ...columnNames].map(quoted).join(",")}\n`
  let row = 0
  for (const values of rowsOf(table, fit)) {
    yield `${quoted(rowNames[row++]!)},${values.join(",")}\n`
  }
}
