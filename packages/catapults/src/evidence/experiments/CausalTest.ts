/** Catapults forced, prevented, and replaced by a reset of the kernel's scale, at equal training loss. */
import { Expectation, experiment, Figure } from "@nonconvex/evidence"
import type * as Seed from "@nonconvex/numerics/Seed"
import { Effect, Schema } from "effect"
import { catapultDescent } from "../../descent/CatapultDescent.ts"
import { derived } from "../support/Paper.ts"
import { descentOf } from "../../descent/Descent.ts"
import { capped, raising } from "../../descent/RateControl.ts"
import * as TangentKernel from "../../network/TangentKernel.ts"
import { lost, productTask } from "../support/ProductTask.ts"
import * as Pace from "../support/Pace.ts"
import { Count, seedFields, tableBy } from "../support/Runs.ts"
import { allFit, mean } from "../support/Table.ts"

const Arm = Schema.Literals(["no raise", "forced", "suppressed", "norm reset"])
type Arm = typeof Arm.Type

const Config = Schema.Struct({
  inputs: Count,
  width: Count,
  samples: Count,
  raises: Count,
  arms: Schema.Array(Arm),
  ...seedFields,
})
type Config = typeof Config.Type

const Row = Schema.Struct({
  arm: Arm,
  seed: Schema.Int,
  outcome: Schema.String,
  steps: Schema.Int,
  spikes: Schema.Int,
  squaredNorm: Schema.Number,
  kernel: Schema.Number,
  testLoss: Schema.Number,
  alignment: Schema.Number,
})
type Row = typeof Row.Type

/**
 * The start with its kernel scaled by `ratio`: what a smaller norm alone is worth. Two layers scaled by tau scale the kernel by
 * tau^2. Rebalancing the layers would keep the predictions, but it cannot shrink the kernel of a balanced start: its two parts
 * become `tau^2 A` and `B / tau^2`.
 */
const rescaled = (start: Float64Array, ratio: number): Float64Array =>
  start.map((w) => w * Math.sqrt(ratio))

const one = Effect.fnUntraced(function* (config: Config, arm: Arm, k: number, root: Seed.Seed) {
  const { inputs, raises, samples: n, width } = config
  const task = productTask({ inputs, width, samples: n, rank: 2, testSamples: 2000 }, root.child(k))
  const kernel = new Float64Array(n * n)
  const topOf = (theta: Float64Array) => {
    task.network.predict(theta, new Float64Array(n))
    task.network.tangentKernel(kernel)
    return TangentKernel.topEigenvalue(kernel, n)
  }
  const forced = raising({ raises })
  const train = (start: Float64Array, control: typeof forced) => {
    const descent = descentOf(task.network, task.loss, start)
    const run = catapultDescent(descent, { control, budget: 20_000 })
    return Effect.map(Pace.finish(run), () => ({ descent, run }))
  }
  // the norm that the forced run ends with, without its catapults
  const startOf = Effect.fnUntraced(function* () {
    if (arm !== "norm reset") return task.start
    const { descent } = yield* train(task.start, forced)
    return rescaled(task.start, topOf(descent.parameters()) / topOf(task.start))
  })
  const controls = {
    "no raise": raising({ raises: 0 }),
    forced,
    suppressed: capped(forced),
    "norm reset": capped(raising({ raises: 0 })),
  }
  const { descent, run } = yield* train(yield* startOf(), controls[arm])
  const theta = descent.parameters()
  const isLost = run.outcome() === "diverged"
  return {
    arm,
    seed: k,
    outcome: run.outcome(),
    steps: run.steps(),
    spikes: run.spikes().length,
    squaredNorm: theta.reduce((sum, w) => sum + w * w, 0),
    kernel: isLost ? Number.NaN : topOf(theta) / n,
    ...(isLost ? lost : task.quality(theta)),
  }
})

const reference: Config = {
  inputs: 30,
  width: 512,
  samples: 512,
  raises: 2,
  arms: ["no raise", "suppressed", "norm reset", "forced"],
  firstSeed: 0,
  seeds: 5,
}

const of = (rows: ReadonlyArray<Row>, arm: Arm, field: (row: Row) => number) =>
  mean(rows, field, (row) => row.arm === arm)

export const causalTest = experiment<Config, Row>({
  id: "catapults/causal-test",
  title: "Catapults forced, suppressed and replaced, at equal training loss",
  source: derived("the causal test that reviewers of the paper asked for"),
  question:
    "Is it the catapult that learns the features, the large rate, or the smaller norm after it?",
  config: Config,
  row: Row,
  presets: {
    smoke: { ...reference, inputs: 20, width: 128, samples: 200, seeds: 1 },
    fast: { ...reference, inputs: 20, width: 256, samples: 256, seeds: 3 },
    paper: reference,
  },
  paperSeconds: 45,
  ...tableBy("arms", one),
  figures: (rows) => [
    Figure.points({
      id: "arms",
      title: "What learns the features",
      caption:
        "Suppressed: the schedule of the forced run, held below the critical rate. Norm reset: a start whose kernel is as small as the forced run's at its end, and no catapult.",
      rows,
      x: { field: "alignment", title: "alignment with the true AGOP" },
      y: { field: "testLoss", title: "test loss", scale: "log" },
      series: { field: "arm", title: "arm" },
    }),
  ],
  expectations: (rows) => [
    allFit(rows),
    Expectation.atMost(
      "Suppressed runs do not spike",
      Math.max(...rows.filter(({ arm }) => arm === "suppressed").map(({ spikes }) => spikes)),
      0,
    ),
    Expectation.increasing("Forced catapults have the smaller test loss", [
      ["forced", of(rows, "forced", ({ testLoss }) => testLoss)],
      ["suppressed", of(rows, "suppressed", ({ testLoss }) => testLoss)],
    ]),
    Expectation.increasing("Forced catapults have the larger alignment", [
      ["suppressed", of(rows, "suppressed", ({ alignment }) => alignment)],
      ["forced", of(rows, "forced", ({ alignment }) => alignment)],
    ]),
    Expectation.increasing(
      "A small start, without a catapult, is worth a part of it, and not all",
      [
        ["forced", of(rows, "forced", ({ testLoss }) => testLoss)],
        ["norm reset", of(rows, "norm reset", ({ testLoss }) => testLoss)],
        ["suppressed", of(rows, "suppressed", ({ testLoss }) => testLoss)],
      ],
    ),
    Expectation.within(
      "The same schedule without catapults is worth nothing: the test loss of no raise",
      of(rows, "suppressed", ({ testLoss }) => testLoss),
      of(rows, "no raise", ({ testLoss }) => testLoss),
      { relative: 0.1 },
    ),
  ],
})
