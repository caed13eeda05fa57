/** The resets of the causal test: one that does not spike, and one that ends at the kernel of the forced run. */
import { NodeServices } from "@effect/platform-node"
import { assert, it } from "@effect/vitest"
import { Datasets } from "@nonconvex/datasets"
import { Kernels } from "@nonconvex/numerics"
import { Effect, Layer } from "effect"
import { isItTheCatapult } from "../../src/evidence/experiments/IsItTheCatapult.ts"

const shipped = Datasets.layer.pipe(Layer.provide(NodeServices.layer))

it.effect("resets that are calm do not spike, and a matched one ends at the forced kernel", () =>
  Effect.gen(function* () {
    const arms = ["forced", "calm reset", "matched reset"]
    const smoke: Readonly<Record<string, unknown>> = isItTheCatapult.preset("smoke")
    const { count, rowsOf } = isItTheCatapult.configure({
      ...smoke,
      pixels: "components",
      training: "drawn",
      tuningSamples: 100,
      width: 128,
      multiple: 1.25,
      arms,
    })
    assert.strictEqual(count, 3)
    const kernels = { kernels: Kernels.strict() }
    const rows = yield* Effect.forEach([0, 1, 2], (at) => rowsOf(at, 1, kernels, shipped))
    const [forced, calm, matched] = rows.map((each) => each[0]!)
    assert.deepStrictEqual(
      rows.map((each) => each[0]!["arm"]),
      arms,
    )
    assert.isAbove(Number(forced!["spikes"]), 0)
    assert.strictEqual(calm!["spikes"], 0)
    assert.strictEqual(matched!["spikes"], 0)
    const missed = (row: typeof forced) =>
      Math.abs(Number(row!["kernelRatio"]) / Number(forced!["kernelRatio"]) - 1)
    assert.isBelow(missed(matched), 0.02)
    assert.isAbove(missed(calm), missed(matched))
    assert.isBelow(Number(forced!["agreement"]), 1)
  }),
)
