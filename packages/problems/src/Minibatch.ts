import { RandomStream, type Seed } from "@nonconvex/numerics"
import type { FiniteSum, Stochastic } from "./Objective.ts"

/** The mean loss over the current batch of a finite sum; `advance` draws the next batch. */
export interface Minibatch extends Stochastic {
  readonly sum: FiniteSum
  /** The samples of the current batch, in the order in which they are summed. */
  readonly indices: Uint32Array
}

const over = (sum: FiniteSum, indices: Uint32Array, advance: () => void): Minibatch => ({
  name: sum.name,
  dimension: sum.dimension,
  constants: sum.constants,
  sum,
  indices,
  advance,
  valueAndGradient: (x, gradient) => sum.batchValueAndGradient(indices, x, gradient),
})

const everyIndex = (size: number): Uint32Array => Uint32Array.from({ length: size }, (_, i) => i)

/** All samples at every step: what a finite sum is to a method that works on batches. */
export const fullBatch = (sum: FiniteSum): Minibatch =>
  over(sum, everyIndex(sum.size), () => {
    // the one batch there is
  })

/**
 * Batches without replacement: the samples are shuffled at the start of every epoch, and a last batch that would be
 * short is dropped, so that every batch has `batchSize` samples.
 */
export const shuffled = (
  sum: FiniteSum,
  options: { readonly batchSize: number; readonly seed: Seed.Seed },
): Minibatch => {
  const stream = RandomStream.make(options.seed)
  const order = everyIndex(sum.size)
  const indices = new Uint32Array(Math.min(options.batchSize, sum.size))
  let next = sum.size
  const advance = () => {
    if (next + indices.length > order.length) {
      stream.shuffle(order)
      next = 0
    }
    indices.set(order.subarray(next, next + indices.length))
    next += indices.length
  }
  advance()
  return over(sum, indices, advance)
}

/** Batches with replacement: every index is drawn uniformly and independently. */
export const independent = (
  sum: FiniteSum,
  options: { readonly batchSize: number; readonly seed: Seed.Seed },
): Minibatch => {
  const stream = RandomStream.make(options.seed)
  const indices = new Uint32Array(options.batchSize)
  const advance = () => {
    for (let i = 0; i < indices.length; i++) indices[i] = stream.integer(sum.size)
  }
  advance()
  return over(sum, indices, advance)
}
