import type { DeepFactorisation } from "../factorisation/DeepFactorisation.ts"
import { loop } from "../factorisation/LabelNoiseDescent.kernel.generated.ts"

/** Multiply-adds per step below which calls take longer than products. */
const mostOperations = 32_768

/** The same number below which a run is faster in a lane than by the products of the kernels. */
const mostInLane = 2048

/** Largest rate at which a gradient whose squares do not overflow cannot make a finite weight overflow. */
const largestRate = 1e100

/** The numbers before the layers. */
const head = 4

/** Steps of gradient descent on batches of a factorisation. */
export interface Batches {
  readonly rate: number
  readonly batch: number
  /** Measurements of all steps, batch by batch; undefined if every batch is all of them in order. */
  readonly rows: Uint32Array | undefined
  /** The labels of all steps, or of every step. */
  readonly labels: Float64Array
}

/**
 * Takes up to `steps` steps from each of `points` in one call, bit for bit as `step`, and returns their number. It ends before a step with
 * numbers near overflow. 0 if the measurements have no `byRows`, or if products dominate a step.
 */
export const compiledSteps = (
  { dimension, measurements, shape }: DeepFactorisation,
  { batch, labels, rate, rows }: Batches,
  steps: number,
  points: ReadonlyArray<Float64Array>,
): number => {
  const { columns, depth, widths } = shape
  const size = shape.rows * columns
  const { byRows, kernels } = measurements
  const { arena, load } = kernels
  const operations = 3 * dimension * columns + 2 * batch * size
  if (operations > mostOperations || !(Math.abs(rate) <= largestRate)) return 0
  if (byRows === undefined || load === undefined) return 0
  const lanes = points.length > 2 ? 4 : points.length === 2 || operations <= mostInLane ? 2 : 1
  const groups = Math.ceil(points.length / lanes)
  const runs = lanes * groups
  const matrices = byRows()
  const later = columns * widths.slice(2).reduce((sum, width) => sum + width, 0)
  const length = head + runs * (2 * dimension + batch) + 2 * lanes * later
  const copied = arena.holds(matrices) ? 0 : matrices.length
  const integers = widths.length + (rows?.length ?? 0)
  if (8 * (length + copied + labels.length) + 4 * integers + 512 > arena.largestFree) return 0
  return arena.scoped((space) => {
    const place = (array: Float64Array) => {
      const placed = space.f64(array.length)
      placed.set(array)
      return placed.byteOffset
    }
    const placeIntegers = (array: ArrayLike<number>) => {
      const placed = space.i32(array.length)
      placed.set(array)
      return placed.byteOffset
    }
    const numbers = space.f64(length)
    /** The place of number i of run r. */
    const at = (r: number, i: number): number =>
      head + lanes * (Math.floor(r / lanes) * dimension + i) + (r % lanes)
    numbers.set([rate, place(labels), labels.length > batch ? 8 * batch : 0, groups])
    // a lane without a run of its own takes the last one too
    for (let r = 0; r < runs; r++) {
      const point = points[Math.min(r, points.length - 1)]!
      for (let i = 0; i < dimension; i++) numbers[at(r, i)] = point[i]!
    }
    const taken = load(loop).descend(
      steps,
      lanes,
      depth,
      placeIntegers(widths),
      batch,
      copied === 0 ? matrices.byteOffset : place(matrices),
      rows === undefined ? 0 : placeIntegers(rows),
      numbers.byteOffset,
    )
    for (const [r, point] of points.entries())
      for (let i = 0; i < dimension; i++) point[i] = numbers[at(r, i)]!
    return taken
  })
}
