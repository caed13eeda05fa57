/** Every method of this package, over its batches and schedules: what the law of resumption runs, in this process and in a new one. */
import { Seed } from "@nonconvex/numerics"
import { leastSquares, momentum } from "@nonconvex/problems"
import * as Minibatch from "@nonconvex/problems/Minibatch"
import * as Schedule from "@nonconvex/problems/Schedule"
import type { Case } from "@nonconvex/problems/Resumption"
import {
  everyNth,
  falseMinimumGuard,
  grouped,
  latePhase,
  Perturbation,
  sam,
  seesFalseMinimum,
} from "../../src/index.ts"

const sum = leastSquares({
  features: Float64Array.from({ length: 30 }, (_, i) => Math.sin(i)),
  dimension: 3,
  targets: Float64Array.from({ length: 10 }, (_, i) => Math.cos(i)),
})

const base = () => momentum({ learningRate: Schedule.cosine(0.1, 20) })

const methods = [
  () => grouped(Perturbation.normalised(0.1), base(), { size: 2 }),
  () => grouped(Perturbation.adaptive(everyNth(3, 0.1)), base(), { size: 4 }),
  () => grouped(Perturbation.unnormalised(0.1), base(), { size: 100 }),
  () => sam({ radius: everyNth(2, 0.1), base: base() }),
  () => sam({ radius: latePhase(5.5, 0.1), base: base() }),
]

const batches = {
  "the whole sum": () => Minibatch.fullBatch(sum),
  "shuffled batches": () => Minibatch.shuffled(sum, { batchSize: 5, seed: Seed.root(1) }),
}

export const cases: ReadonlyArray<Case> = methods.flatMap((make, k) =>
  Object.entries(batches).map(([over, batch]) => ({
    name: `method ${k} on ${over}`,
    begin: () => {
      const method = make()
      const objective = batch()
      const guard = falseMinimumGuard()
      const run = method.init(objective, Float64Array.of(1, -2, 3))
      const step = () => {
        const loss = method.step(run)
        seesFalseMinimum(guard, 1, run.loss < 1 ? 0.001 : 1)
        objective.advance()
        return loss
      }
      return { state: { run, guard }, step }
    },
  })),
)
