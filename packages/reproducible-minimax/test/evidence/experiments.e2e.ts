import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Datasets } from "@nonconvex/datasets/Datasets"
import { Kernels } from "@nonconvex/numerics"
import { Effect, Layer } from "effect"
import { experiments } from "../../src/evidence/experiments/index.ts"

const data = Datasets.layer.pipe(Layer.provide(NodeServices.layer))

describe.each(["figure-1", "figure-2"])("%s", (name) => {
  const experiment = experiments.find(({ id }) => id.endsWith(`/${name}`))!
  const configured = experiment.configure(experiment.preset("smoke"))
  const rowsOn = (kernels: Kernels.Kernels) => configured.rowsOf(0, 1, { kernels }, data)

  it.effect("gives the memory of the kernels back", () =>
    Effect.gen(function* () {
      const kernels = Kernels.makeStrict({ capacity: 2 ** 20 })
      assert.isNotEmpty(yield* rowsOn(kernels))
      assert.strictEqual(kernels.arena.used, 0)
    }),
  )

  it.effect("makes room where the kernels have none, with the same bits", () =>
    Effect.gen(function* () {
      const small = Kernels.makeStrict({ capacity: 2 ** 10 })
      assert.deepStrictEqual(yield* rowsOn(small), yield* rowsOn(Kernels.strict()))
    }),
  )
})
