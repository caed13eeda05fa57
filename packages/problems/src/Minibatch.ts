import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import type { FiniteSum, Stochastic } from "./Objective.ts"
import { everyIndex } from "./Samples.ts"

/** The mean loss over the current batch of a finite sum; `advance` draws the next batch. */
export interface Minibatch extends Stochastic {
  readonly sum: FiniteSum
  /** The samples of the current batch, in the order in which they are summed. */
  readonly indices: Uint32Array
}

/** The batch of `indices`; its constants are not known, those of the whole sum are no bounds for it. */
const over = (sum: FiniteSum, indices: Uint32Array, advance: () => void): Minibatch => {
  const { batchHessianVector, precision } = sum
  return {
    name: sum.name,
    dimension: sum.dimension,
    constants: {},
    ...(precision !== undefined && { precision }),
    sum,
    indices,
    advance,
    valueAndGradient: (x, gradient) => sum.batchValueAndGradient(indices, x, gradient),
    ...(batchHessianVector !== undefined && {
      hessianVector: (x, v, out) => batchHessianVector(indices, x, v, out),
    }),
  }
}

/** All samples at every step: what a finite sum is to a method that works on batches. */
export const fullBatch = (sum: FiniteSum): Minibatch => {
  const only = over(sum, everyIndex(sum.size), () => {
    // the one batch there is
  })
  return {
    ...only,
    get constants() {
      return sum.constants
    },
  }
}

/**
 * Batches without replacement: the samples are shuffled at the start of every epoch, and a last batch that would be
 * short is dropped, so that every batch has `batchSize` samples, or all of them where there are fewer. Throws InvalidInput
 * unless `batchSize` is a positive integer.
 */
export const shuffled = (
  sum: FiniteSum,
  options: { readonly batchSize: number; readonly seed: Seed.Seed },
): Minibatch => {
  Require.count("Minibatch.shuffled", "batchSize", options.batchSize)
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

/** Batches with replacement: every index is drawn uniformly and independently. Throws InvalidInput on a bad size. */
export const independent = (
  sum: FiniteSum,
  options: { readonly batchSize: number; readonly seed: Seed.Seed },
): Minibatch => {
  Require.count("Minibatch.independent", "batchSize", options.batchSize)
  const stream = RandomStream.make(options.seed)
  const indices = new Uint32Array(options.batchSize)
  const advance = () => {
    for (let i = 0; i < indices.length; i++) indices[i] = stream.integer(sum.size)
  }
  advance()
  return over(sum, indices, advance)
}
