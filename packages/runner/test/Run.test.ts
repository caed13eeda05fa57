import { assert, layer } from "@effect/vitest"
import { vi } from "vitest"
import { Deferred, Effect, Fiber, Schema } from "effect"
import { ExperimentResult, type Experiment } from "../../src/index.ts"
import { runExperiment, Workers } from "../../src/parallel/index.ts"
import { counts, fails, reads, spins, standard, strays } from "../support/Counting.ts"
import { system } from "../support/System.ts"

const run = (
  experiment: Experiment,
  onRow: (n: unknown, rows: number) => void = () => undefined,
  config: Schema.Json = { ...standard },
  seed = 1,
) =>
  runExperiment(system, experiment, {
    config,
    seed,
    onRow: (row, rows) => onRow(row["n"], rows),
  })

// threads take long to start on a machine that is busy
vi.setConfig({ testTimeout: 60_000 })

layer(Workers.layer(1), { excludeTestServices: true, timeout: 60_000 })("runExperiment", (it) => {
  it.effect("collects rows, figures and expectations", () =>
    Effect.gen(function* () {
      const seen: Array<readonly [n: unknown, rows: number]> = []
      const result = yield* run(counts, (n, rows) => seen.push([n, rows]))
      assert.deepStrictEqual(
        seen,
        [1, 2, 3, 4, 5].map((n) => [n, n] as const),
      )
      assert.deepStrictEqual(
        result.rows.map((row) => row["n"]),
        [1, 2, 3, 4, 5],
      )
      assert.isNaN(result.rows[2]!["value"])
      assert.deepStrictEqual(result.config, { ...standard })
      assert.deepStrictEqual(result.expectations, [
        { statement: "All numbers are counted", holds: true, observed: "5", expected: "5 ± 0" },
      ])
      assert.strictEqual(result.figures[0]?.id, "count")
      assert.isTrue(result.seconds >= 0 && result.seconds < 10)
    }),
  )

  it.effect("depends on its seed and configuration alone", () =>
    Effect.gen(function* () {
      const [a, b, c] = [
        yield* run(counts),
        yield* run(counts),
        yield* run(counts, undefined, undefined, 2),
      ]
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

  it.effect("reads files that ship", () =>
    Effect.gen(function* () {
      const { rows } = yield* run(reads)
      assert.isAbove(rows[0]!["value"] as number, 1000)
    }),
  )

  it.effect("fails with the message of the experiment's own error", () =>
    Effect.gen(function* () {
      let rows = 0
      const failure = yield* Effect.flip(run(fails, () => rows++))
      assert.strictEqual(failure.message, "numbers/fails failed: 3 is not liked; count to less")
      assert.strictEqual(rows, 2)
    }),
  )

  it.effect("refuses a row that is not one of the experiment's", () =>
    Effect.gen(function* () {
      let rows = 0
      const failure = yield* Effect.flip(run(strays, () => rows++))
      assert.strictEqual(
        failure.message,
        "numbers/strays failed: row 3 is not one of its rows: n: expected an integer",
      )
      assert.strictEqual(rows, 2)
    }),
  )

  it.effect("refuses a configuration that is not one of the experiment's", () =>
    Effect.gen(function* () {
      const failure = yield* Effect.flip(run(counts, undefined, { ...standard, weights: [1, "x"] }))
      assert.strictEqual(failure.message, "numbers/counts failed: weights[1]: expected number")
    }),
  )

  it.effect("is interrupted within a second, whatever its thread does", () =>
    Effect.gen(function* () {
      const isUnderWay = yield* Deferred.make<void>()
      const fiber = yield* Effect.forkChild(
        run(spins, () => Deferred.doneUnsafe(isUnderWay, Effect.void)),
      )
      yield* Deferred.await(isUnderWay)
      const started = performance.now()
      yield* Fiber.interrupt(fiber)
      assert.isBelow(performance.now() - started, 1000)
      assert.strictEqual((yield* run(counts)).rows.length, 5)
    }),
  )
})
