/** Advice on batch sizes, against all possible batches. */
import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { adviseBatchSize } from "../../descent/BatchAdvice.ts"
import { linearProblem } from "../support/LinearProblem.ts"
import { derived } from "../support/Paper.ts"

/** All subsets of `size` of the numbers from `from` to n - 1. */
const subsets = (n: number, size: number, from = 0): ReadonlyArray<ReadonlyArray<number>> =>
  size === 0
    ? [[]]
    : Array.from({ length: n - from }, (_, k) => from + k).flatMap((i) =>
        subsets(n, size - 1, i + 1).map((rest) => [i, ...rest]),
      )

export const batchSizeAdvice = claim({
  id: "catapults/batch-size-advice",
  statement:
    "The forecast for half, the same and twice a batch size uses random subsets. Its share is close to that of all subsets, with the error of a Beta distribution. At the advised rate at most the target share of batches is above its critical rate, and just above that rate more are.",
  inFloatingPoint: "statistical",
  source: Kind.identity(derived("share of batches above their critical rates")),
  instances: Draw.record({
    samples: Draw.integer(1, 7),
    parameters: Draw.integer(1, 4),
    batchSize: Draw.integer(1, 4),
    multiple: Draw.logarithmic(4, 0.25),
    /** Most values are not multiples of 1 / 20. */
    targetShare: Draw.oneOf(0, 0.12, 0.33, 0.48, 0.67, 0.93, 1),
    draws: Draw.oneOf(20, 150),
    seed: Draw.seed(),
  }),
  value: adviseBatchSize,
  margin: ({ instance, kernels, value: advise }) => {
    const { batchSize, draws, parameters, samples: n, seed, targetShare } = instance
    const problem = linearProblem(seed, n, parameters, kernels)
    const every = Array.from({ length: n }, (_, i) => i)
    const forecastsAt = (rate: number) =>
      advise(problem.model, problem.loss, new Float64Array(parameters), {
        batchSize,
        learningRate: rate,
        targetShare,
        seed: problem.root.child("batches"),
        ...(draws === 20 ? {} : { samples: draws }),
      })
    const rate = instance.multiple * problem.criticalRate(every)
    const sizes = [
      ...new Set([
        Math.max(1, (batchSize - (batchSize % 2)) / 2),
        batchSize,
        batchSize + batchSize,
      ]),
    ].filter((size) => size <= n)
    const forecasts = forecastsAt(rate)
    if (forecasts.map((each) => each.batchSize).join() !== sizes.join()) return Margin.holds(false)
    // by Hoeffding's inequality a share is further off once in 1e9 samples
    const apart = Math.sqrt(Elementary.log(2e9) / (2 * draws))
    return Margin.all(
      ...forecasts.map(
        ({ batchSize: size, learningRate, standardError, supercriticalShare }, at) => {
          const rates = subsets(n, size).map(problem.criticalRate)
          const truth = rates.filter((critical) => critical < rate).length / rates.length
          const [a, b] = [1 + supercriticalShare * draws, 1 + (1 - supercriticalShare) * draws]
          const shareAt = (times: number) =>
            forecastsAt(times * learningRate)[at]!.supercriticalShare
          return Margin.all(
            Margin.equal(supercriticalShare, truth, { absolute: apart }),
            Margin.equal(standardError, Math.sqrt((a * b) / (a + b + 1)) / (a + b), {
              relative: 1e-12,
            }),
            Margin.holds(rates.some((critical) => Math.abs(learningRate / critical - 1) < 1e-9)),
            Margin.atMost(shareAt(1 - 1e-9), targetShare),
            targetShare === 1
              ? Margin.holds(shareAt(1 + 1e-9) === 1)
              : Margin.holds(shareAt(1 + 1e-9) > targetShare),
          )
        },
      ),
    )
  },
  controls: [
    {
      name: "the error of a share that is known",
      value: (...of) =>
        adviseBatchSize(...of).map((each) => ({
          ...each,
          standardError: Math.sqrt((each.supercriticalShare * (1 - each.supercriticalShare)) / 20),
        })),
    },
    {
      name: "twice the target",
      value: (model, loss, parameters, options) =>
        adviseBatchSize(model, loss, parameters, {
          ...options,
          targetShare: Math.min(1, 2 * options.targetShare),
        }),
    },
  ],
})
