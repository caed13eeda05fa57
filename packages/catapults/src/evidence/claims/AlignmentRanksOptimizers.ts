import { Kind, Margin } from "@nonconvex/evidence"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import { few, updateOf } from "../support/Contenders.ts"
import { asDrawn, type TaskVariant, shuffledLabels, trained } from "../support/FeatureRuns.ts"
import { statistical } from "../support/FixedSeeds.ts"
import { recalled } from "../support/Paper.ts"
import { productTask } from "../support/ProductTask.ts"
import { spearman } from "../support/Ranks.ts"

const larger = { inputs: 20, width: 256, samples: 256, testSamples: 1000 }

/** The optimizers of the table, at rates that fit and do not diverge. */
const optimizers = few.map(updateOf)

/** Means over two runs, of the optimizers that fit in both. */
const byOptimizers = (lesson: TaskVariant, seed: Seed.Seed, kernels: Kernels.Kernels) => {
  const tasks = [0, 1].map((k) =>
    lesson(productTask(larger, seed.child(k), kernels), seed.child(k)),
  )
  return optimizers.flatMap((update) => {
    const [a, b] = tasks.map((task) => trained(task, 16, update, seed.child("batches")))
    if (a === undefined || b === undefined) return []
    const alignment = (a.alignment + b.alignment) / 2
    return [{ alignment, testLoss: (a.testLoss + b.testLoss) / 2 }]
  })
}

/**
 * Ten of the sixteen settings of `catapults/optimizers`, with half its samples and neurons. The paper preset of that
 * experiment runs all of them.
 */
export const alignmentRanksOptimizers = statistical({
  id: "catapults/alignment-ranks-optimizers",
  statement:
    "Over ten settings of SGD, momentum, RMSprop, Adagrad and Adam on x_1 x_2 of 20 inputs, alignment and test loss have a rank correlation of at most -0.8. Both are means of two runs, at equal training loss.",
  inFloatingPoint: "statistical",
  source: Kind.observation(
    recalled("Table 2: the test performance of optimizers ranks with the alignment"),
  ),
  margin: (seed, kernels, lesson) => {
    const found = byOptimizers(lesson, seed, kernels)
    const correlation = spearman(
      found.map(({ alignment }) => alignment),
      found.map(({ testLoss }) => testLoss),
    )
    return Margin.all(
      Margin.of("number of optimisers that fit", Margin.atLeast(found.length, 8)),
      Margin.atMost(correlation, -0.8),
    )
  },
  value: asDrawn,
  controls: [
    {
      name: "shuffled training labels, which carry no information on the features",
      value: shuffledLabels,
    },
  ],
})
