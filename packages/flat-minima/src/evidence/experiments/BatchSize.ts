/** Batch size of the sharpness-aware perturbation, and antithetic draws of the smoothed one. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Figure from "@nonconvex/figures"
import { Count, Positive } from "@nonconvex/problems/Fields"
import type { Method, MethodState } from "@nonconvex/problems/Method"
import { Effect, Schema } from "effect"
import { sharpnessAwarePerturbation } from "../../perturbation/SharpnessAwarePerturbation.ts"
import { smoothedPerturbation } from "../../perturbation/SmoothedPerturbation.ts"
import type { DiagonalNetwork } from "../../problems/DiagonalNetwork.ts"
import { derived } from "../support/Paper.ts"
import * as Runs from "../support/Runs.ts"

const Config = Schema.Struct({
  batchSizes: Schema.Array(Count).check(Schema.isMinLength(1)),
  learningRate: Positive,
  radius: Positive,
  seeds: Count,
})

type Config = typeof Config.Type

const reference: Config = {
  batchSizes: [1, 2, 5, 20, 80],
  learningRate: 0.01,
  radius: 0.1,
  seeds: 5,
}

const Contender = Schema.Struct({
  method: Schema.Literals(["SA", "RS", "antithetic RS"]),
  batchSize: Schema.Int,
})

type Contender = typeof Contender.Type

const methodOf = (
  { batchSize: size, method }: Contender,
  config: Config,
  seed: number,
): Method<MethodState, DiagonalNetwork> => {
  const options = Runs.options(config, seed)
  return method === "SA"
    ? sharpnessAwarePerturbation({ ...options, batchSize: size })
    : smoothedPerturbation({ ...options, antithetic: method === "antithetic RS" })
}

/** For batch sizes with a smaller ratio, the effect need not show. */
const clearly = 20

export const batchSize = Experiment.table({
  id: "flat-minima/batch-size",
  title: "Batch size of the sharpness-aware perturbation, and antithetic draws",
  source: derived("after figure 3 (right), on our own diagonal network; batches as means of v"),
  question: "Does averaging v over several samples change the drift, or the loss along the path?",
  paperScale:
    "The paper compares batches of 1, 64 and 128 for a ResNet-18 on CIFAR-10; this is a diagonal network of 20 parameters.",
  deterministic: "its random numbers come from seeds in its settings, not from the root seed",
  config: Config,
  columns: Schema.Struct({
    ...Contender.fields,
    steps: Schema.Number,
    largestLoss: Schema.Number,
  }),
  presets: {
    smoke: { ...reference, batchSizes: [1, 20], seeds: 1 },
    fast: reference,
    paper: { ...reference, seeds: 25 },
  },
  prepare: () => Effect.sync(Runs.recovery),
  cases: ({ batchSizes }): ReadonlyArray<Contender> => [
    ...batchSizes.map((size) => ({ method: "SA" as const, batchSize: size })),
    { method: "RS", batchSize: 1 },
    { method: "antithetic RS", batchSize: 1 },
  ],
  row: (contender, { config, shared: { dense, network } }) => {
    const crossings = Array.from({ length: config.seeds }, (_, k) =>
      Runs.stepsToTrace(methodOf(contender, config, k + 1), network, dense, Runs.halfTrace),
    )
    return {
      ...contender,
      steps: Runs.median(crossings.map(({ steps }) => steps)),
      largestLoss: Runs.median(crossings.map(({ largestLoss }) => largestLoss)),
    }
  },
  figures: () => [
    Figure.points({
      id: "loss-and-steps",
      title: "Largest loss before the trace is halved, and the number of steps",
      conclusion:
        "Averaging over a batch leaves the drift unchanged and lowers the loss; antithetic sampling lowers it by orders of magnitude.",
      x: { field: "steps", title: "steps", scale: "log" },
      y: { field: "largestLoss", title: "largest loss", scale: "log" },
      series: { field: "method", and: "batchSize", title: "method and batch" },
    }),
  ],
  expectations: (rows) => {
    const aware = rows
      .filter(({ method }) => method === "SA")
      .toSorted((a, b) => a.batchSize - b.batchSize)
    const smoothed = rows.filter(({ method }) => method === "RS")
    const [smallest, largest] = [aware[0], aware.at(-1)]
    const batches =
      smallest === undefined ||
      largest === undefined ||
      largest.batchSize < clearly * smallest.batchSize
        ? []
        : [
            Expectation.within(
              `steps with batch ${largest.batchSize} / steps with batch ${smallest.batchSize}`,
              largest.steps / smallest.steps,
              1,
              { absolute: 0.2 },
              {
                control: "RS, which has a different drift",
                observed: smoothed.map(({ steps }) => steps / smallest.steps),
              },
            ),
            Expectation.atMost(
              `largest loss with batch ${largest.batchSize} / with batch ${smallest.batchSize}`,
              largest.largestLoss / smallest.largestLoss,
              0.5,
              Expectation.uncontrolled(
                "without averaging the ratio is 1, and the limit is the required reduction",
              ),
            ),
          ]
    const antithetic = rows.filter(({ method }) => method === "antithetic RS")
    return [
      ...batches,
      Expectation.atMost(
        "largest loss, antithetic / plain RS",
        antithetic.map(({ largestLoss }, k) => largestLoss / smoothed[k]!.largestLoss),
        0.01,
        {
          control: "batches of SA, which do not cancel / plain RS",
          observed: aware.map(
            ({ largestLoss }) => largestLoss / (smoothed[0]?.largestLoss ?? Number.NaN),
          ),
        },
      ),
    ]
  },
})
