/** One Layer swapped, and every system's runs change: kernels, data, computing power. */
import { NodeServices } from "@effect/platform-node"
import { Datasets } from "@nonconvex/datasets"
import type * as Dataset from "@nonconvex/datasets/Dataset"
import type { Row, System } from "@nonconvex/evidence"
import { Kernels } from "@nonconvex/numerics"
import { Compute, idOf, runExperiment, targetsOf, verdictOn, verify } from "@nonconvex/runner"
import * as Inline from "@nonconvex/runner/Inline"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Stream } from "effect"
import { Systems } from "../src/evidence/Systems.ts"

const ids = [
  "optim-sam",
  "flat-minima",
  "label-noise",
  "matrix-factorization",
  "dp-lowrank",
  "reproducible-minimax",
  "catapults",
]

const shipped = Layer.provide(Datasets.layer, NodeServices.layer)

interface Capabilities {
  readonly kernels?: Layer.Layer<Kernels.Current>
  readonly data?: Layer.Layer<Datasets>
  readonly compute?: Layer.Layer<Compute>
}

/** Uses one of the systems of the app over capabilities. */
const using = <A, E>(
  id: string,
  { compute, data = shipped, kernels = Kernels.layerStrict }: Capabilities,
  use: (system: System) => Effect.Effect<A, E, Compute>,
) =>
  Effect.gen(function* () {
    const { one } = yield* Systems
    return yield* use((yield* one(id))!)
  }).pipe(
    Effect.provide([
      Layer.provideMerge(compute ?? Inline.layer, Layer.merge(kernels, data)),
      Systems.layer,
    ]),
  )

/** The rows of the first case of the smallest preset. */
const firstRows = (system: System, id: string) =>
  Effect.gen(function* () {
    const { perform } = yield* Compute
    const experiment = system.experiments.find((each) => each.id === `${system.id}/${id}`)!
    const config = experiment.preset("smoke")
    const job = { _tag: "RunCase", id: experiment.id, config, case: 0, seed: 1 } as const
    const result = yield* perform(system, job)
    return result._tag === "Rows" ? result.rows : assert.fail(result._tag)
  })

/** Reference kernels that count their calls. */
const counting = () => {
  const reference = Kernels.reference()
  let calls = 0
  const counted = Object.fromEntries(
    Object.entries(reference).map(([name, value]: [string, unknown]) => [
      name,
      typeof value !== "function" || name === "withCapacity"
        ? value
        : (...parameters: ReadonlyArray<unknown>) => {
            calls++
            return (value as (...parameters: ReadonlyArray<unknown>) => unknown)(...parameters)
          },
    ]),
  ) as unknown as Kernels.Kernels
  return { layer: Layer.succeed(Kernels.Current, counted), calls: () => calls }
}

// the networks of label-noise are so small here that loops are faster than kernels; larger ones are in the test of its service
const computing = [
  ["optim-sam", "fashion-mnist", "convex-ascent-rise"],
  ["flat-minima", "fashion-mnist", "lanczos-shortfall"],
  ["matrix-factorization", "label-noise", "gradient"],
  ["dp-lowrank", "gap-tails", "embedding"],
  ["reproducible-minimax", "figure-1", "only-equilibrium"],
  ["catapults", "quadratic-models", "norm-law"],
] as const

describe("other kernels", () => {
  it.live.each(computing)("reach the rows of %s/%s and the claim %s", ([id, experiment, claim]) =>
    Effect.gen(function* () {
      const rows = counting()
      yield* using(id, { kernels: rows.layer }, (system) => firstRows(system, experiment))
      assert.isAbove(rows.calls(), 0)
      const claims = counting()
      yield* using(id, { kernels: claims.layer }, (system) => {
        const target = targetsOf(system).find((each) => idOf(each) === `${id}/${claim}`)!
        return verdictOn(target, { runs: 1, seed: 1 })
      })
      assert.isAbove(claims.calls(), 0)
    }),
  )
})

/** The shipped data with other features in the training part: no scale, and no mean, undoes it. */
const bent = Layer.effect(
  Datasets,
  Effect.map(Datasets, (datasets) => {
    const bend = <T extends { readonly train: Dataset.Dataset }>(whole: T): T => ({
      ...whole,
      train: {
        ...whole.train,
        features: whole.train.features.map((value, i) => value * (1 + (i % 7) / 10)),
      },
    })
    return Datasets.of({
      ...datasets,
      load: (...request) => Effect.map(datasets.load(...request), bend),
      find: (name) => Effect.map(datasets.find(name), bend),
    })
  }),
).pipe(Layer.provide(shipped))

describe("other data", () => {
  it.live.each([
    ["optim-sam", "fashion-mnist"],
    ["flat-minima", "fashion-mnist"],
    ["label-noise", "real-data"],
    ["matrix-factorization", "real-table"],
    ["dp-lowrank", "subspace-utility"],
    ["catapults", "fashion-mnist"],
  ] as const)("change the rows of %s/%s", ([id, experiment]) =>
    Effect.gen(function* () {
      const rowsOf = (data: Layer.Layer<Datasets>) =>
        using(id, { data }, (system) => firstRows(system, experiment))
      const [ours, others] = [yield* rowsOf(shipped), yield* rowsOf(bent)]
      assert.isAbove(ours.length, 0)
      assert.notDeepEqual(others, ours)
    }),
  )
})

const strange: Row = { strange: true }

/** Computing power that makes something of its own of every job. */
const other = Layer.succeed(
  Compute,
  Compute.of({
    name: "somebody else",
    size: 1,
    perform: (_, { _tag }) =>
      Effect.succeed(
        _tag === "RunCase"
          ? { _tag: "Rows", rows: [strange], seconds: 0 }
          : {
              _tag: "Searched",
              attempt: { margins: new Float64Array(0), interrupted: true },
              seconds: 0,
            },
      ),
  }),
)

describe("other computing power", () => {
  it.live.each(ids)("does the runs of %s", (id) =>
    Effect.gen(function* () {
      const [verdicts, rows] = yield* using(id, { compute: other }, (system) =>
        Effect.gen(function* () {
          const [experiment] = system.experiments
          const { count, encoded } = experiment!.configure(experiment!.preset("smoke"))
          const evaluate = () => ({ figures: [], expectations: [] })
          const configured = { ...experiment!.configure(encoded), evaluate }
          const { rows: made } = yield* runExperiment(system, configured, { seed: 1 })
          const found = yield* Stream.runCollect(verify(targetsOf(system), { runs: 1, seed: 1 }))
          assert.strictEqual(made.length, count)
          return [found, made] as const
        }),
      )
      assert.deepStrictEqual(new Set(rows), new Set([strange]))
      assert.deepStrictEqual(new Set(verdicts.map(({ _tag }) => _tag)), new Set(["Undecided"]))
    }),
  )
})
