import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import type { Update } from "@nonconvex/problems/Update"
import { batchDescent } from "../../descent/BatchDescent.ts"
import { catapultDescent } from "../../descent/CatapultDescent.ts"
import { type RateControl, raising } from "../../descent/RateControl.ts"
import { meanSquared } from "../../network/OutputLoss.ts"
import type { ProductTask, Quality } from "./ProductTask.ts"
import { finish } from "./Runs.ts"

/** Task, with the training loss at which its runs end. */
export interface TaskWithTolerance extends ProductTask {
  readonly tolerance: number
}

/** Task of a run: as drawn, or with the change of a control. */
export type TaskVariant = (task: ProductTask, seed: Seed.Seed) => TaskWithTolerance

export const asDrawn = (task: ProductTask): TaskWithTolerance => ({ ...task, tolerance: 1e-3 })

/**
 * Training labels in random order: the values are kept, the relation to the features is lost. Fitting noise takes long
 * and is not part of the control. Runs therefore end at a quarter of the label variance, where the original labels show
 * the same ranking as at 1e-3.
 */
export const shuffledLabels: TaskVariant = (task, seed) => {
  const order = RandomStream.make(seed.child("labels")).permutation(task.targets.length)
  const targets = Float64Array.from(order, (i) => task.targets[i]!)
  return { ...task, targets, loss: meanSquared(targets), tolerance: 0.25 }
}

/**
 * Tests whether test losses fall and alignments rise from one run to the next; a diverged run has neither. Stops at the
 * first run that does not improve.
 */
export const improves = (runs: ReadonlyArray<() => Quality | undefined>): boolean => {
  let before: Quality | undefined
  return runs.every((run) => {
    const quality = run()
    const isBetter =
      quality !== undefined &&
      (before === undefined ||
        (quality.testLoss < before.testLoss && quality.alignment > before.alignment))
    before = quality
    return isBetter
  })
}

/** Network after `raises` forced catapults; a control may cap their rates. */
export const forced = (
  task: TaskWithTolerance,
  raises: number,
  held: (control: RateControl) => RateControl = (control) => control,
) => {
  const training = { model: task.network, loss: task.loss }
  const { tolerance } = task
  const method = catapultDescent({ control: held(raising({ raises })), tolerance })
  const run = finish(method, training, task.start)
  return run.outcome === "fitted" ? task.quality(run.descent.parameters()) : undefined
}

export const trained = (
  task: TaskWithTolerance,
  batchSize: number,
  update: Update,
  seed: Seed.Seed,
) => {
  const options = { batchSize, update, seed, epochs: 1500, tolerance: task.tolerance }
  const run = finish(batchDescent(options), { model: task.network, loss: task.loss }, task.start)
  return run.outcome === "diverged" ? undefined : task.quality(run.point)
}
