/** Sweeps that run: what ends, what fails, what halving promotes. */
import { Experiment, type System } from "@nonconvex/evidence"
import { Datasets } from "@nonconvex/datasets"
import { Kernels } from "@nonconvex/numerics"
import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import * as Inline from "../../src/Inline.ts"
import {
  firstTrials,
  inShard,
  prepare,
  type PreparedTrial,
  runSweep,
} from "../../src/sweep/RunSweep.ts"
import * as Sweep from "../../src/sweep/Sweep.ts"
import { source } from "../support/Numbers.ts"
import { system as numbers } from "../support/System.ts"

const Config = Schema.Struct({ steps: Schema.Int, rate: Schema.Finite, name: Schema.String }).check(
  Schema.makeFilter(({ rate, steps }) => rate <= 100 * steps || "rate is too large for the steps"),
)
const Descended = Schema.Struct({ step: Schema.Int, loss: Schema.Finite })

/** A loss that falls with the steps to the distance of the rate from 3; the name "falls" throws under seed 2. */
const descends = Experiment.table<typeof Config.Type, number, typeof Descended.Type>({
  id: "sweeps/descends",
  title: "Descent",
  source,
  question: "Which rate is best?",
  config: Config,
  columns: Descended,
  presets: {
    smoke: { steps: 9, rate: 1, name: "holds" },
    fast: { steps: 90, rate: 1, name: "holds" },
    paper: { steps: 900, rate: 1, name: "holds" },
  },
  cases: ({ steps }) => [steps],
  row: (steps, { config: { name, rate }, seed }) => {
    if (name === "falls" && seed.path[0] === 2) throw new Error("it fell")
    return { step: steps, loss: Math.abs(rate - 3) + 1 / steps }
  },
  figures: () => [],
  expectations: () => [],
})

const system: System = { ...numbers, id: "sweeps", experiments: [descends] }

const ready = (draft: Partial<Sweep.Draft>, limit = 1000) =>
  Effect.flatMap(Sweep.complete({ experiment: descends.id, ...draft }), (sweep) =>
    prepare(system, descends, sweep, limit),
  )

const run = Effect.fnUntraced(function* (draft: Partial<Sweep.Draft>) {
  const prepared = yield* ready(draft)
  const begun: Array<ReadonlyArray<PreparedTrial>> = []
  let ended = 0
  const trials = yield* runSweep(prepared, {
    measure: ({ rows }) => Effect.succeed(rows.at(-1)!["loss"] as number),
    score: (loss) => loss,
    onTrials: (each) => Effect.asVoid(Effect.sync(() => begun.push(each))),
    onEnded: () => ended++,
  })
  assert.strictEqual(ended, prepared.count)
  assert.strictEqual(trials.length, prepared.count)
  return { trials, begun }
})

const computing = Inline.layer.pipe(
  Layer.provide(Kernels.layerReference),
  Layer.provide(Datasets.layer),
  Layer.provide(NodeServices.layer),
)

const refusal = (draft: Partial<Sweep.Draft>) =>
  Effect.map(Effect.flip(ready(draft)), ({ message }) => message)

layer(computing)("runSweep", (it) => {
  it.effect("runs every trial, and lets one that fails end no other", () =>
    Effect.gen(function* () {
      const { begun, trials } = yield* run({
        vary: { rate: [1, 2], name: ["holds", "falls"] },
        seeds: "1..2",
      })
      assert.strictEqual(begun.length, 1)
      assert.deepStrictEqual(
        trials.map(({ place, seed, settings }) => [
          place,
          settings["rate"],
          settings["name"],
          seed,
        ]),
        [
          [0, 1, "holds", 1],
          [1, 1, "holds", 2],
          [2, 1, "falls", 1],
          [3, 1, "falls", 2],
          [4, 2, "holds", 1],
          [5, 2, "holds", 2],
          [6, 2, "falls", 1],
          [7, 2, "falls", 2],
        ],
      )
      const failed = trials.flatMap((each) =>
        each._tag === "Failed" ? [[each.place, each.reason]] : [],
      )
      assert.deepStrictEqual(failed, [
        [3, "sweeps/descends failed: it fell"],
        [7, "sweeps/descends failed: it fell"],
      ])
      assert.deepStrictEqual(trials[0]!.config, { steps: 90, rate: 1, name: "holds" })
    }),
  )

  it.effect("has each trial in one shard, and none in a sweep that chooses by results", () =>
    Effect.gen(function* () {
      const whole = yield* ready({ vary: { rate: [1, 2, 4] }, seeds: "1..7" })
      for (const shards of [1, 2, 7, 16, 21]) {
        const found: Array<PreparedTrial> = []
        for (let shard = 1; shard <= shards; shard++) {
          const part = yield* inShard(whole, { shard, shards })
          const trials = firstTrials(part)
          assert.strictEqual(trials.length, part.count)
          assert.isAtMost(Math.abs(trials.length - 21 / shards), 1)
          found.push(...trials)
        }
        assert.deepStrictEqual(
          found.toSorted((a, b) => a.place - b.place),
          firstTrials(whole),
        )
      }
      const competition = { resource: "steps", eta: 3 }
      const halving = { sampler: "halving", metric: "loss", competition } as const
      const adaptive = yield* ready({ ...halving, vary: { rate: [1, 2, 4] } })
      const error = yield* Effect.flip(inShard(adaptive, { shard: 1, shards: 2 }))
      assert.match(error.message, /halving chooses trials by the results of others/)
    }),
  )

  it.effect("promotes the best of a competition, within its budget", () =>
    Effect.gen(function* () {
      const competition = { resource: "steps", eta: 3 }
      const rate = [0, 5, 2.5, 9, 3.25, 7, 1, 4, 3.5]
      const { begun, trials } = yield* run({
        sampler: "halving",
        vary: { rate },
        competition,
        metric: "loss",
        goal: "least",
      })
      assert.deepStrictEqual(
        begun.map((rung) => rung.map(({ settings }) => [settings["rate"], settings["steps"]])),
        [
          rate.map((each) => [each, 10]),
          [
            [2.5, 30],
            [3.25, 30],
            [3.5, 30],
          ],
          [[3.25, 90]],
        ],
      )
      const steps = trials.reduce((sum, { settings }) => sum + (settings["steps"] as number), 0)
      // three rungs of 90 steps each, where a grid would take 9 times 90
      assert.strictEqual(steps, 270)
      assert.deepStrictEqual(trials.at(-1)!.config, { steps: 90, rate: 3.25, name: "holds" })
    }),
  )

  it.effect("promotes nobody with a trial that failed", () =>
    Effect.gen(function* () {
      const competition = { resource: "steps", eta: 2 }
      const vary = { name: ["falls", "holds"] }
      const draft = {
        sampler: "halving",
        vary,
        competition,
        metric: "loss",
        goal: "least",
        seeds: "1..2",
      } as const
      const { begun } = yield* run(draft)
      assert.deepStrictEqual(
        begun[1]!.map(({ settings }) => settings["name"]),
        ["holds", "holds"],
      )
    }),
  )

  it.effect("refuses what the experiment does, before anything runs", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        yield* refusal({ vary: { rte: [1] } }),
        'sweeps/descends has no setting "rte"; it has steps, rate, name',
      )
      assert.match(
        yield* refusal({ vary: { rate: [1, 2, "fast"] } }),
        /^sweeps\/descends: rate=fast is refused: /,
      )
      assert.match(
        yield* refusal({ vary: { rate: [10, 900], steps: [9, 1] } }),
        /rate is too large for the steps$/,
      )
      const competition = { eta: 3 }
      const halving = {
        sampler: "halving",
        vary: { rate: [1, 2, 3] },
        metric: "loss",
        goal: "least",
      } as const
      assert.match(
        yield* refusal({ ...halving, competition: { ...competition, resource: "epochs" } }),
        /has no setting "epochs"/,
      )
      assert.match(
        yield* refusal({ ...halving, competition: { ...competition, resource: "name" } }),
        /its resource name is holds, but halving needs a number above 0$/,
      )
      assert.match(
        yield* refusal({ ...halving, competition: { ...competition, resource: "rate" } }),
        /rate is the resource of halving, so it cannot vary$/,
      )
      assert.match(
        yield* refusal({ vary: { rate: [1, 2] }, seeds: "1..501" }),
        /^this sweep has 1 002 trials, but the limit is 1 000: /,
      )
    }),
  )
})
