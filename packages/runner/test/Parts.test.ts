/** Parts of one experiment on a pool: their rows, one after the other, are those of the whole on any number of threads. */
import { assert, it } from "@effect/vitest"
import { Seed } from "@nonconvex/numerics"
import { NodeServices } from "@effect/platform-node"
import { Effect, Schema, Stream } from "effect"
import { describe, vi } from "vitest"
import type { ExperimentResult, Row } from "../../src/index.ts"
import { runExperiment, type WorkerFailed, Workers } from "../../src/parallel/index.ts"
import { type Config, splits, standard } from "../support/Counting.ts"
import { system } from "../support/System.ts"

// threads take long to start on a machine that is busy
vi.setConfig({ testTimeout: 60_000 })

const config: Config = { ...standard, upTo: 6, weights: [3, 1, 2] }

const onThreads = (
  size: number,
  changed: Config,
  onRow: (row: Row, rows: number) => void = () => undefined,
): Effect.Effect<ExperimentResult, WorkerFailed> =>
  runExperiment(system, splits, { config: { ...changed }, seed: 1, onRow }).pipe(
    Effect.provide(Workers.layer(size)),
  )

/** The rows of the whole in one go, on this thread. */
const whole = Effect.suspend(() =>
  splits.open(({ config: codec, run }) =>
    run(Schema.decodeUnknownSync(codec)({ ...config }), Seed.root(1).child(splits.id)).pipe(
      Stream.runCollect,
      Effect.map((rows): ReadonlyArray<Row> => rows),
      Effect.orDie,
      Effect.provide(NodeServices.layer),
    ),
  ),
)

describe("the parts of an experiment", () => {
  for (const size of [1, 2]) {
    it.live(`give the rows of the whole in order, threads: ${size}`, () =>
      Effect.gen(function* () {
        const expected = yield* whole
        const seen: Array<Row> = []
        const counted: Array<number> = []
        const result = yield* onThreads(size, config, (row, rows) => {
          seen.push(row)
          counted.push(rows)
        })
        assert.deepStrictEqual(
          result.rows.map((row) => row["n"]),
          [3, 3, 3, 1, 2, 2],
        )
        assert.deepStrictEqual(result.rows, expected)
        // in the order in which they came: on two threads not that of the parts
        assert.sameDeepMembers(seen, [...expected])
        assert.deepStrictEqual(counted, [1, 2, 3, 4, 5, 6])
      }),
    )
  }

  it.live("are one result, with the configuration, figures and expectations of the whole", () =>
    Effect.gen(function* () {
      const { seconds: _one, ...one } = yield* onThreads(1, config)
      const { seconds: _two, ...two } = yield* onThreads(2, config)
      assert.deepStrictEqual(two, one)
      assert.deepStrictEqual(one.config, { ...config })
      assert.strictEqual(one.figures.length, 1)
      assert.deepStrictEqual(one.expectations, [
        { statement: "All numbers are counted", holds: true, observed: "6", expected: "6 ± 0" },
      ])
    }),
  )

  it.live("fail as a whole where one fails, whatever the others do", () =>
    Effect.gen(function* () {
      const failure = yield* Effect.flip(onThreads(2, { ...config, weights: [5, -1] }))
      assert.strictEqual(failure.message, "numbers/splits failed: -1 is not liked; count to less")
    }),
  )

  it.live("are none of a configuration without any", () =>
    Effect.gen(function* () {
      const { expectations, rows } = yield* onThreads(2, { ...config, weights: [] })
      assert.deepStrictEqual(rows, [])
      assert.deepStrictEqual(
        expectations.map(({ holds }) => holds),
        [false],
      )
    }),
  )
})
