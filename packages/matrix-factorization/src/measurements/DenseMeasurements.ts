import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import * as Vector from "@nonconvex/numerics/Vector"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import type { Measurements } from "./Measurements.ts"
import { momentTable, slack } from "./MomentTable.ts"

interface DenseOptions {
  readonly rows: number
  readonly columns: number
  /** A_1, ..., A_n one after another, each row-major; kept by reference unless copied into the memory of the kernels. */
  readonly matrices: Float64Array
  /** Default the strict kernels of this thread. */
  readonly kernels?: Kernels.Kernels
}

/** Number of entries from which the measurements get their own kernel memory, so that no step copies them. */
const ownMemoryFrom = 2 ** 14

/** Extra bytes for the arrays of algorithms that use the measurements. */
const spare = 2 ** 22

/** Bytes reserved for the copies of one call. */
const bytesOfACall = (size: number, count: number): number => 8 * (4 * size + 3 * count) + slack

const placed = (matrices: Float64Array, size: number, kernels: Kernels.Kernels) => {
  if (kernels.arena.holds(matrices)) return { kernels, at: matrices }
  if (matrices.length < ownMemoryFrom) return { kernels, at: matrices }
  const own = kernels.withCapacity(
    8 * (2 * Math.min(matrices.length, 2 ** 20) + matrices.length) +
      spare +
      bytesOfACall(size, matrices.length / size),
  )
  const at = own.arena.f64(matrices.length)
  at.set(matrices)
  return { kernels: own, at }
}

/**
 * Measurements by any matrices. Throws InvalidInput on no matrix, on lengths that do not fit, and on numbers that are not finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import { dense, measure } from "@nonconvex/matrix-factorization"
 *
 * // the sum of the diagonal, and the entry on the upper right
 * const measurements = dense({ rows: 2, columns: 2, matrices: Float64Array.of(1, 0, 0, 1, 0, 1, 0, 0) })
 * Array.from(measure(measurements, Float64Array.of(1, 2, 3, 4))) // => [5, 2]
 * ```
 */
export const dense = (options: DenseOptions): Measurements => {
  const { columns, rows } = options
  const size = rows * columns
  Require.count("dense", "rows", rows)
  Require.count("dense", "columns", columns)
  Require.typed("dense", "matrices", options.matrices)
  const count = options.matrices.length / size
  if (!Number.isInteger(count) || count < 1) {
    invalid("dense", "matrices must be one or more of rows x columns numbers", {
      rows,
      columns,
      "matrices.length": options.matrices.length,
    })
  }
  Require.vector("dense", "matrices", options.matrices, count * size)
  const { kernels: given = Kernels.standard() } = options
  const { at: a, kernels } = placed(options.matrices, size, given)
  const { arena } = kernels
  const resident = arena.holds(a)
  const allocate = (length: number): Float64Array =>
    resident && arena.used + 8 * length + 64 + bytesOfACall(size, count) <= arena.capacity
      ? arena.f64(length)
      : new Float64Array(length)
  const table = momentTable({ a, count, rows, columns, kernels })
  return {
    name: `${count} dense measurements of ${rows} x ${columns}`,
    rows,
    columns,
    count,
    ...(count === 1 && { eigenvalues: Float64Array.of(Elementary.square(Vector.norm(a))) }),
    apply: (x, out) => kernels.gemv(false, count, size, 1, a, x, 0, out),
    adjoint: (u, out) => kernels.gemv(true, count, size, 1, a, u, 0, out),
    residualAndAdjoint: (indices, x, targets, scale, residual, out) =>
      kernels.residualGradient(size, a, indices, x, targets, scale, residual, out),
    leftMoment: table.left,
    rightMoment: table.right,
    sandwiched: (p, q) => {
      const half = new Float64Array(size)
      const mapped = new Float64Array(count * size)
      const bytes = 8 * (rows * rows + columns * columns + 2 * size)
      const { gemm } = Kernels.withRoom(given, bytes)
      for (let i = 0; i < count; i++) {
        const [from, to] = [a, mapped].map((all) => all.subarray(i * size, (i + 1) * size))
        gemm(false, false, rows, columns, rows, 1, p, from!, 0, half)
        gemm(false, false, rows, columns, columns, 1, half, q, 0, to!)
      }
      return dense({ rows, columns, matrices: mapped, kernels: given })
    },
    norms: () =>
      Float64Array.from({ length: count }, (_, i) =>
        Vector.norm(a.subarray(i * size, (i + 1) * size)),
      ),
    scaled: (factors) => {
      const scaled = a.slice()
      factors.forEach((factor, i) => {
        Vector.scale(factor, scaled.subarray(i * size, (i + 1) * size))
      })
      return dense({ rows, columns, matrices: scaled, kernels: given })
    },
    matrices: () => a.slice(),
    byRows: kernels.isReproducible ? () => a : undefined,
    given,
    kernels,
    allocate,
  }
}
