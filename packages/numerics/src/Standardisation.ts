/** Standardisation of numbers: the affine map `x -> (x - shift) / scale` to mean 0 and standard deviation 1. */
import * as Elementary from "./Elementary.ts"

/** The map `x -> (x - shift) / scale`. */
export interface Standardisation {
  readonly shift: number
  readonly scale: number
}

/** The least and the largest of every `stride`-th value from the one at `first` on. */
export const range = (values: Float64Array, first = 0, stride = 1) => {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (let k = first; k < values.length; k += stride) {
    low = Math.min(low, values[k]!)
    high = Math.max(high, values[k]!)
  }
  return { low, high }
}

/**
 * Map of every `stride`-th value from index `first` on to mean 0 and standard deviation 1; equal values are only shifted to
 * 0.
 *
 * The standard deviation is that of the population. Finite as long as the sum is.
 */
export const of = (values: Float64Array, first = 0, stride = 1): Standardisation => {
  const { low, high } = range(values, first, stride)
  // A rounded mean of equal numbers can differ from them; dividing by the rest would blow up noise.
  if (low === high) return { shift: low, scale: 1 }
  const count = Math.ceil((values.length - first) / stride)
  let sum = 0
  for (let k = first; k < values.length; k += stride) sum += values[k]!
  const mean = sum / count
  // Dividing by the largest deviation keeps the squares from underflow and overflow.
  const largest = Math.max(mean - low, high - mean)
  let squares = 0
  for (let k = first; k < values.length; k += stride) {
    squares += Elementary.square((values[k]! - mean) / largest)
  }
  return { shift: mean, scale: largest * Math.sqrt(squares / count) }
}
