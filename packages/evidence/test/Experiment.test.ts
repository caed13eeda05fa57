import { NodeServices } from "@effect/platform-node"
import { Datasets } from "@nonconvex/datasets"
import { Kernels } from "@nonconvex/numerics"
import * as Snapshot from "@nonconvex/problems/Snapshot"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { Experiment } from "../src/index.ts"
import {
  counts,
  type Counted,
  type Config,
  definition,
  fails,
  row,
  splits,
  standard,
  strays,
} from "./support/Counting.ts"

const given = { kernels: Kernels.reference() }

const none = Layer.effect(Datasets, Effect.die(new Error("no data were asked for")))

const shipped = Datasets.layer.pipe(Layer.provide(NodeServices.layer))

const rowsOf = (
  experiment: Experiment.Experiment,
  config: Config,
  index: number,
  seed = 1,
  data = none,
) => experiment.configure({ ...config }).rowsOf(index, seed, given, data)

describe("an experiment", () => {
  it("says what its settings are, one of its presets among them", () => {
    const { $defs, properties, type } = counts.settings()
    assert.deepStrictEqual([$defs, type], [{}, "object"])
    assert.deepStrictEqual(Object.keys(properties as object), Object.keys(counts.preset("fast")))
  })

  it.effect("gives the rows of a case, alike whatever was computed before", () =>
    Effect.gen(function* () {
      const forwards = yield* Effect.forEach([0, 1, 3], (index) => rowsOf(counts, standard, index))
      const backwards = yield* Effect.forEach([3, 1, 0], (index) => rowsOf(counts, standard, index))
      assert.deepStrictEqual(backwards.toReversed(), forwards)
      assert.deepStrictEqual(
        forwards.flat().map((each) => each["n"]),
        [1, 2, 4],
      )
      assert.notDeepEqual(yield* rowsOf(counts, standard, 0, 2), forwards[0])
    }),
  )

  it.effect("goes on from a snapshot, and begins again from one of another state", () =>
    Effect.gen(function* () {
      const seen: Array<number> = []
      const sums = Experiment.table(
        definition(
          "sums",
          (n, { config, resume, snapshot }) => {
            const state = { steps: 0, sum: 0 }
            resume(state)
            seen.push(state.steps)
            for (; state.steps < 3; snapshot(state)) state.sum += ++state.steps
            return row(config, n, state.sum)
          },
          { isResumable: true },
        ),
      )
      const left: Array<Snapshot.Snapshot> = []
      const onSnapshot = (write: () => Snapshot.Snapshot) => left.push(write())
      const { rowsOf: rowsFrom } = sums.configure({ ...standard })
      const straight = yield* rowsFrom(0, 1, given, none, { onSnapshot })
      assert.strictEqual(straight[0]!["value"], 6)
      assert.strictEqual(left.length, 3)
      const other = Snapshot.write({ steps: 1 })
      for (const from of [left[1]!, other]) {
        assert.deepStrictEqual(
          yield* rowsFrom(0, 1, given, none, { from, onSnapshot: () => undefined }),
          straight,
        )
      }
      assert.deepStrictEqual(yield* rowsFrom(0, 1, given, none), straight)
      assert.deepStrictEqual(seen, [0, 2, 0, 0])
    }),
  )

  it.effect("may have several rows in a case, or none", () =>
    Effect.gen(function* () {
      const config = { ...standard, weights: [2, 0] }
      assert.strictEqual((yield* rowsOf(splits, config, 0)).length, 2)
      assert.deepStrictEqual(yield* rowsOf(splits, config, 1), [])
      assert.strictEqual(splits.configure({ ...config }).count, 2)
    }),
  )

  it.effect(
    "fails with what its row threw, with a row that its columns refuse, and without a case",
    () =>
      Effect.gen(function* () {
        const failing = [
          rowsOf(fails, standard, 2),
          rowsOf(strays, standard, 2),
          rowsOf(counts, standard, 5),
        ]
        assert.deepStrictEqual(
          yield* Effect.forEach(failing, (each) =>
            Effect.map(Effect.flip(each), ({ message }) => message),
          ),
          [
            "numbers/fails failed: 3 is not liked; count to less",
            "numbers/strays failed: a row does not match its columns: [0].n: expected an integer",
            "numbers/counts failed: there is no case 5; it has 5",
          ],
        )
      }),
  )

  it("decodes a configuration once, however often it is asked for", () => {
    let decoded = 0
    const counting = definition("counting", (n, { config }) => row(config, n, n), {
      cases: ({ upTo }) => {
        decoded++
        return Array.from({ length: upTo }, (_, k) => k + 1)
      },
    })
    const experiment = Experiment.table(counting)
    const configured = experiment.configure({ ...standard })
    assert.strictEqual(experiment.configure({ ...standard }), configured)
    assert.strictEqual(decoded, 1)
    assert.throws(() => experiment.configure({ ...standard, upTo: 0 }))
  })

  it.effect("prepares once for all cases of a configuration, a seed and kernels", () =>
    Effect.gen(function* () {
      let prepared = 0
      const experiment = Experiment.table<Config, number, Counted, number>({
        ...(definition("prepared", () => []) as unknown as Experiment.Table<
          Config,
          number,
          number,
          Counted
        >),
        prepare: ({ seed }) =>
          Effect.sync(() => {
            prepared++
            return seed.words[0]
          }),
        row: (n, { config, shared }) => row(config, n, shared),
      })
      const values = yield* Effect.forEach(
        [0, 1],
        (index) => rowsOf(experiment, standard, index, 1, shipped),
        {
          concurrency: "unbounded",
        },
      )
      assert.deepStrictEqual(values[0]![0]!["value"], values[1]![0]!["value"])
      assert.strictEqual(prepared, 1)
      const other = yield* rowsOf(experiment, standard, 0, 2, shipped)
      assert.notStrictEqual(other[0]!["value"], values[0]![0]!["value"])
      assert.strictEqual(prepared, 2)
      // other data may make another start
      yield* rowsOf(experiment, standard, 0, 2, Layer.fresh(shipped))
      assert.strictEqual(prepared, 3)
    }),
  )

  it.effect(
    "fails with the reason why it could not prepare, and builds no data that nobody asks for",
    () =>
      Effect.gen(function* () {
        const experiment = Experiment.table(
          definition("unprepared", (n, { config }) => row(config, n, n), {
            prepare: () => Effect.fail({ message: "the shelf is empty" }),
          }),
        )
        const failure = yield* Effect.flip(rowsOf(experiment, standard, 0, 1, shipped))
        assert.strictEqual(failure.message, "numbers/unprepared failed: the shelf is empty")
      }),
  )

  it("states the conclusion of a figure only of rows in which its expectations hold", () => {
    const figure = {
      id: "count",
      title: "Counts",
      caption: "A line.",
      conclusion: "All.",
      spec: {},
    }
    const experiment = Experiment.table(
      definition("concluded", (n, { config }) => row(config, n, n), { figures: () => [figure] }),
    )
    const evaluated = experiment.configure({ ...standard })
    const all = Array.from({ length: standard.upTo }, (_, k) => row(standard, k + 1, k))
    const captionOf = (rows: ReadonlyArray<Counted>) => evaluated.evaluate(rows).figures[0]
    assert.deepStrictEqual(captionOf(all), {
      id: "count",
      title: "Counts",
      caption: "All. A line.",
      spec: {},
    })
    assert.strictEqual(
      captionOf(all.slice(1))?.caption,
      "Not all expectations hold in these rows. A line.",
    )
  })

  it("says its presets, encoded", () => {
    assert.deepStrictEqual(Schema.decodeUnknownSync(Schema.Json)(counts.preset("fast")), {
      ...standard,
    })
  })
})
