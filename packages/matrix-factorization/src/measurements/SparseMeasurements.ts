import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import * as Vector from "@nonconvex/numerics/Vector"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import { dense } from "./DenseMeasurements.ts"
import type { Measurements } from "./Measurements.ts"

interface SparseOptions {
  readonly rows: number
  readonly columns: number
  /** Measurement i has the entries from `offsets[i]` to `offsets[i + 1] - 1`, so there is one offset more than measurements. */
  readonly offsets: Uint32Array
  /** The place of each entry in the row-major matrix. */
  readonly positions: Uint32Array
  /** Factor of each entry of X. */
  readonly values: Float64Array
  /** Default the strict kernels of this thread. */
  readonly kernels?: Kernels.Kernels
}

const requireEntries = ({ columns, offsets, positions, rows, values }: SparseOptions): void => {
  Require.count("sparse", "rows", rows)
  Require.count("sparse", "columns", columns)
  Require.count("sparse", "measurements", offsets.length - 1)
  Require.vector("sparse", "values", values, positions.length)
  const rising = offsets.every((offset, i) => i === 0 || offset >= offsets[i - 1]!)
  if (offsets[0] !== 0 || !rising || offsets.at(-1) !== positions.length) {
    invalid("sparse", "offsets must rise from 0 to the number of entries", {
      first: offsets[0]!,
      last: offsets.at(-1)!,
      entries: positions.length,
    })
  }
  const outside = positions.find((position) => position >= rows * columns)
  if (outside !== undefined) {
    invalid("sparse", "positions must be below rows x columns", {
      position: outside,
      rows,
      columns,
    })
  }
}

const isDiagonal = (a: Float64Array, n: number): boolean =>
  a.every((value, at) => value === 0 || at % (n + 1) === 0)

/** See `Measurements.eigenvalues`. */
const eigenvaluesOf = ({ offsets, positions, values }: SparseOptions): Float64Array | undefined => {
  const squares = new Float64Array(offsets.length - 1)
  const single = (i: number): boolean => offsets[i]! + 1 === offsets[i + 1]!
  /** The first measurement that sees an entry. */
  const first = new Map<number, number>()
  for (let i = 0; i < squares.length; i++) {
    for (let p = offsets[i]!; p < offsets[i + 1]!; p++) {
      const owner = first.get(positions[p]!) ?? i
      if (first.has(positions[p]!) && !(single(i) && single(owner))) return undefined
      first.set(positions[p]!, owner)
      squares[owner]! += values[p]! * values[p]!
    }
  }
  return squares.map((square, i) =>
    single(i) ? squares[first.get(positions[offsets[i]!]!)!]! : square,
  )
}

/**
 * Measurements with few entries each; the arrays are kept by reference. Throws InvalidInput on offsets that do not rise from 0 to
 * the number of entries, on entries outside the matrix, and on non-finite values.
 */
export const sparse = (options: SparseOptions): Measurements => {
  requireEntries(options)
  const { columns, kernels = Kernels.standard(), offsets, positions, rows, values } = options
  const count = offsets.length - 1
  const eigenvalues = eigenvaluesOf(options)
  const apply = (i: number, x: Float64Array): number => {
    let sum = 0
    for (let p = offsets[i]!; p < offsets[i + 1]!; p++) sum += values[p]! * x[positions[p]!]!
    return sum
  }
  const add = (i: number, u: number, out: Float64Array): void => {
    for (let p = offsets[i]!; p < offsets[i + 1]!; p++) out[positions[p]!]! += u * values[p]!
  }
  const pairs = (
    use: (weight: number, row: number, column: number, row2: number, column2: number) => void,
  ): void => {
    for (let i = 0; i < count; i++) {
      for (let p = offsets[i]!; p < offsets[i + 1]!; p++) {
        for (let q = offsets[i]!; q < offsets[i + 1]!; q++) {
          const [first, second] = [positions[p]!, positions[q]!]
          use(
            (values[p]! * values[q]!) / count,
            Math.floor(first / columns),
            first % columns,
            Math.floor(second / columns),
            second % columns,
          )
        }
      }
    }
  }
  const toDense = (): Float64Array => {
    const matrices = new Float64Array(count * rows * columns)
    for (let i = 0; i < count; i++) {
      add(i, 1, matrices.subarray(i * rows * columns, (i + 1) * rows * columns))
    }
    return matrices
  }
  // of several entries the sums of dense ones run in another order
  const isSingle = values.length === count && offsets.every((offset, i) => offset === i)
  let known: Float64Array | undefined
  return {
    name: `${count} sparse measurements of ${rows} x ${columns}`,
    rows,
    columns,
    count,
    ...(eigenvalues !== undefined && { eigenvalues }),
    apply: (x, out) => {
      for (let i = 0; i < count; i++) out[i] = apply(i, x)
    },
    adjoint: (u, out) => {
      out.fill(0)
      for (let i = 0; i < count; i++) add(i, u[i]!, out)
    },
    residualAndAdjoint: (indices, x, targets, scale, residual, out) => {
      out.fill(0)
      for (let k = 0; k < residual.length; k++) {
        const i = indices === undefined ? k : indices[k]!
        const r = apply(i, x) - targets[k]!
        residual[k] = r
        add(i, scale * r, out)
      }
    },
    leftMoment: (h, out) => {
      out.fill(0)
      pairs((weight, row, column, row2, column2) => {
        out[row * rows + row2]! += weight * h[column * columns + column2]!
      })
    },
    rightMoment: (g, out) => {
      out.fill(0)
      pairs((weight, row, column, row2, column2) => {
        out[column * columns + column2]! += weight * g[row * rows + row2]!
      })
    },
    sandwiched: (p, q) => {
      if (!isDiagonal(p, rows) || !isDiagonal(q, columns)) {
        return dense({ rows, columns, matrices: toDense(), kernels }).sandwiched(p, q)
      }
      const scaled = values.map((value, k) => {
        const position = positions[k]!
        const row = Math.floor(position / columns)
        const column = position % columns
        return value * p[row * (rows + 1)]! * q[column * (columns + 1)]!
      })
      return sparse({ ...options, kernels, values: scaled })
    },
    norms: () => {
      const sum = new Float64Array(rows * columns)
      return Float64Array.from({ length: count }, (_, i) => {
        add(i, 1, sum)
        // a place that is listed twice counts once, with both values
        const entries = positions.slice(offsets[i], offsets[i + 1])
        return Vector.norm(
          Float64Array.from(entries, (position) => {
            const value = sum[position]!
            sum[position] = 0
            return value
          }),
        )
      })
    },
    scaled: (factors) => {
      const scaled = values.slice()
      for (let i = 0; i < count; i++) {
        Vector.scale(factors[i]!, scaled.subarray(offsets[i], offsets[i + 1]))
      }
      return sparse({ ...options, kernels, values: scaled })
    },
    matrices: toDense,
    byRows: isSingle && kernels.isReproducible ? () => (known ??= toDense()) : undefined,
    given: kernels,
    kernels,
    allocate: (length) => new Float64Array(length),
  }
}

/**
 * Every measurement is one entry of the matrix: matrix completion. Rows and columns count from 0. Throws InvalidInput on entries
 * outside the matrix.
 *
 * @example
 * ```ts import.meta.vitest
 * import { completion, measure } from "@nonconvex/matrix-factorization"
 *
 * const measurements = completion({ rows: 2, columns: 2, entries: [[0, 0], [1, 0]] })
 * Array.from(measure(measurements, Float64Array.of(1, 2, 3, 4))) // => [1, 3]
 * ```
 */
export const completion = (options: {
  readonly rows: number
  readonly columns: number
  readonly entries: ReadonlyArray<readonly [row: number, column: number]>
  /** Default the strict kernels of this thread. */
  readonly kernels?: Kernels.Kernels
}): Measurements => {
  const { columns, entries, kernels = Kernels.standard(), rows } = options
  Require.object("completion", "entries", entries)
  for (const [row, column] of entries) {
    const inside = row >= 0 && row < rows && column >= 0 && column < columns
    if (!inside || !Number.isInteger(row) || !Number.isInteger(column)) {
      invalid("completion", "every entry must lie in the matrix, at integers from 0", {
        row,
        column,
        rows,
        columns,
      })
    }
  }
  return sparse({
    rows,
    columns,
    offsets: Uint32Array.from({ length: entries.length + 1 }, (_, i) => i),
    positions: Uint32Array.from(entries, ([row, column]) => row * columns + column),
    values: new Float64Array(entries.length).fill(1),
    kernels,
  })
}

/** Most entries of a matrix that is measured whole: two gigabytes of measurements. */
const mostEntries = 2 ** 27

/**
 * The design whose second moment is exactly the identity: every entry once, times `sqrt(rows columns)`, so that
 * `(1/n) sum <A_i, X>^2 = |X|_F^2`.
 *
 * @example
 * ```ts import.meta.vitest
 * import { isotropic, measure } from "@nonconvex/matrix-factorization"
 *
 * Array.from(measure(isotropic(1, 4), Float64Array.of(1, 2, 3, 4))) // => [2, 4, 6, 8]
 * ```
 */
export const isotropic = (
  rows: number,
  columns: number,
  kernels: Kernels.Kernels = Kernels.standard(),
): Measurements => {
  Require.count("isotropic", "rows", rows, 1, mostEntries)
  Require.count("isotropic", "columns", columns, 1, mostEntries)
  Require.count("isotropic", "rows * columns", rows * columns, 1, mostEntries)
  return sparse({
    rows,
    columns,
    offsets: Uint32Array.from({ length: rows * columns + 1 }, (_, i) => i),
    positions: Uint32Array.from({ length: rows * columns }, (_, i) => i),
    values: new Float64Array(rows * columns).fill(Math.sqrt(rows * columns)),
    kernels,
  })
}
