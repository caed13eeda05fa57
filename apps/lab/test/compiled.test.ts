import { NodeServices } from "@effect/platform-node"
import { assert, describe, layer } from "@effect/vitest"
import * as Addon from "@nonconvex/native/Addon"
import { Layers } from "@nonconvex/runner/node"
import * as Kernels from "@nonconvex/numerics/Kernels"
import { Effect, Option } from "effect"
import * as Provenance from "../src/evidence/report/Provenance.ts"

describe("compiled kernels", () => {
  layer(NodeServices.layer)((it) => {
    it.effect("compute where relaxed ones are asked for, and the provenance says so", () =>
      Effect.gen(function* () {
        const found = Option.getOrUndefined(yield* Effect.option(Addon.load()))
        const by = (name: "relaxed" | "strict") =>
          Effect.provide(
            Effect.map(Kernels.Current, (kernels) => kernels.name),
            Layers.kernels(name),
          )
        const said = (name: "relaxed" | "strict") =>
          Effect.map(Provenance.here(name), (here) =>
            "compiledKernels" in here ? here.compiledKernels : undefined,
          )
        assert.strictEqual(yield* by("relaxed"), found === undefined ? "relaxed" : "native")
        assert.strictEqual(
          yield* said("relaxed"),
          found === undefined ? undefined : `${found.version}, ${found.vectors}`,
        )
        assert.strictEqual(yield* by("strict"), "strict")
        assert.isUndefined(yield* said("strict"))
        if (found === undefined) console.info("skipped: the compiled module is not built")
      }),
    )
  })
})
