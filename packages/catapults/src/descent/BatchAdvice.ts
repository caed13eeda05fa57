/**
 * Effect of the batch size on the learning rate: the share of batches whose critical rate is below it.
 *
 * Source: derived here. The critical rate of small batches is smaller on average (`Theory.harmonicMean`), so at a fixed
 * learning rate more of their steps exceed it.
 */
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import type { Model } from "../network/Model.ts"
import type { OutputLoss } from "../network/OutputLoss.ts"
import { criticalRate } from "../network/TangentKernel.ts"

/** Forecast for a batch size at a learning rate. */
export interface BatchSizeForecast {
  readonly batchSize: number
  /** Share of the sampled batches with a critical rate below the learning rate. */
  readonly supercriticalShare: number
  /**
   * Standard error of the share: its posterior standard deviation given the sample, which is positive even if all
   * sampled batches lie on one side.
   */
  readonly standardError: number
  /** Learning rate at which the share equals the target. */
  readonly learningRate: number
}

/**
 * Posterior standard deviation of a share under a uniform prior, after `past` successes in `samples` draws. The
 * posterior is Beta(`past + 1`, `samples - past + 1`). Derived here.
 */
const deviationOfShare = (past: number, samples: number): number => {
  const mean = (past + 1) / (samples + 2)
  return Math.sqrt((mean * (1 - mean)) / (samples + 3))
}

/**
 * A forecast for half, the same and twice the batch size, from random batches at the current parameters.
 *
 * Sizes above the size of the training set are ignored. Throws InvalidInput on options out of range, ZeroKernel on a batch whose kernel is zero. Source: the critical rate of a batch is the paper's (as recalled), the forecast is ours.
 *
 * @example
 * ```ts import.meta.vitest
 * import { adviseBatchSize, meanSquared, normalStart, ntkArchitecture, ntkNetwork } from "@nonconvex/catapults"
 * import { Seed } from "@nonconvex/numerics"
 *
 * const architecture = ntkArchitecture({ widths: [1, 8] })
 * const network = ntkNetwork({ architecture, features: Float64Array.of(1, 2, -1, -2) })
 * const start = normalStart(architecture, Seed.root(1))
 * const loss = meanSquared(Float64Array.of(1, 2, 1, 2))
 * const forecasts = adviseBatchSize(network, loss, start, {
 *   batchSize: 2,
 *   learningRate: 1e-9,
 *   targetShare: 0.1,
 *   seed: Seed.root(2),
 * })
 * forecasts.map(({ batchSize, supercriticalShare }) => [batchSize, supercriticalShare]) // => [[1, 0], [2, 0], [4, 0]]
 * ```
 */
export const adviseBatchSize = (
  model: Model,
  loss: OutputLoss,
  parameters: Float64Array,
  options: {
    readonly batchSize: number
    readonly learningRate: number
    /** Share of batches whose critical rate lies below the advised learning rate. */
    readonly targetShare: number
    /** Seed of the batches. */
    readonly seed: Seed.Seed
    /** Batches of each size; default 20. */
    readonly samples?: number
  },
): ReadonlyArray<BatchSizeForecast> => {
  const { batchSize, learningRate, samples = 20, seed, targetShare } = options
  Require.seed("adviseBatchSize", "seed", seed)
  Require.count("adviseBatchSize", "batchSize", batchSize)
  Require.count("adviseBatchSize", "samples", samples)
  Require.positive("adviseBatchSize", "learningRate", learningRate)
  if (!(targetShare >= 0 && targetShare <= 1)) {
    invalid("adviseBatchSize", "targetShare must be from 0 to 1", { targetShare })
  }
  const sizes = new Set([Math.max(1, Math.floor(batchSize / 2)), batchSize, 2 * batchSize])
  return [...sizes]
    .filter((size) => size <= model.size)
    .map((size) => {
      const stream = RandomStream.make(seed.child(size))
      const rates = Float64Array.from({ length: samples }, () => {
        const indices = stream.permutation(model.size).slice(0, size)
        return criticalRate(model, loss, parameters, { indices })
      }).toSorted()
      const past = rates.filter((rate) => rate < learningRate).length
      // the fraction of batches below the k-th smallest rate is k / samples
      const at = Math.min(samples - 1, Math.floor(targetShare * samples))
      return {
        batchSize: size,
        supercriticalShare: past / samples,
        standardError: deviationOfShare(past, samples),
        learningRate: rates[at]!,
      }
    })
}
