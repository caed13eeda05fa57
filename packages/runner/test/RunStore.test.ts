/** What is kept of a run is not computed again, and gives the same result. */
import { NodeServices } from "@effect/platform-node"
import { Datasets } from "@nonconvex/datasets"
import { Kernels } from "@nonconvex/numerics"
import { assert, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { describe } from "vitest"
import {
  Compute,
  idOf,
  type Outcome,
  type Part,
  runExperiment,
  RunStore,
  type Subject,
  targetsOf,
  verdictOn,
} from "../src/index.ts"
import * as Inline from "../src/Inline.ts"
import type { Job } from "../src/Job.ts"
import * as Threads from "../src/node/Threads.ts"
import { counts, fails, standard } from "./support/Counting.ts"
import { system } from "./support/System.ts"

const inline = Layer.provide(
  Inline.layer,
  Layer.merge(Kernels.layerReference, Layer.provide(Datasets.layer, NodeServices.layer)),
)

interface Kept {
  readonly parts: Map<number, Part>
  outcome?: Outcome
}

/** A store in memory. */
const memory = () => {
  const runs = new Map<string, Kept>()
  const layer = Layer.succeed(RunStore, {
    keyOf: () => Effect.succeed(undefined),
    open: (_, { config, id, seed }: Subject) =>
      Effect.sync(() => {
        const name = JSON.stringify([id, config, seed])
        const run: Kept = runs.get(name) ?? { parts: new Map() }
        runs.set(name, run)
        return {
          parts: new Map(run.parts),
          left: new Map(),
          leave: () => Effect.void,
          keep: (place, part) => Effect.sync(() => void run.parts.set(place, part)),
          end: (outcome) => Effect.sync(() => void (run.outcome = outcome)),
        }
      }),
  })
  return { runs, layer }
}

/** Inline computing that writes down what it was asked to do. */
const recording = (asked: Array<string>) =>
  Layer.effect(
    Compute,
    Effect.map(Compute, (compute) =>
      Compute.of({
        ...compute,
        perform: (of, job, onProgress) => {
          asked.push(job._tag === "RunCase" ? `${job.id} ${job.case}` : job.id)
          return compute.perform(of, job, onProgress)
        },
      }),
    ),
  ).pipe(Layer.provide(inline))

const counting = runExperiment(system, counts.configure({ ...standard }), { seed: 1 })

describe("a store of runs", () => {
  it.effect("gives back the cases of an experiment", () =>
    Effect.gen(function* () {
      const { layer, runs } = memory()
      const asked: Array<string> = []
      const computing = Layer.merge(recording(asked), layer)
      const first = yield* Effect.provide(counting, computing)
      assert.strictEqual(asked.length, 5)
      const again = yield* Effect.provide(counting, computing)
      assert.strictEqual(asked.length, 5)
      assert.deepStrictEqual(again, first)
      const [run] = runs.values()
      assert.deepStrictEqual(run?.outcome, {
        _tag: "Shown",
        expectations: first.expectations,
        data: [],
      })
    }),
  )

  it.effect("leaves only what is missing to compute", () =>
    Effect.gen(function* () {
      const { layer, runs } = memory()
      const asked: Array<string> = []
      const computing = Layer.merge(recording(asked), layer)
      const first = yield* Effect.provide(counting, computing)
      const [run] = runs.values()
      run!.parts.delete(1)
      run!.parts.delete(4)
      asked.length = 0
      assert.deepStrictEqual((yield* Effect.provide(counting, computing)).rows, first.rows)
      assert.deepStrictEqual(asked, [`${counts.id} 1`, `${counts.id} 4`])
    }),
  )

  it.effect("keeps what ended before a case failed, and why it did", () =>
    Effect.gen(function* () {
      const { layer, runs } = memory()
      const run = runExperiment(system, fails.configure({ ...standard }), { seed: 1 })
      yield* Effect.flip(Effect.provide(run, Layer.merge(inline, layer)))
      const [kept] = runs.values()
      assert.includeMembers([...kept!.parts.keys()], [0, 1])
      assert.deepInclude(kept!.outcome, { _tag: "Failed" })
    }),
  )

  it.effect("gives back the searches of a claim, and its verdict", () =>
    Effect.gen(function* () {
      const { layer, runs } = memory()
      const asked: Array<Job["id"]> = []
      const computing = Layer.merge(recording(asked), layer)
      const target = targetsOf(system).find((each) => each._tag === "Claim")!
      const verdict = verdictOn(target, { runs: 100, seed: 1 })
      const first = yield* Effect.provide(verdict, computing)
      const { length } = asked
      assert.isAbove(length, 1)
      assert.deepStrictEqual(yield* Effect.provide(verdict, computing), first)
      assert.strictEqual(asked.length, length)
      assert.deepStrictEqual([...runs.values()][0]?.outcome, { _tag: "Judged", verdict: first })
    }),
  )

  it.live("keeps nothing that a budget of time cut short", () =>
    Effect.gen(function* () {
      const { layer, runs } = memory()
      const target = targetsOf(system).find((each) => idOf(each) === "numbers/spins")!
      yield* Effect.provide(
        verdictOn(target, { runs: 10, seed: 1, budget: 1 }),
        Layer.merge(Threads.layer(2, { kernels: "strict" }), layer),
      )
      const [run] = runs.values()
      assert.strictEqual(run?.outcome, undefined)
      assert.isFalse(run?.parts.has(0))
    }),
  )
})
