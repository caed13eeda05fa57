/** Catapults forced, prevented, and replaced by a reset of the kernel's scale, at equal training loss. */
import { Expectation, Experiment, Figure } from "@nonconvex/evidence"
import { Count } from "@nonconvex/evidence/Fields"
import { Schema } from "effect"
import { catapultDescent } from "../../descent/CatapultDescent.ts"
import { derived } from "../support/Paper.ts"
import { descentOf } from "../../descent/Descent.ts"
import { capped, raising, type RateControl } from "../../descent/RateControl.ts"
import * as TangentKernel from "../../network/TangentKernel.ts"
import { lost, productTask } from "../support/ProductTask.ts"
import { finish, runsOf, seedFields, taskFields } from "../support/Runs.ts"
import { allFit, mean } from "../support/Table.ts"

const Arm = Schema.Literals(["no raise", "forced", "suppressed", "norm reset"])
type Arm = typeof Arm.Type

const Config = Schema.Struct({
  ...taskFields,
  raises: Count,
  arms: Schema.Array(Arm),
  ...seedFields,
})
type Config = typeof Config.Type

const Columns = Schema.Struct({
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
type Row = typeof Columns.Type

/**
 * The start with its kernel scaled by `ratio`: what a smaller norm alone is worth. Two layers scaled by tau scale the kernel by
 * tau^2. Rebalancing the layers would keep the predictions, but it cannot shrink the kernel of a balanced start: its two parts
 * become `tau^2 A` and `B / tau^2`.
 */
const rescaled = (start: Float64Array, ratio: number): Float64Array =>
  start.map((w) => w * Math.sqrt(ratio))

const reference: Config = {
  inputs: 30,
  width: 512,
  samples: 512,
  raises: 2,
  arms: ["no raise", "suppressed", "norm reset", "forced"],
  firstSeed: 0,
  seeds: 5,
}

/** The means of a column by arms. */
const means = (
  rows: ReadonlyArray<Row>,
  column: "testLoss" | "alignment",
  ...arms: ReadonlyArray<Arm>
) =>
  arms.map(
    (arm) =>
      [
        arm,
        mean(
          rows,
          (row) => row[column],
          (row) => row.arm === arm,
        ),
      ] as const,
  )

export const causalTest = Experiment.table({
  id: "catapults/causal-test",
  title: "Catapults forced, suppressed and replaced, at equal training loss",
  source: derived("the causal test that reviewers of the paper asked for"),
  question:
    "Is it the catapult that learns the features, the large rate, or the smaller norm after it?",
  paperScale: "The paper has no such test (as recalled).",
  config: Config,
  columns: Columns,
  presets: {
    smoke: { ...reference, inputs: 20, width: 128, samples: 200, seeds: 1 },
    fast: { ...reference, inputs: 20, width: 256, samples: 256, seeds: 3 },
    paper: reference,
  },
  paperSeconds: 45,
  cases: (config) => runsOf(config.arms, config),
  row: ({ seed: k, value: arm }, { config, kernels, seed: root }) => {
    const { raises, samples: n } = config
    const task = productTask(config, root.child(k), kernels)
    const kernel = new Float64Array(n * n)
    const topOf = (theta: Float64Array) => {
      task.network.predict(theta, new Float64Array(n))
      task.network.tangentKernel(kernel)
      return TangentKernel.topEigenvalue(kernel, n, kernels)
    }
    const forced = raising({ raises })
    const train = (start: Float64Array, control: RateControl) => {
      const descent = descentOf(task.network, task.loss, start)
      return { descent, run: finish(catapultDescent(descent, { control, budget: 20_000 })) }
    }
    // the norm that the forced run ends with, without its catapults
    const resetStart = () => {
      const { descent } = train(task.start, forced)
      return rescaled(task.start, topOf(descent.parameters()) / topOf(task.start))
    }
    const controls: { readonly [Each in Arm]: RateControl } = {
      "no raise": raising({ raises: 0 }),
      forced,
      suppressed: capped(forced),
      "norm reset": capped(raising({ raises: 0 })),
    }
    const start = arm === "norm reset" ? resetStart() : task.start
    const { descent, run } = train(start, controls[arm])
    const theta = descent.parameters()
    const { outcome, steps } = run.state
    const isLost = outcome === "diverged"
    return {
      arm,
      seed: k,
      outcome,
      steps,
      spikes: run.spikes().length,
      squaredNorm: theta.reduce((sum, w) => sum + w * w, 0),
      kernel: isLost ? Number.NaN : topOf(theta) / n,
      ...(isLost ? lost : task.quality(theta)),
    }
  },
  figures: () => [
    Figure.points({
      id: "arms",
      title: "What learns the features",
      caption:
        "Suppressed: the schedule of the forced run, held below the critical rate. Norm reset: a start whose kernel is as small as the forced run's at its end, and no catapult.",
      x: { field: "alignment", title: "alignment with the true AGOP" },
      y: { field: "testLoss", title: "test loss", scale: "log" },
      series: { field: "arm", title: "arm" },
    }),
  ],
  expectations: (rows) => [
    allFit(rows),
    Expectation.atMost(
      "Suppressed runs do not spike",
      rows.filter(({ arm }) => arm === "suppressed").map(({ spikes }) => spikes),
      0,
    ),
    Expectation.increasing(
      "Forced catapults have the smaller test loss",
      means(rows, "testLoss", "forced", "suppressed"),
    ),
    Expectation.increasing(
      "Forced catapults have the larger alignment",
      means(rows, "alignment", "suppressed", "forced"),
    ),
    Expectation.increasing(
      "A small start, without a catapult, is worth a part of it, and not all",
      means(rows, "testLoss", "forced", "norm reset", "suppressed"),
    ),
    Expectation.within(
      "The same schedule without catapults is worth nothing: the test loss of no raise",
      means(rows, "testLoss", "suppressed")[0]![1],
      means(rows, "testLoss", "no raise")[0]![1],
      { relative: 0.1 },
    ),
  ],
})
