/** The second moments of dense measurements, `(1/n) sum A_i H A_i'` and `(1/n) sum A_i' G A_i`. */
import * as Kernels from "@nonconvex/numerics/Kernels"

interface Design {
  readonly a: Float64Array
  readonly count: number
  readonly rows: number
  readonly columns: number
  readonly kernels: Kernels.Kernels
}

type Moment = (from: Float64Array, out: Float64Array) => void

interface Moments {
  readonly left: Moment
  readonly right: Moment
}

/** Extra bytes for aligning a few arrays to cache lines. */
export const slack = 2 ** 16

/** Largest table, in numbers. */
const largestTable = 2 ** 22

/** Number of entries from which a table has its own kernel memory, so that no product copies it. */
const ownMemoryFrom = 2 ** 14

/** Numbers of the measurements that are copied there at once to fill it. */
const block = 2 ** 20

/**
 * Both moments by the cheaper way: from a table of all fourth-order moments `C[(a, a'), (c, c')] = (1/n) sum_i A_i[a, c] A_i[a', c']`,
 * filled at the first use, or measurement by measurement.
 */
export const momentTable = (design: Design): Moments => {
  const { columns, count, rows } = design
  const size = rows * columns
  const fits = size * size <= largestTable && size <= count * (rows + columns)
  if (!fits) return byMeasurement(design)
  let made: Table | undefined
  const product = (transpose: boolean): Moment => {
    return (from, out) => {
      const { kernels, table } = (made ??= fourthMoments(design))
      kernels.gemv(transpose, rows * rows, columns * columns, 1, table, from, 0, out)
    }
  }
  return { left: product(false), right: product(true) }
}

interface Table {
  readonly kernels: Kernels.Kernels
  readonly table: Float64Array
}

const tableMemory = ({ columns, kernels, rows }: Design, each: number): Table => {
  const size = rows * columns
  if (size * size < ownMemoryFrom) return { kernels, table: new Float64Array(size * size) }
  const own = kernels.withCapacity(
    8 * (size * size + each * size + rows * rows + columns * columns) + slack,
  )
  return { kernels: own, table: own.arena.f64(size * size) }
}

const fourthMoments = (design: Design): Table => {
  const { a, columns, count, rows } = design
  const size = rows * columns
  const each = Math.min(count, Math.ceil(block / size))
  const { kernels, table } = tableMemory(design, each)
  for (let i = 0; i < count; i += each) {
    const last = Math.min(count, i + each)
    const part = a.subarray(i * size, last * size)
    kernels.syrk(true, size, last - i, 1 / count, part, i === 0 ? 0 : 1, table)
  }
  // from the order (a, c, a', c') of the Gram matrix to (a, a', c, c'), each a in its place
  const slab = new Float64Array(columns * size)
  for (let r = 0; r < rows; r++) {
    const there = table.subarray(r * slab.length, (r + 1) * slab.length)
    slab.set(there)
    let at = 0
    for (let r2 = 0; r2 < rows; r2++) {
      for (let c = 0; c < columns; c++) {
        const from = c * size + r2 * columns
        for (let c2 = 0; c2 < columns; c2++) there[at++] = slab[from + c2]!
      }
    }
  }
  return { kernels, table }
}

const byMeasurement = ({ a, columns, count, kernels: shared, rows }: Design): Moments => {
  const size = rows * columns
  const longest = Math.max(rows, columns)
  let made: Kernels.Kernels | undefined
  const roomy = (): Kernels.Kernels =>
    (made ??= Kernels.withRoom(shared, 8 * (longest * longest + 2 * size)))
  const half = new Float64Array(size)
  const each = Array.from({ length: count }, (_, i) => a.subarray(i * size, (i + 1) * size))
  const sum = (use: (gemm: Kernels.Kernels["gemm"], matrix: Float64Array, kept: 0 | 1) => void) => {
    const { gemm } = roomy()
    each.forEach((matrix, i) => use(gemm, matrix, i === 0 ? 0 : 1))
  }
  return {
    left: (h, out) =>
      sum((gemm, matrix, kept) => {
        gemm(false, false, rows, columns, columns, 1, matrix, h, 0, half)
        gemm(false, true, rows, rows, columns, 1 / count, half, matrix, kept, out)
      }),
    right: (g, out) =>
      sum((gemm, matrix, kept) => {
        gemm(false, false, rows, columns, rows, 1, g, matrix, 0, half)
        gemm(true, false, columns, columns, rows, 1 / count, matrix, half, kept, out)
      }),
  }
}
