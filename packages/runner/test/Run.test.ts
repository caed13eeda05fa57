import { type Experiment, ExperimentResult } from "@nonconvex/evidence"
import { assert, layer } from "@effect/vitest"
import { Deferred, Effect, Fiber, Schema } from "effect"
import { runExperiment } from "../src/index.ts"
import * as Threads from "../src/node/Threads.ts"
import {
  counts,
  fails,
  kernelsUsed,
  reaches,
  reads,
  spins,
  standard,
  strays,
} from "./support/Counting.ts"
import { system } from "./support/System.ts"

const run = (
  experiment: Experiment.Experiment,
  onCase: (cases: number) => void = () => undefined,
  seed = 1,
) =>
  runExperiment(system, experiment.configure({ ...standard }), {
    seed,
    onCase: (_, cases) => onCase(cases),
  })

layer(Threads.layer(1, { kernels: "strict" }), { excludeTestServices: true, timeout: 60_000 })(
  "runExperiment",
  (it) => {
    it.effect("collects rows, figures and expectations", () =>
      Effect.gen(function* () {
        const seen: Array<number> = []
        const result = yield* run(counts, (cases) => seen.push(cases))
        assert.deepStrictEqual(seen, [1, 2, 3, 4, 5])
        assert.deepStrictEqual(
          result.rows.map((row) => row["n"]),
          [1, 2, 3, 4, 5],
        )
        assert.isNaN(result.rows[2]!["value"])
        assert.deepStrictEqual(result.config, { ...standard })
        assert.deepStrictEqual(result.expectations, [
          {
            statement: "All numbers are counted",
            holds: true,
            observed: "5",
            expected: "5 ± 0",
            control: { name: "all but one", observed: "4", caught: true },
          },
        ])
        assert.strictEqual(result.figures[0]?.id, "count")
        assert.isTrue(result.seconds >= 0 && result.seconds < 10)
      }),
    )

    it.effect("depends on its seed and configuration alone", () =>
      Effect.gen(function* () {
        const [a, b, c] = [yield* run(counts), yield* run(counts), yield* run(counts, undefined, 2)]
        assert.deepStrictEqual(b.rows, a.rows)
        assert.notDeepEqual(c.rows, a.rows)
      }),
    )

    it.effect("is data that survives JSON, NaN included", () =>
      Effect.gen(function* () {
        const result = yield* run(counts)
        const Json = Schema.toCodecJson(ExperimentResult)
        const text = JSON.stringify(Schema.encodeSync(Json)(result))
        const back = Schema.decodeUnknownSync(Json)(JSON.parse(text))
        assert.deepStrictEqual(back, result)
      }),
    )

    it.effect("reads data that ship", () =>
      Effect.gen(function* () {
        const { rows } = yield* run(reads)
        assert.isAbove(rows[0]!["value"] as number, 100)
      }),
    )

    it.effect("computes with the kernels of its description", () =>
      Effect.gen(function* () {
        for (const kernels of ["strict", "relaxed", "reference"] as const) {
          const { rows } = yield* Effect.provide(run(kernelsUsed), Threads.layer(1, { kernels }))
          const [mode, ...others] = new Set(rows.map((row) => row["mode"]))
          assert.deepStrictEqual(others, [])
          assert.strictEqual(mode, kernels)
        }
      }),
    )

    it.effect("fails where a figure says what no figure may", () =>
      Effect.gen(function* () {
        const failure = yield* Effect.flip(run(reaches))
        assert.match(
          failure.message,
          /^numbers\/reaches failed: figure far: spec\.data.* is not allowed in a figure$/,
        )
      }),
    )

    it.effect("fails with the message of the experiment's own error, typed", () =>
      Effect.gen(function* () {
        const failure = yield* Effect.flip(run(fails))
        assert.strictEqual(failure.message, "numbers/fails failed: 3 is not liked; count to less")
        assert.strictEqual(failure._tag, "CaseFailed")
      }),
    )

    it.effect("refuses a row that is not one of the experiment's", () =>
      Effect.gen(function* () {
        const failure = yield* Effect.flip(run(strays))
        assert.strictEqual(
          failure.message,
          "numbers/strays failed: a row does not match its columns: [0].n: expected an integer",
        )
      }),
    )

    it.effect("is interrupted within a second, whatever its thread does", () =>
      Effect.gen(function* () {
        const isUnderWay = yield* Deferred.make<void>()
        const fiber = yield* Effect.forkChild(
          run(spins, () => {
            Deferred.doneUnsafe(isUnderWay, Effect.void)
          }),
        )
        yield* Deferred.await(isUnderWay)
        const started = performance.now()
        yield* Fiber.interrupt(fiber)
        assert.isBelow(performance.now() - started, 1000)
        assert.strictEqual((yield* run(counts)).rows.length, 5)
      }),
    )
  },
)
