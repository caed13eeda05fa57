import { invalid, Kernels, Require } from "@nonconvex/numerics"
import type { Measurements } from "./Measurements.ts"
import { momentTable } from "./MomentTable.ts"

interface DenseOptions {
  readonly rows: number
  readonly columns: number
  /** All A_i one after the other, each row-major; kept by reference where it is not copied into kernel memory. */
  readonly matrices: Float64Array
  readonly kernels?: Kernels.Kernels
}

/** From this many numbers on the measurements get a kernel memory of their own, so that no step copies them. */
const large = 2 ** 14

/** Bytes beside the measurements, for batches and for the arrays of those who work with them. */
const spare = 2 ** 22

/** Numbers of a block of measurements that stays in a cache of the processor between its two products. */
const block = 2 ** 15

/** Measurements that the kernels work on at once. */
const together = 4

const place = (matrices: Float64Array, kernels: Kernels.Kernels) => {
  if (kernels.arena.holds(matrices)) return { kernels, at: matrices }
  if (matrices.length < large) return { kernels, at: matrices }
  const own = kernels.withCapacity(
    2 * 8 * Math.min(matrices.length, 2 ** 20) + 8 * matrices.length + spare,
  )
  const at = own.arena.f64(matrices.length)
  at.set(matrices)
  return { kernels: own, at }
}

/** Measurements by any matrices. Throws InvalidInput on wrong lengths, on none, and on numbers that are not finite. */
export const dense = (options: DenseOptions): Measurements => {
  const { columns, rows } = options
  const size = rows * columns
  Require.count("dense", "rows", rows)
  Require.count("dense", "columns", columns)
  const count = options.matrices.length / size
  if (!Number.isInteger(count) || count < 1) {
    invalid("dense", "matrices must be one or more of rows x columns numbers", {
      rows,
      columns,
      "matrices.length": options.matrices.length,
    })
  }
  Require.vector("dense", "matrices", options.matrices, count * size)
  const { at: a, kernels } = place(options.matrices, options.kernels ?? Kernels.strict())
  const { arena } = kernels
  const resident = arena.holds(a)
  const allocate = (length: number): Float64Array =>
    resident && arena.used + 8 * length + 64 <= arena.capacity
      ? arena.f64(length)
      : new Float64Array(length)
  // views once, for a view is an object and a step must not make any
  const perBlock = Math.min(count, together * Math.max(1, Math.floor(block / (together * size))))
  const blocks = Array.from({ length: Math.ceil(count / perBlock) }, (_, k) => {
    const from = k * perBlock
    const members = Math.min(perBlock, count - from)
    return {
      from,
      members,
      matrices: a.subarray(from * size, (from + members) * size),
      product: allocate(members),
    }
  })
  const table = momentTable({ a, count, rows, columns, kernels })
  return {
    name: `${count} dense measurements of ${rows} x ${columns}`,
    rows,
    columns,
    count,
    disjoint: count === 1,
    apply: (x, out) => kernels.gemv(false, count, size, 1, a, x, 0, out),
    adjoint: (u, out) => kernels.gemv(true, count, size, 1, a, u, 0, out),
    residualAndAdjoint: (x, targets, residual, out) => {
      for (let k = 0; k < blocks.length; k++) {
        const { from, matrices, members, product } = blocks[k]!
        kernels.gemv(false, members, size, 1, matrices, x, 0, product)
        for (let i = 0; i < members; i++) {
          product[i]! -= targets[from + i]!
          residual[from + i] = product[i]!
        }
        kernels.gemv(true, members, size, 1, matrices, product, k === 0 ? 0 : 1, out)
      }
    },
    batch: (batchSize) => {
      const gathered = allocate(batchSize * size)
      const each = Array.from({ length: count }, (_, i) => a.subarray(i * size, (i + 1) * size))
      return (indices, x, targets, residual, out) => {
        for (let k = 0; k < batchSize; k++) gathered.set(each[indices[k]!]!, k * size)
        kernels.gemv(false, batchSize, size, 1, gathered, x, 0, residual)
        for (let k = 0; k < batchSize; k++) residual[k]! -= targets[k]!
        kernels.gemv(true, batchSize, size, 1, gathered, residual, 0, out)
      }
    },
    leftMoment: table.left,
    rightMoment: table.right,
    sandwiched: (p, q) => {
      const half = new Float64Array(size)
      const mapped = new Float64Array(count * size)
      for (let i = 0; i < count; i++) {
        const to = mapped.subarray(i * size, (i + 1) * size)
        kernels.gemm(
          false,
          false,
          rows,
          columns,
          rows,
          1,
          p,
          a.subarray(i * size, (i + 1) * size),
          0,
          half,
        )
        kernels.gemm(false, false, rows, columns, columns, 1, half, q, 0, to)
      }
      return dense({ rows, columns, matrices: mapped })
    },
    matrices: () => a.slice(),
    kernels,
    allocate,
  }
}
