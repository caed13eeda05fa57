/** What must hold of tables of which few entries are known. */
import { Kernels } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import fc from "fast-check"
import type { SparseRows } from "../../src/kernels/reference/Sparse.ts"
import { close, doubles, same, type Source } from "./expand.ts"
import { type Law, law } from "./law.ts"

const shape = fc.record({
  rows: fc.nat(9),
  columns: fc.integer({ min: 1, max: 9 }),
  rank: fc.nat(11),
  /** Of 8 places how many are seen. */
  density: fc.integer({ min: 0, max: 8 }),
  isWeighed: fc.boolean(),
  seed: fc.nat(1000),
})
const decades = fc.constantFrom<Array<number>>(0, 2, 60)

interface Shape {
  readonly rows: number
  readonly columns: number
  readonly density: number
  readonly isWeighed: boolean
}

/** Entries row by row, drawn by the numbers of a source; some rows have none. */
const tableOf = ({ columns, density, isWeighed, rows }: Shape, from: Source): SparseRows => {
  const draws = doubles({ ...from, decades: 0 }, "places", rows * columns)
  const places = [...draws.keys()].filter((at) => Math.abs(draws[at]!) * 4 < density)
  const starts = Uint32Array.from(
    { length: rows + 1 },
    (_, k) => places.filter((at) => at < k * columns).length,
  )
  const confidence = doubles({ ...from, decades: 0 }, "confidence", places.length)
  return {
    starts,
    others: Uint32Array.from(places, (at) => at % columns),
    values: doubles(from, "values", places.length),
    confidence: isWeighed ? confidence.map((x) => 0.1 + Math.abs(x)) : undefined,
  }
}

/** The matrix of the entries, with zeros elsewhere. */
const dense = ({ others, starts, values }: SparseRows, columns: number): Float64Array => {
  const out = new Float64Array((starts.length - 1) * columns)
  for (let k = 0; k < starts.length - 1; k++) {
    for (let e = starts[k]!; e < starts[k + 1]!; e++) out[k * columns + others[e]!] = values[e]!
  }
  return out
}

export const sparseLaws: ReadonlyArray<Law> = [
  law(
    "sparseLeastSquares, sparseResiduals and sparseProduct: the strict build gives the bits of the plain loops",
    fc.property(shape, decades, ({ rank, seed, ...given }, spread) => {
      const from = { seed, decades: spread }
      const { columns, rows } = given
      const table = tableOf(given, from)
      const other = doubles(from, "other", columns * (rank + 1))
      const penalties = doubles(from, "penalties", rows).map(Math.abs)
      const [found, expected] = [Kernels.strict(), Kernels.reference()].map((kernels) => {
        const own = new Float64Array(rows * (rank + 1)).fill(7)
        kernels.sparseLeastSquares(rank, table, other, penalties, 0.3, own)
        const left = new Float64Array(table.values.length)
        const square = kernels.sparseResiduals(rank, table, own, other, left)
        const alone = kernels.sparseResiduals(rank, table, own, other)
        const [out, back] = [
          new Float64Array(rows * (rank + 1)).fill(7),
          new Float64Array(columns * (rank + 1)).fill(7),
        ]
        kernels.sparseProduct(false, rank + 1, table, other, out)
        kernels.sparseProduct(true, rank + 1, table, own, back)
        return [square, alone, ...own, ...left, ...out, ...back]
      })
      same("sparse", found!, expected!)
    }),
  ),
  law(
    "sparseLeastSquares: the slope of what is minimised is 0, by every build",
    fc.property(shape, ({ rank, seed, ...given }) => {
      const from = { seed, decades: 0 }
      const { columns, rows } = given
      const table = tableOf(given, from)
      const n = rank + 1
      const other = doubles(from, "other", columns * n)
      const penalties = doubles(from, "penalties", rows).map((x) => 0.1 + Math.abs(x))
      const ridge = 0.3
      for (const kernels of [Kernels.strict(), RelaxedKernels.relaxed(), Kernels.reference()]) {
        const own = new Float64Array(rows * n)
        kernels.sparseLeastSquares(rank, table, other, penalties, ridge, own)
        const left = new Float64Array(table.values.length)
        kernels.sparseResiduals(rank, table, own, other, left)
        const slopes = own.map(
          (x, at) => (at % n === rank ? ridge : penalties[Math.floor(at / n)]!) * x,
        )
        const sizes = slopes.map(Math.abs)
        for (let k = 0; k < rows; k++) {
          for (let e = table.starts[k]!; e < table.starts[k + 1]!; e++) {
            for (let a = 0; a < n; a++) {
              const part = a === rank ? 1 : other[table.others[e]! * n + a]!
              slopes[k * n + a]! -= left[e]! * part
              sizes[k * n + a]! += Math.abs(left[e]! * part) + part * part
            }
          }
        }
        close(kernels.name, slopes, new Float64Array(rows * n), (at) => 1e-11 * (1 + sizes[at]!))
      }
    }),
  ),
  law(
    "sparseProduct: the product of the matrix of the entries, and of its transpose, by every build",
    fc.property(shape, fc.integer({ min: 1, max: 8 }), ({ seed, ...given }, count) => {
      const from = { seed, decades: 0 }
      const { columns, rows } = given
      const table = tableOf(given, from)
      const matrix = dense(table, columns)
      for (const transpose of [false, true]) {
        const [to, of] = transpose ? [columns, rows] : [rows, columns]
        const x = doubles(from, "x", of * count)
        const expected = new Float64Array(to * count)
        Kernels.reference().gemm(transpose, false, to, count, of, 1, matrix, x, 0, expected)
        for (const kernels of [Kernels.strict(), RelaxedKernels.relaxed(), Kernels.reference()]) {
          const out = new Float64Array(to * count).fill(NaN)
          kernels.sparseProduct(transpose, count, table, x, out)
          close(kernels.name, out, expected, () => 1e-13 * 10)
        }
      }
    }),
  ),
]
