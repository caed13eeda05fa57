/** Products of layers, and the sharpness of each, in exact values. */
import { Exact } from "@nonconvex/evidence"
import * as Factorisation from "../../factorisation/Factorisation.ts"
import { type Measurements } from "../../measurements/Measurements.ts"

/** Row-major. */
export interface ExactMatrix {
  readonly rows: number
  readonly columns: number
  readonly entries: ReadonlyArray<Exact.Value>
}

const built = (
  rows: number,
  columns: number,
  entry: (i: number, j: number) => Exact.Value,
): ExactMatrix => ({
  rows,
  columns,
  entries: Array.from({ length: rows * columns }, (_, at) =>
    entry(Math.floor(at / columns), at % columns),
  ),
})

export const transpose = ({ columns, entries, rows }: ExactMatrix): ExactMatrix =>
  built(columns, rows, (i, j) => entries[j * columns + i]!)

/** A B. */
export const multiply = (a: ExactMatrix, b: ExactMatrix): ExactMatrix => {
  const [rows, columns] = [a, transpose(b)].map(({ columns: n, entries, rows: m }) =>
    Array.from({ length: m }, (_, i) => entries.slice(i * n, (i + 1) * n)),
  )
  return built(a.rows, b.columns, (i, j) => Exact.dot(rows![i]!, columns![j]!))
}

const identity = (n: number): ExactMatrix =>
  built(n, n, (i, j) => (i === j ? Exact.one : Exact.zero))

export const squaredNorm = ({ entries }: ExactMatrix): Exact.Value => Exact.dot(entries, entries)

/** The layers of parameters, from the first to the last, their entries as `of` takes them. */
export const layersOf = (
  shape: Factorisation.Shape,
  x: Float64Array,
  of: (entry: number) => Exact.Value = Exact.computed,
): ReadonlyArray<ExactMatrix> =>
  Factorisation.layers(shape, x).map((part, k) => ({
    rows: shape.widths[k + 1]!,
    columns: shape.widths[k]!,
    entries: Array.from(part, of),
  }))

/** `P_(j-1)` and `S_j` for each layer: the product of those before it, and of those after it. */
export const around = (
  layers: ReadonlyArray<ExactMatrix>,
): ReadonlyArray<{ readonly before: ExactMatrix; readonly after: ExactMatrix }> =>
  layers.map((layer, j) => ({
    before: layers
      .slice(0, j)
      .reduce((product, each) => multiply(each, product), identity(layers[0]!.columns)),
    after: layers
      .slice(j + 1)
      .reduceRight((product, each) => multiply(product, each), identity(layers.at(-1)!.rows)),
  }))

/** The product of all layers. */
const endToEnd = (layers: ReadonlyArray<ExactMatrix>): ExactMatrix =>
  layers.reduce((product, each) => multiply(each, product), identity(layers[0]!.columns))

/** An interval of no width: fractions of products of layers would have thousands of digits. */
const point = (entry: number): Exact.Value => Exact.interval(Exact.computed(entry))

/** The product of layers and `T_j = (1/n) sum_i |S_j' A_i P_(j-1)'|_F^2`, in intervals. */
export const sharpnessOf = (
  measurements: Measurements,
  shape: Factorisation.Shape,
  x: Float64Array,
): { readonly product: ExactMatrix; readonly sharpness: ReadonlyArray<Exact.Value> } => {
  const { columns, count, rows } = measurements
  const layers = layersOf(shape, x, point)
  const all = Array.from({ length: count }, (_, i): ExactMatrix => {
    const matrix = new Float64Array(rows * columns)
    measurements.adjoint(new Float64Array(count).fill(1, i, i + 1), matrix)
    return { rows, columns, entries: Array.from(matrix, point) }
  })
  const sharpness = around(layers).map(({ after, before }) => {
    const squares = all.map((each) =>
      squaredNorm(multiply(multiply(transpose(after), each), transpose(before))),
    )
    return Exact.divide(Exact.sum(...squares), Exact.of(count))
  })
  return { product: endToEnd(layers), sharpness }
}

const larger = (a: Exact.Value, b: Exact.Value): Exact.Value => {
  const [x, y] = [Exact.interval(a), Exact.interval(b)]
  const order = Exact.compare(a, b)
  if (order !== undefined) return order === 1 ? a : b
  return { low: Math.max(x.low, y.low), high: Math.max(x.high, y.high) }
}

export const largest = (values: ReadonlyArray<Exact.Value>): Exact.Value => values.reduce(larger)

export const smallest = (values: ReadonlyArray<Exact.Value>): Exact.Value =>
  Exact.negate(largest(values.map(Exact.negate)))

/** Statement that entries differ by at most a multiple of the largest of both. */
export const entriesNear = (
  { entries: a }: ExactMatrix,
  { entries: b }: ExactMatrix,
  share: Exact.Value,
): Exact.Compared => {
  const apart = a.map((entry, at) => Exact.absolute(Exact.subtract(entry, b[at]!)))
  const size = largest([...a, ...b].map(Exact.absolute))
  return Exact.atMost(largest(apart), Exact.multiply(share, size))
}
