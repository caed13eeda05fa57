import { Kind, Margin } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import { asDrawn, forced } from "../support/FeatureRuns.ts"
import { statistical } from "../support/FixedSeeds.ts"
import { derived } from "../support/Paper.ts"
import { productTask, type Quality } from "../support/ProductTask.ts"

const small = { inputs: 12, width: 128, samples: 160, testSamples: 500 }

/** Too few samples to see the two directions: the size of `catapults/rate-schedule`. */
const starved = { inputs: 100, width: 1024, samples: 128 }

/** Mean over two runs; a diverged run counts as one without learning. */
const meanQuality = (
  sizes: typeof starved,
  raises: number,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
): Quality => {
  const nothing = { alignment: 0, testLoss: Number.POSITIVE_INFINITY }
  const found = [0, 1].map(
    (k) => forced(asDrawn(productTask(sizes, seed.child(k), kernels)), raises) ?? nothing,
  )
  return {
    alignment: Summary.mean(found.map(({ alignment }) => alignment)),
    testLoss: Summary.mean(found.map(({ testLoss }) => testLoss)),
  }
}

export const tooFewSamples = statistical({
  id: "catapults/too-few-samples",
  statement:
    "On x_1 x_2 of 100 inputs with 128 samples, two forced catapults neither raise the alignment nor lower the test loss, on average over two runs: catapults do not always help.",
  inFloatingPoint: "statistical",
  source: Kind.observation(
    derived("negative control: catapults do not help if the data do not determine the features"),
  ),
  margin: (seed, kernels, sizes) => {
    const without = meanQuality(sizes, 0, seed, kernels)
    const raised = meanQuality(sizes, 2, seed, kernels)
    return Margin.all(
      Margin.atMost(raised.alignment, without.alignment),
      Margin.atLeast(raised.testLoss, without.testLoss),
    )
  },
  value: starved,
  controls: [{ name: "enough samples", value: small }],
})
