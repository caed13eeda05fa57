import { assert, layer } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { operate, runExperiment, targetsOf, idOf, verify } from "../src/index.ts"
import { Threads } from "../src/node/index.ts"
import { system, sum } from "./support/System.ts"
import { counts, standard, kernelsUsed } from "./support/Counting.ts"

layer(Threads.layer(2, { kernels: "reference" }), { excludeTestServices: true, timeout: 60_000 })(
  "smoke",
  (it) => {
    it.effect("works", () =>
      Effect.gen(function* () {
        const r = yield* runExperiment(system, counts.configure({ ...standard }), { seed: 1 })
        console.log(JSON.stringify(r.rows), r.seconds)
        const v = yield* Stream.runCollect(
          verify(
            targetsOf(system).filter((t) =>
              ["numbers/holds", "numbers/falsified", "numbers/exits"].slice(0, 2).includes(idOf(t)),
            ),
            { runs: 100, seed: 1 },
          ),
        )
        console.log(v.map((x) => x._tag))
        console.log(
          yield* operate(system, sum, { upTo: 5_000_00, weights: Float64Array.of(1, 2) }, (p) =>
            console.log(p),
          ),
        )
        console.log(
          yield* Effect.flip(
            operate(system, sum, { upTo: 5_000_000_000, weights: Float64Array.of(1, 2) }),
          ),
        )
        console.log(
          yield* Effect.flip(operate(system, sum, { upTo: -1, weights: Float64Array.of(1, 2) })),
        )
        const k = yield* runExperiment(system, kernelsUsed.configure({ ...standard }), { seed: 1 })
        assert.strictEqual(k.rows[0]!["mode"], "reference")
      }),
    )
  },
)
