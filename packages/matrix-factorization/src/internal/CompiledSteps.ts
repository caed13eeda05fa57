import type { DeepFactorisation } from "../factorisation/DeepFactorisation.ts"
import { loop } from "../factorisation/LabelNoiseDescent.kernel.generated.ts"

/** A quarter of an ulp of the largest float64: no finite weight that moves by less overflows. */
export const longestMove = 2 ** 969

/** Multiply-adds of a step up to which its calls take longer than its products. */
const mostOperations = 32_768

/** The numbers before the layers. */
const head = 4

/** Steps of gradient descent on batches of a factorisation. */
export interface Batches {
  readonly rate: number
  readonly batch: number
  /** The measurements of all steps, one batch after the other; undefined where every batch is all of them in their order. */
  readonly rows: Uint32Array | undefined
  /** The labels of all steps, or of every step. */
  readonly labels: Float64Array
}

/**
 * Takes up to `steps` steps from `point` in one call, to the bit, and returns how many: it ends before one whose loss is not finite, or which is not shorter than `longestMove`. 0 where
 * the measurements have no `byRows`, and where a step spends its time in products.
 */
export const compiledSteps = (
  { dimension, measurements, shape }: DeepFactorisation,
  { batch, labels, rate, rows }: Batches,
  steps: number,
  point: Float64Array,
): number => {
  const { columns, depth, widths } = shape
  const size = shape.rows * columns
  const { byRows, kernels } = measurements
  const { arena, load } = kernels
  if (3 * dimension * columns + 2 * batch * size > mostOperations) return 0
  if (byRows === undefined || load === undefined) return 0
  const matrices = byRows()
  const later = columns * widths.slice(2).reduce((sum, width) => sum + width, 0)
  const length = head + 2 * dimension + 2 * later + batch
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
    numbers.set([rate, longestMove, labels.length > batch ? 8 * batch : 0])
    numbers.set(point, head)
    const taken = load(loop).descend(
      steps,
      depth,
      placeIntegers(widths),
      batch,
      copied === 0 ? matrices.byteOffset : place(matrices),
      rows === undefined ? 0 : placeIntegers(rows),
      place(labels),
      numbers.byteOffset,
    )
    point.set(numbers.subarray(head, head + dimension))
    return taken
  })
}
