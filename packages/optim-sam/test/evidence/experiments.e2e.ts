/** What the fast presets show; Fashion-MNIST takes longer and is left to `nonconvex reproduce`. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Datasets } from "@nonconvex/datasets"
import { Kernels } from "@nonconvex/numerics"
import { Effect, Layer } from "effect"
import { experiments } from "../../src/evidence/experiments/index.ts"

const data = Datasets.layer.pipe(Layer.provide(NodeServices.layer))

describe("the fast preset", () => {
  for (const experiment of experiments.filter(({ id }) => id !== "optim-sam/fashion-mnist")) {
    it.effect(
      `of ${experiment.id} shows what it should`,
      () =>
        Effect.gen(function* () {
          const { count, evaluate, rowsOf } = experiment.configure(experiment.preset("fast"))
          const cases = Array.from({ length: count }, (_, index) => index)
          const rows = yield* Effect.forEach(cases, (index) =>
            rowsOf(index, 1, { kernels: Kernels.strict() }, data),
          )
          const { expectations } = evaluate(rows.flat())
          assert.isNotEmpty(expectations)
          assert.deepStrictEqual(
            expectations.filter(({ holds }) => !holds),
            [],
          )
        }),
      60_000,
    )
  }
})
