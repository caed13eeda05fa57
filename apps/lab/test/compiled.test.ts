import { NodeServices } from "@effect/platform-node"
import { assert, describe, layer } from "@effect/vitest"
import * as Addon from "@nonconvex/native/Addon"
import * as Layers from "@nonconvex/runner/node/Layers"
import * as Kernels from "@nonconvex/numerics/Kernels"
import { Effect, Exit } from "effect"
import * as Provenance from "../src/evidence/report/Provenance.ts"

describe("compiled kernels", () => {
  layer(NodeServices.layer)((it) => {
    it.effect("compute where they are asked for, and are refused where they are not there", () =>
      Effect.gen(function* () {
        const found = yield* Effect.exit(Addon.load())
        const by = (name: "compiled" | "relaxed" | "strict") =>
          Effect.exit(
            Effect.provide(
              Effect.map(Kernels.Current, (kernels) => kernels.name),
              Layers.kernels(name),
            ),
          )
        const said = (name: "compiled" | "relaxed" | "strict") =>
          Effect.map(Provenance.here(name), (here) =>
            "compiledKernels" in here ? here.compiledKernels : undefined,
          )
        for (const name of ["relaxed", "strict"] as const) {
          assert.deepStrictEqual(yield* by(name), Exit.succeed(name))
          assert.isUndefined(yield* said(name))
        }
        const compiled = yield* by("compiled")
        if (Exit.isSuccess(found)) {
          assert.deepStrictEqual(compiled, Exit.succeed("compiled"))
          const { vectors, version } = found.value
          assert.strictEqual(yield* said("compiled"), `${version}, ${vectors}`)
        } else {
          const refusal = yield* Effect.flip(found)
          assert.strictEqual(refusal._tag, "BackendUnavailable")
          assert.deepStrictEqual(compiled, Exit.fail(refusal))
          console.info("skipped: the compiled module is not built")
        }
      }),
    )
  })
})
