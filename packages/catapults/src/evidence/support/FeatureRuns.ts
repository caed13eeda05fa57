import type * as Seed from "@nonconvex/numerics/Seed"
import type { Update } from "@nonconvex/problems/Update"
import { batchDescent } from "../../descent/BatchDescent.ts"
import { catapultDescent } from "../../descent/CatapultDescent.ts"
import { raising } from "../../descent/RateControl.ts"
import type { ProductTask, Quality } from "./ProductTask.ts"
import { finish } from "./Runs.ts"

/** The name of a seed: its path from the root. */
export const nameOf = (seed: Seed.Seed): string => seed.path.join("/")

type Found = ReadonlyArray<Quality | undefined>

export const inOrder = (found: Found): Found => found

export const reversed = (found: Found): Found => found.toReversed()

/** Test losses fall, and alignments rise, from one to the next; a run that was lost has neither. */
export const improves = (found: Found): boolean =>
  found.every((quality, k) => {
    if (quality === undefined || k === 0) return quality !== undefined
    const { alignment, testLoss } = found[k - 1]!
    return quality.testLoss < testLoss && quality.alignment > alignment
  })

/** The network after `raises` forced catapults, at a training loss of 1e-3. */
export const forced = (task: ProductTask, raises: number) => {
  const training = { model: task.network, loss: task.loss }
  const run = finish(catapultDescent({ control: raising({ raises }) }), training, task.start)
  return run.outcome === "fitted" ? task.quality(run.descent.parameters()) : undefined
}

export const trained = (task: ProductTask, batchSize: number, update: Update, seed: Seed.Seed) => {
  const options = { batchSize, update, seed, epochs: 1500 }
  const run = finish(batchDescent(options), { model: task.network, loss: task.loss }, task.start)
  return run.outcome === "diverged" ? undefined : task.quality(run.point)
}
