/** Contribution of each neuron to each row, before and after, as text. */

/** Pre-activations of the neurons on one row, and their common value in the flat network. */
export interface Row {
  readonly before: ReadonlyArray<number>
  readonly after: number
}

/** Number of rows to show; further rows look the same. */
const most = 8
const width = 60

/** One line per row on a common scale: `.` for a neuron before, `:` for several, `|` for all of them now. */
export const render = (rows: ReadonlyArray<Row>): ReadonlyArray<string> => {
  const shown = rows.slice(0, most)
  const all = shown.flatMap(({ after, before }) => [...before, after])
  const low = all.reduce((least, value) => Math.min(least, value), Infinity)
  const high = all.reduce((largest, value) => Math.max(largest, value), -Infinity)
  const at = (value: number) =>
    high > low ? Math.round(((width - 1) * (value - low)) / (high - low)) : 0
  return shown.map(({ after, before }, i) => {
    const cells = Array<string>(width).fill(" ")
    for (const value of before) cells[at(value)] = cells[at(value)] === " " ? "." : ":"
    cells[at(after)] = "|"
    return `row ${i + 1}  ${cells.join("").trimEnd()}`
  })
}
