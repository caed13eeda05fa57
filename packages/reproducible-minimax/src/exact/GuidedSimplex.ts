/**
 * A basis next to an optimal one in doubles, by the simplex method on the whole table: with payoffs above 0, `max sum y` where
 * `A y <= 1`. Of the columns that improve those come first that another method plays, so that few exchanges are left.
 */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type { Workspace } from "@nonconvex/numerics/Arena"
import type { Basis } from "./Basis.ts"

/** Below this a reduced cost, and an entry of a column, is rounding. */
const improving = 1e-11
const leastPivot = 1e-9
/** Ratios that are alike. */
const alike = 1e-13

/** `matrix` has entries from 1 to 2, row-major, paid to the rows; `guide` says of each row and column whether it should be played. */
export const guidedBasis = (options: {
  readonly matrix: Float64Array
  readonly rows: number
  readonly columns: number
  readonly guide: { readonly rows: ReadonlySet<number>; readonly columns: ReadonlySet<number> }
  readonly kernels: Kernels.Kernels
  readonly workspace: Workspace
  readonly onExchange: (exchanges: number) => void
}): Basis => {
  const { columns, guide, kernels, matrix, onExchange, rows, workspace } = options
  const width = columns + 1
  const table = Array.from({ length: rows + 1 }, (_, i) => {
    const line = workspace.f64(width)
    if (i < rows) line.set(matrix.subarray(i * columns, (i + 1) * columns))
    else line.fill(-1, 0, columns)
    line[columns] = i < rows ? 1 : 0
    return line
  })
  const costs = table[rows]!
  // of rows and columns alike, by their place: columns are rows + j, and a row in a column's place is its slack
  const across = Array.from({ length: columns }, (_, j) => rows + j)
  const down = Array.from({ length: rows }, (_, i) => i)
  const isWanted = (variable: number) =>
    variable < rows ? !guide.rows.has(variable) : guide.columns.has(variable - rows)
  /** The column with the most negative cost, of those that are wanted if there is one. */
  const entering = () => {
    let [best, cost, wanted] = [-1, -improving, false]
    for (let j = 0; j < columns; j++) {
      if (costs[j]! > -improving) continue
      const mine = isWanted(across[j]!)
      if (mine === wanted ? costs[j]! < cost : mine) [best, cost, wanted] = [j, costs[j]!, mine]
    }
    return best
  }
  const leaving = (q: number) => {
    let [best, ratio] = [-1, Number.POSITIVE_INFINITY]
    for (let i = 0; i < rows; i++) {
      const entry = table[i]![q]!
      if (entry < leastPivot) continue
      const own = table[i]![columns]! / entry
      const isLess = own < ratio - alike
      if (isLess || (own <= ratio + alike && entry > table[best]![q]!)) {
        best = i
        ratio = Math.min(ratio, own)
      }
    }
    return best
  }
  // what rounding or ties leave unsettled then is for exact exchanges
  const limit = 20 * (rows + columns)
  for (let exchanges = 0; exchanges < limit; exchanges++) {
    const q = entering()
    const p = q < 0 ? -1 : leaving(q)
    if (p < 0) break
    const pivot = table[p]!
    const inverse = 1 / pivot[q]!
    for (let j = 0; j < width; j++) pivot[j]! *= inverse
    pivot[q] = inverse
    for (let i = 0; i <= rows; i++) {
      const line = table[i]!
      const factor = line[q]!
      if (i === p || factor === 0) continue
      line[q] = 0
      kernels.axpy(-factor, pivot, line)
    }
    ;[across[q], down[p]] = [down[p]!, across[q]!]
    onExchange(exchanges + 1)
  }
  const ordered = (values: ReadonlyArray<number>) => values.toSorted((a, b) => a - b)
  return {
    rows: ordered(across.filter((variable) => variable < rows)),
    columns: ordered(down.filter((v) => v >= rows).map((v) => v - rows)),
  }
}
