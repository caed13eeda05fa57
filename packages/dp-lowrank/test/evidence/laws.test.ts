// The laws find what is wrong with somebody else's implementation.
import { assert, describe, it } from "@effect/vitest"
import * as Verify from "@nonconvex/evidence/Verify"
import { Kernels } from "@nonconvex/numerics"
import { Effect } from "effect"
import { dpLowrank } from "../../src/evidence/support/Subject.ts"
import { laws } from "../../src/evidence/laws/index.ts"

const failing = (subject: typeof dpLowrank) =>
  Effect.map(
    Effect.all(laws.map((law) => Verify.claim(law.against(subject), { runs: 30, seed: 1 }))),
    (verdicts) => verdicts.filter(({ _tag }) => _tag === "Falsified").map(({ id }) => id),
  )

describe("laws", () => {
  it.effect("pass ours", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* failing(dpLowrank), [])
    }).pipe(Effect.provide(Kernels.layerStrict)),
  )

  it.effect(
    "fail one with uniform noise of too small a deviation and a scale that ignores delta",
    () =>
      Effect.gen(function* () {
        const other = {
          ...dpLowrank,
          scale: (options: Parameters<typeof dpLowrank.scale>[0]) =>
            dpLowrank.scale({ ...options, delta: 1e-6 }),
          noise: (d: number, scale: number, stream: Parameters<typeof dpLowrank.noise>[2]) =>
            Float64Array.from({ length: d * d }, () => scale * (stream.uniform() - 0.5)),
        }
        assert.deepStrictEqual(yield* failing(other), [
          "dp-lowrank/isotropic-noise",
          "dp-lowrank/more-privacy-more-noise",
        ])
      }).pipe(Effect.provide(Kernels.layerStrict)),
  )
})
