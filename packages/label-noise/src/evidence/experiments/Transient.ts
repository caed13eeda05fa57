/** Label noise from a start that does not fit may diverge before it reaches the minima. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Figure from "@nonconvex/figures"
import { Count, Positive } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import { DivergedInTransient } from "../../descent/DivergedInTransient.ts"
import { runLabelNoise, stabilityLimit } from "../../descent/LabelNoiseSgd.ts"
import { warmStart } from "../../descent/WarmStart.ts"
import { residual } from "../../network/TwoLayer.ts"
import { recalled } from "../support/Paper.ts"
import { dataLike, teacherAndStudent } from "../support/TeacherProblem.ts"

const Case = Schema.Struct({
  name: Schema.String,
  /** Default: half of the stability limit at the start. */
  learningRate: Schema.optionalKey(Positive),
  /** True if gradient descent without noise comes first. */
  isWarm: Schema.Boolean,
})

const Config = Schema.Struct({
  cases: Schema.Array(Case),
  /** Standard deviation of the initial parameters; that of the teacher is 0.25. */
  deviation: Positive,
  starts: Count,
  steps: Count,
})

type Config = typeof Config.Type

const reference: Config = {
  cases: [
    { name: "as in the figure", learningRate: 0.05, isWarm: false },
    { name: "warm start", learningRate: 0.05, isWarm: true },
    { name: "warm start, half of its limit", isWarm: true },
    { name: "a tenth of the rate", learningRate: 0.005, isWarm: false },
  ],
  deviation: 0.5,
  starts: 20,
  steps: 100_000,
}

export const transient = Experiment.table({
  id: "label-noise/transient",
  title: "Label noise far from the minima",
  source: recalled("figure 1, setting as recalled; the start is ours"),
  question: "Which starts reach a fit at the learning rate of the figure without divergence?",
  paperScale:
    "The paper has 10 neurons, 3 dimensions and 3 data (as recalled); its activation, start, batch and steps are unknown to us.",
  config: Config,
  columns: Schema.Struct({
    case: Schema.String,
    start: Schema.Int,
    learningRate: Schema.Number,
    /** The stability limit at the start. */
    stabilityLimit: Schema.Number,
    /** Largest residual at the start and at the end; NaN after divergence. */
    startResidual: Schema.Number,
    endResidual: Schema.Number,
    steps: Schema.Int,
    diverged: Schema.Boolean,
  }),
  presets: {
    smoke: { ...reference, starts: 2, steps: 1000 },
    fast: reference,
    paper: { ...reference, starts: 200 },
  },
  paperSeconds: 24,
  cases: ({ cases, starts }) =>
    Array.from({ length: starts }, (_, start) => cases.map((each) => ({ ...each, start }))).flat(),
  row: ({ isWarm, learningRate: given, name, start: index }, { config, kernels, seed }) => {
    const { deviation, steps } = config
    const own = seed.child(index)
    const features = dataLike(own.child("features"), [0.051, 0.516, 2.43], kernels)
    const sizes = { dimension: 3, neurons: 10, deviation, kernels }
    const { network, student } = teacherAndStudent(own, features, sizes)
    const start = isWarm ? warmStart(network, student) : student
    const kind = { convention: "mean", sampling: "replacement" } as const
    const limit = stabilityLimit(network, start, kind)
    const learningRate = given ?? limit / 2
    const rates = { learningRate, stabilityLimit: limit }
    const common = { case: name, start: index, ...rates, startResidual: residual(network, start) }
    const options = { ...kind, batch: 1, learningRate, noise: 0.03, seed: own.child("run"), steps }
    try {
      const end = runLabelNoise(network, start, options)
      return { ...common, endResidual: residual(network, end), steps, diverged: false }
    } catch (failure) {
      if (!(failure instanceof DivergedInTransient)) throw failure
      return { ...common, endResidual: Number.NaN, steps: failure.step, diverged: true }
    }
  },
  figures: (rows) => [
    Figure.points({
      id: "limits",
      title: "Learning rates and stability limits",
      conclusion:
        'Only runs below the diagonal "rate at the limit" overflow, since their learning rate is above the stability limit at the start.',
      rows: rows.map((row) => ({ ...row, end: row.diverged ? "diverged" : "stayed" })),
      x: { field: "learningRate", title: "learning rate", scale: "log" },
      y: { field: "stabilityLimit", title: "stability limit at the start", scale: "log" },
      series: { field: "end", title: "the run" },
      references: [
        Figure.diagonal(
          "rate at the limit",
          rows.map(({ learningRate }) => learningRate),
        ),
      ],
    }),
  ],
  expectations: (rows, { starts }) => {
    const rowsOf = (...names: ReadonlyArray<string>) =>
      rows.filter((row) => names.includes(row.case))
    /** Number of diverged starts of a case; NaN if it has no starts. */
    const lost = (name: string) => {
      const own = rowsOf(name)
      return own.length === 0 ? Number.NaN : own.filter(({ diverged }) => diverged).length
    }
    const careful = lost("warm start, half of its limit")
    const asInFigure = { control: "as in the figure", observed: lost("as in the figure") }
    const overLimit = (diverged: boolean) =>
      rowsOf("as in the figure", "warm start", "a tenth of the rate")
        .filter((row) => row.diverged === diverged)
        .map((row) => row.learningRate / row.stabilityLimit)
    const certain = [
      Expectation.atMost(
        "share of starts that diverge at half of the limit",
        careful,
        0,
        asInFigure,
      ),
      Expectation.atLeast(
        "smallest learning rate / stability limit of a start that diverges",
        overLimit(true),
        1,
        { control: "starts that do not diverge", observed: overLimit(false) },
      ),
      Expectation.atMost(
        "share of the same starts that diverge at a tenth of the learning rate",
        lost("a tenth of the rate"),
        0,
        asInFigure,
      ),
    ]
    if (starts < reference.starts) return certain
    return [
      ...certain,
      Expectation.increasing(
        "share of starts that diverge",
        [
          ["half of the limit", careful],
          ["warm start", lost("warm start")],
          ["as in the figure", lost("as in the figure")],
        ],
        {
          control: "a tenth of the learning rate instead of the warm start",
          observed: [
            ["half of the limit", careful],
            ["a tenth of the rate", lost("a tenth of the rate")],
            ["as in the figure", lost("as in the figure")],
          ],
        },
      ),
      Expectation.atMost(
        "number of steps before starts as in the figure diverge",
        rowsOf("as in the figure").flatMap(({ diverged, steps }) => (diverged ? [steps] : [])),
        1000,
        {
          control: "steps of starts that do not diverge",
          observed: rowsOf("as in the figure").flatMap(({ diverged, steps }) =>
            diverged ? [] : [steps],
          ),
        },
      ),
      Expectation.atMost(
        "largest final residual at a tenth of the learning rate",
        rowsOf("a tenth of the rate").map((row) => row.endResidual),
        0.2,
        {
          control: "at the start",
          observed: rowsOf("a tenth of the rate").map((row) => row.startResidual),
        },
      ),
    ]
  },
})
