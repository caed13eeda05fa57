/**
 * Basis near an optimal one, computed in doubles by the simplex method on the whole table: with payoffs above 0, `max sum y`
 * where `A y <= 1`. Among the improving columns, those that another method plays come first, so that few exchanges remain.
 * The table is rebuilt from the matrix until that changes nothing, because hundreds of exchanges lose digits.
 */
import type { Workspace } from "@nonconvex/numerics/Workspace"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type { Basis } from "../exact/Basis.ts"

/** Thresholds for rounding errors: of a cost or a negative value, and of an entry. */
const rounding = -1e-11
const leastEntry = 1e-9
/** Tolerance below 0 that lets an exchange use a larger entry (Harris 1973, as recalled). */
const slack = 1e-11
/** Maximum number of rebuilt tables; exact exchanges resolve the rest. */
const mostTables = 8

interface Guide {
  readonly rows: ReadonlySet<number>
  readonly columns: ReadonlySet<number>
}

export interface Options {
  /** Entries from 1 to 2, row-major, paid to the rows. */
  readonly matrix: Float64Array
  readonly rows: number
  readonly columns: number
  /** Intended support. */
  readonly guide: Guide
  readonly kernels: Kernels.Kernels
  readonly workspace: Workspace
  readonly onExchange: (exchanges: number) => void
}

/**
 * Rows of the table, then the costs; the last number of a line is its value. Variables by index: row i's slack is i, column
 * j is `rows + j`; `down` lists those in the basis, one per line.
 */
interface Table extends Options {
  readonly table: Float64Array
  readonly lines: ReadonlyArray<Float64Array>
  /** The line and the column of an exchange. */
  readonly line: Float64Array
  readonly column: Float64Array
  readonly across: Array<number>
  readonly down: Array<number>
}

const exchange = (
  { across, column, columns, down, kernels, line, lines, rows, table }: Table,
  p: number,
  q: number,
): void => {
  const pivot = lines[p]!
  const inverse = 1 / pivot[q]!
  for (let j = 0; j < pivot.length; j++) pivot[j]! *= inverse
  pivot[q] = inverse
  line.set(pivot)
  for (let i = 0; i <= rows; i++) {
    column[i] = i === p ? 0 : lines[i]![q]!
    if (i !== p) lines[i]![q] = 0
  }
  kernels.ger(rows + 1, columns + 1, -1, column, line, table)
  ;[across[q], down[p]] = [down[p]!, across[q]!]
}

/** The table of the basis that it has, from the matrix. */
const renew = (table: Table): void => {
  const { across, columns, down, lines, matrix, rows } = table
  const inside = down.filter((variable) => variable >= rows).map((variable) => variable - rows)
  const outside = new Set(across.filter((variable) => variable < rows))
  for (const [i, line] of lines.entries()) {
    if (i < rows) line.set(matrix.subarray(i * columns, (i + 1) * columns))
    else line.fill(-1, 0, columns)
    line[columns] = i < rows ? 1 : 0
  }
  for (let j = 0; j < columns; j++) across[j] = rows + j
  for (let i = 0; i < rows; i++) down[i] = i
  for (const q of inside) {
    let p = -1
    for (const i of outside) if (p < 0 || Math.abs(lines[i]![q]!) > Math.abs(lines[p]![q]!)) p = i
    // of a basis that is singular after all
    if (Math.abs(lines[p]![q]!) < leastEntry) continue
    outside.delete(p)
    exchange(table, p, q)
  }
}

/**
 * Ratio test: among the lines with a large enough `entry`, the one of smallest `value / entry` up to rounding, with the
 * largest entry.
 */
const ratioTest = (
  count: number,
  entry: (k: number) => number,
  value: (k: number) => number,
): number => {
  let bound = Number.POSITIVE_INFINITY
  for (let k = 0; k < count; k++) {
    if (entry(k) > leastEntry) bound = Math.min(bound, (Math.max(0, value(k)) + slack) / entry(k))
  }
  let best = -1
  for (let k = 0; k < count; k++) {
    const mine = entry(k)
    if (mine > leastEntry && value(k) <= bound * mine && (best < 0 || mine > entry(best))) best = k
  }
  return best
}

/** Primal simplex method, from nonnegative values. Returns the number of exchanges. */
const improve = (table: Table, isWanted: (variable: number) => boolean, most: number): number => {
  const { across, columns, lines, onExchange, rows } = table
  const costs = lines[rows]!
  for (let exchanges = 0; exchanges < most; exchanges++) {
    let [q, cost, wanted] = [-1, rounding, false]
    for (let j = 0; j < columns; j++) {
      if (costs[j]! > rounding) continue
      const mine = isWanted(across[j]!)
      if (mine === wanted ? costs[j]! < cost : mine) [q, cost, wanted] = [j, costs[j]!, mine]
    }
    if (q < 0) return exchanges
    const p = ratioTest(
      rows,
      (i) => lines[i]![q]!,
      (i) => lines[i]![columns]!,
    )
    if (p < 0) return exchanges
    exchange(table, p, q)
    onExchange(exchanges + 1)
  }
  return most
}

/** Dual simplex method, which makes values nonnegative; negative costs count as 0. Returns the number of exchanges. */
const repair = (table: Table, most: number): number => {
  const { columns, lines, onExchange, rows } = table
  const costs = lines[rows]!
  for (let exchanges = 0; exchanges < most; exchanges++) {
    let [p, value] = [-1, rounding]
    for (let i = 0; i < rows; i++) {
      if (lines[i]![columns]! < value) [p, value] = [i, lines[i]![columns]!]
    }
    if (p < 0) return exchanges
    for (let j = 0; j < columns; j++) costs[j] = Math.max(0, costs[j]!)
    const line = lines[p]!
    const q = ratioTest(
      columns,
      (j) => -line[j]!,
      (j) => costs[j]!,
    )
    if (q < 0) return exchanges
    exchange(table, p, q)
    onExchange(exchanges + 1)
  }
  return most
}

/** Basis at which the method ends. */
export const guidedBasis = (options: Options): Basis => {
  const { columns, guide, rows, workspace } = options
  const width = columns + 1
  const whole = workspace.f64((rows + 1) * width)
  const table: Table = {
    ...options,
    table: whole,
    lines: Array.from({ length: rows + 1 }, (_, i) => whole.subarray(i * width, (i + 1) * width)),
    line: workspace.f64(width),
    column: workspace.f64(rows + 1),
    across: Array.from({ length: columns }, (_, j) => rows + j),
    down: Array.from({ length: rows }, (_, i) => i),
  }
  // what should be played is, as far as it pairs up; `renew` leaves out what makes the basis singular
  const [outside, inside] = [[...guide.rows], [...guide.columns]]
  for (let k = 0; k < Math.min(outside.length, inside.length); k++) {
    table.across[inside[k]!] = outside[k]!
    table.down[outside[k]!] = rows + inside[k]!
  }
  const isWanted = (variable: number) =>
    variable < rows ? !guide.rows.has(variable) : guide.columns.has(variable - rows)
  const most = 10 * (rows + columns)
  for (let made = 0; made < mostTables; made++) {
    renew(table)
    const repaired = repair(table, most)
    if (repaired > 0) renew(table)
    if (improve(table, isWanted, most) === 0 && repaired === 0) break
  }
  const ordered = (values: ReadonlyArray<number>) => values.toSorted((a, b) => a - b)
  return {
    rows: ordered(table.across.filter((variable) => variable < rows)),
    columns: ordered(table.down.filter((v) => v >= rows).map((v) => v - rows)),
  }
}
