import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import type { BatchLoss, FiniteSum, Stochastic } from "./Objective.ts"
import * as Sampler from "./Sampler.ts"

/** Loss of the current batch; `advance` draws the next batch. Code that needs parts of a batch requires a finite sum. */
export interface Minibatch<Of extends BatchLoss = FiniteSum> extends Stochastic {
  readonly sum: Of
  /** Samples of the current batch, in the order of summation. */
  readonly indices: Uint32Array
}

interface BatchOptions {
  /** Samples a step. */
  readonly batchSize: number
  readonly seed: Seed.Seed
}

/**
 * Objective on the batches of a sampler. Its constants are unknown, because those of the whole sum are not bounds for
 * batches.
 */
const over = <Of extends BatchLoss>(sum: Of, sampler: Sampler.Sampler): Minibatch<Of> => {
  const { batchHessianVector, precision } = sum
  const { indices } = sampler
  Sampler.next(sampler)
  return {
    name: sum.name,
    dimension: sum.dimension,
    constants: {},
    ...(precision !== undefined && { precision }),
    sum,
    sampler,
    indices,
    advance: () => void Sampler.next(sampler),
    valueAndGradient: (x, gradient) => sum.batchValueAndGradient(indices, x, gradient),
    ...(batchHessianVector !== undefined && {
      hessianVector: (x, v, out) => batchHessianVector(indices, x, v, out),
    }),
  }
}

/**
 * All samples at every step: a finite sum for methods that work on batches.
 *
 * @example
 * ```ts import.meta.vitest
 * import { leastSquares } from "@nonconvex/problems"
 * import * as Minibatch from "@nonconvex/problems/Minibatch"
 *
 * const samples = { features: Float64Array.of(1, 2, 3), dimension: 1 }
 * const batches = Minibatch.fullBatch(leastSquares({ ...samples, targets: Float64Array.of(1, 2, 3) }))
 * batches.advance()
 * batches.indices // => Uint32Array.of(0, 1, 2)
 * ```
 */
export const fullBatch = <Of extends BatchLoss>(sum: Of): Minibatch<Of> => ({
  ...over(sum, Sampler.make(sum.size, { rule: "whole" })),
  get constants() {
    return sum.constants
  },
})

/**
 * Batches without replacement. The samples are shuffled at the start of every epoch, and an incomplete last batch is
 * dropped. Every batch therefore has `batchSize` samples, or all of them if there are fewer. Throws InvalidInput unless
 * `batchSize` is a positive integer.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Seed from "@nonconvex/numerics/Seed"
 * import { leastSquares } from "@nonconvex/problems/LeastSquares"
 * import * as Minibatch from "@nonconvex/problems/Minibatch"
 *
 * const samples = { features: Float64Array.of(1, 2, 3, 4), dimension: 1 }
 * const sum = leastSquares({ ...samples, targets: Float64Array.of(1, 2, 3, 4) })
 * const batches = Minibatch.shuffled(sum, { batchSize: 2, seed: Seed.root(1) })
 * const first = [...batches.indices]
 * batches.advance()
 * const epoch = [...first, ...batches.indices].sort()
 * epoch // => [0, 1, 2, 3]
 * ```
 */
export const shuffled = <Of extends BatchLoss>(
  sum: Of,
  { batchSize, seed }: BatchOptions,
): Minibatch<Of> => {
  Require.count("Minibatch.shuffled", "batchSize", batchSize)
  return over(sum, Sampler.make(sum.size, { rule: "epochs", batch: batchSize, seed }))
}

/** Batches with replacement: every index is drawn uniformly and independently. Throws InvalidInput on a bad size. */
export const independent = <Of extends BatchLoss>(
  sum: Of,
  { batchSize, seed }: BatchOptions,
): Minibatch<Of> => {
  Require.count("Minibatch.independent", "batchSize", batchSize)
  return over(sum, Sampler.make(sum.size, { rule: "replacement", batch: batchSize, seed }))
}
