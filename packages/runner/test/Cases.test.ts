/** Cases of one experiment on a pool: their rows, one after the other, are those of the whole on any number of threads. */
import { NodeServices } from "@effect/platform-node"
import { Datasets } from "@nonconvex/datasets"
import * as Split from "@nonconvex/datasets/Split"
import { Kernels } from "@nonconvex/numerics"
import type { Row } from "@nonconvex/evidence"
import type { ExperimentResult } from "@nonconvex/evidence"
import { assert, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { describe } from "vitest"
import { runExperiment, type StoreFailed } from "../src/index.ts"
import * as Inline from "../src/Inline.ts"
import type { JobFailure } from "../src/JobFailure.ts"
import * as Threads from "../src/node/Threads.ts"
import { type Config, reads, splits, standard } from "./support/Counting.ts"
import { system } from "./support/System.ts"

const config: Config = { ...standard, upTo: 6, weights: [3, 1, 2] }

type OnCase = (rows: ReadonlyArray<Row>, cases: number) => void

const run = (changed: Config, onCase: OnCase = () => undefined) =>
  runExperiment(system, splits.configure({ ...changed }), { seed: 1, onCase })

const onThreads = (
  size: number,
  changed: Config,
  onCase?: OnCase,
): Effect.Effect<ExperimentResult, JobFailure | StoreFailed> =>
  Effect.provide(run(changed, onCase), Threads.layer(size, { kernels: "strict" }))

/** The rows of the whole in one go, on this thread. */
const whole = Effect.map(
  Effect.provide(
    run(config),
    Layer.provide(
      Inline.layer,
      Layer.merge(Kernels.layerReference, Layer.provide(Datasets.layer, NodeServices.layer)),
    ),
  ),
  ({ rows }) => rows,
)

describe("the cases of an experiment", () => {
  for (const size of [1, 2]) {
    it.live(`give the rows of the whole in order, threads: ${size}`, () =>
      Effect.gen(function* () {
        const seen: Array<Row> = []
        const counted: Array<number> = []
        const result = yield* onThreads(size, config, (rows, cases) => {
          seen.push(...rows)
          counted.push(cases)
        })
        assert.deepStrictEqual(
          result.rows.map((row) => row["n"]),
          [3, 3, 3, 1, 2, 2],
        )
        // in the order in which they came: on two threads not that of the cases
        assert.sameDeepMembers(seen, [...result.rows])
        assert.deepStrictEqual(counted, [1, 2, 3])
      }),
    )
  }

  it.live("say which data they read, by what names their content", () =>
    Effect.gen(function* () {
      const datasets = Layer.provide(Datasets.layer, NodeServices.layer)
      const { data } = yield* runExperiment(system, reads.configure({ ...standard }), {
        seed: 1,
      }).pipe(Effect.provide(Threads.layer(1, { kernels: "strict" })))
      const diabetes = yield* Effect.flatMap(Datasets, ({ load }) => load("diabetes")).pipe(
        Effect.provide(datasets),
      )
      assert.deepStrictEqual(data, [{ name: "diabetes", digest: yield* Split.digest(diabetes) }])
      assert.notProperty(yield* onThreads(1, config), "data")
    }),
  )

  it.live("are those of this thread, bit for bit", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual((yield* onThreads(2, config)).rows, yield* whole)
    }),
  )

  it.live("are one result, with the configuration, figures and expectations of the whole", () =>
    Effect.gen(function* () {
      const { seconds: _one, ...one } = yield* onThreads(1, config)
      const { seconds: _two, ...two } = yield* onThreads(2, config)
      assert.deepStrictEqual(two, one)
      assert.deepStrictEqual(one.config, { ...config })
      assert.strictEqual(one.figures.length, 1)
      assert.deepStrictEqual(one.expectations, [
        {
          statement: "All numbers are counted",
          holds: true,
          observed: "6",
          expected: "6 ± 0",
          control: { name: "all but one", observed: "5", caught: true },
        },
      ])
    }),
  )

  it.live("take the time of their work, not that in which they wait", () =>
    Effect.gen(function* () {
      // 100 ms for each unit of weight
      const { seconds } = yield* onThreads(1, { ...config, weights: [2, 3] })
      assert.isAtLeast(seconds, 0.5)
      assert.isBelow(seconds, 0.9)
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
