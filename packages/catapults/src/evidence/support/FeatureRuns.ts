import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import type { Update } from "@nonconvex/problems/Update"
import { batchDescent } from "../../descent/BatchDescent.ts"
import { catapultDescent } from "../../descent/CatapultDescent.ts"
import { type RateControl, raising } from "../../descent/RateControl.ts"
import { meanSquared } from "../../network/OutputLoss.ts"
import type { ProductTask, Quality } from "./ProductTask.ts"
import { finish } from "./Runs.ts"

type Found = ReadonlyArray<Quality | undefined>

/** Task of a run: as drawn, or with the change of a control. */
export type Lesson = (task: ProductTask, seed: Seed.Seed) => ProductTask

export const asDrawn: Lesson = (task) => task

/** The training labels in a random order, which keeps their values and removes their relation to the features. */
export const shuffledLabels: Lesson = (task, seed) => {
  const order = RandomStream.make(seed.child("labels")).permutation(task.targets.length)
  const targets = Float64Array.from(order, (i) => task.targets[i]!)
  return { ...task, targets, loss: meanSquared(targets) }
}

/** Test losses fall, and alignments rise, from one to the next; a run that was lost has neither. */
export const improves = (found: Found): boolean =>
  found.every((quality, k) => {
    if (quality === undefined || k === 0) return quality !== undefined
    const { alignment, testLoss } = found[k - 1]!
    return quality.testLoss < testLoss && quality.alignment > alignment
  })

/** The network after `raises` forced catapults, at a training loss of 1e-3; a control may hold their rates. */
export const forced = (
  task: ProductTask,
  raises: number,
  held: (control: RateControl) => RateControl = (control) => control,
) => {
  const training = { model: task.network, loss: task.loss }
  const run = finish(catapultDescent({ control: held(raising({ raises })) }), training, task.start)
  return run.outcome === "fitted" ? task.quality(run.descent.parameters()) : undefined
}

export const trained = (task: ProductTask, batchSize: number, update: Update, seed: Seed.Seed) => {
  const options = { batchSize, update, seed, epochs: 1500 }
  const run = finish(batchDescent(options), { model: task.network, loss: task.loss }, task.start)
  return run.outcome === "diverged" ? undefined : task.quality(run.point)
}
