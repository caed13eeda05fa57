/** The fixed schedule of the independent reproduction, with enough samples and with too few. */
import { Expectation, Experiment, Figure } from "@nonconvex/evidence"
import { Schema } from "effect"
import { catapultDescent } from "../../descent/CatapultDescent.ts"
import { recalled } from "../support/Paper.ts"
import { descentOf } from "../../descent/Descent.ts"
import { milestones, reproductionRates } from "../../descent/RateControl.ts"
import { lost, productTask } from "../support/ProductTask.ts"
import { Count } from "../support/Runs.ts"

const Config = Schema.Struct({
  inputs: Count,
  width: Count,
  /** Coordinates whose product is the target. */
  rank: Count,
  /** Enough, and too few. */
  samples: Schema.Array(Count),
  raises: Schema.Array(
    Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: reproductionRates.length - 1 })),
  ),
  steps: Count,
})
type Config = typeof Config.Type

const Columns = Schema.Struct({
  samples: Schema.Int,
  raises: Schema.Int,
  step: Schema.Int,
  loss: Schema.Number,
  learningRate: Schema.Number,
  alignment: Schema.Number,
  testLoss: Schema.Number,
  /** The last row of a run. */
  isEnd: Schema.Boolean,
  outcome: Schema.String,
})
type Row = typeof Columns.Type

/** Steps between two rows. */
const every = 20

const reference: Config = {
  inputs: 100,
  width: 1024,
  rank: 2,
  samples: [1024, 128],
  raises: [0, 1, 3, 6],
  steps: 600,
}

const ends = (rows: ReadonlyArray<Row>, samples: number) =>
  rows.filter((row) => row.isEnd && row.samples === samples)

export const rateSchedule = Experiment.table({
  id: "catapults/rate-schedule",
  title: "A schedule of raises, with enough samples and too few",
  source: recalled(
    "multiple catapults in gradient descent, with the rates of an independent reproduction",
  ),
  question:
    "Do more raises of one schedule learn more of the two directions, and is that so with few samples?",
  config: Config,
  columns: Columns,
  presets: {
    smoke: { ...reference, inputs: 30, width: 128, samples: [256], raises: [0, 2], steps: 400 },
    fast: {
      ...reference,
      inputs: 40,
      width: 384,
      samples: [448, 64],
      raises: [0, 1, 2],
      steps: 400,
    },
    paper: reference,
  },
  paperSeconds: 55,
  cases: ({ raises: counts, samples: sizes }) =>
    sizes.flatMap((samples) => counts.map((raises) => ({ samples, raises }))),
  row: ({ raises, samples }, { config, kernels, seed }) => {
    // the same data for every number of raises
    const task = productTask({ ...config, samples }, seed.child(samples), kernels)
    const descent = descentOf(task.network, task.loss, task.start)
    const run = catapultDescent(descent, {
      control: milestones(reproductionRates.slice(0, raises + 1)),
      tolerance: 1e-12,
      budget: config.steps,
    })
    const look = (isEnd: boolean): Row => ({
      samples,
      raises,
      step: run.state.steps,
      loss: run.state.loss,
      learningRate: run.state.learningRate,
      ...(run.state.outcome === "diverged" ? lost : task.quality(descent.parameters())),
      isEnd,
      outcome: run.state.outcome,
    })
    const rows: Array<Row> = []
    while (run.state.outcome === "running") {
      run.step()
      if (run.state.outcome === "running" && run.state.steps % every === 0) rows.push(look(false))
    }
    return [...rows, look(true)]
  },
  figures: () => [
    Figure.lines({
      id: "alignment",
      title: "Alignment during training",
      caption:
        "With enough samples each raise is followed by a step of the alignment; with too few it falls.",
      x: { field: "step", title: "step" },
      y: { field: "alignment", title: "alignment with the true AGOP" },
      series: { field: "raises", title: "raises" },
      panel: { field: "samples", title: "samples" },
    }),
    Figure.lines({
      id: "loss",
      title: "Training loss",
      caption: "A spike for each raise of the rate.",
      x: { field: "step", title: "step" },
      y: { field: "loss", title: "training loss", scale: "log" },
      series: { field: "raises", title: "raises" },
      panel: { field: "samples", title: "samples" },
    }),
  ],
  expectations: (rows, { samples }) => {
    const enough = ends(rows, samples[0]!)
    // the rates of the later raises are far past what few samples bear
    const few =
      samples[1] === undefined
        ? undefined
        : ends(rows, samples[1]).filter(({ outcome }) => outcome !== "diverged")
    const named = (list: ReadonlyArray<Row>, field: (row: Row) => number) =>
      list.map((row) => [`${row.raises} raises`, field(row)] as const)
    return [
      Expectation.increasing(
        "With enough samples the alignment rises with the number of raises",
        named(enough, ({ alignment }) => alignment),
      ),
      Expectation.atMost(
        "With enough samples every number of raises lowers the test loss by a tenth at least",
        enough.slice(1).map(({ testLoss }) => testLoss),
        0.9 * (enough[0]?.testLoss ?? Number.NaN),
      ),
      ...(few === undefined
        ? []
        : [
            Expectation.atLeast(
              "With too few samples some numbers of raises are not lost",
              few.length,
              2,
            ),
            Expectation.atMost(
              "With too few samples as many raises as a run survives gain no alignment",
              few.at(-1)?.alignment ?? Number.NaN,
              few[0]?.alignment ?? Number.NaN,
            ),
            Expectation.atLeast(
              "and do not lower the test loss by a tenth",
              few.at(-1)?.testLoss ?? Number.NaN,
              0.9 * (few[0]?.testLoss ?? Number.NaN),
            ),
          ]),
    ]
  },
})
