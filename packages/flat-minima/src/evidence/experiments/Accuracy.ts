/** Steps to a flat point against the accuracy asked for. */
import { Expectation, Experiment, Figure, LogLog, Summary } from "@nonconvex/evidence"
import { Count } from "@nonconvex/evidence/Fields"
import { Schema } from "effect"
import * as Theory from "../../theory/Theory.ts"
import { recalled } from "../support/Paper.ts"
import * as Runs from "../support/Runs.ts"

const Config = Schema.Struct({
  /** Below 1: (3, 1/3) is flat to 10. */
  accuracies: Schema.Array(
    Schema.Finite.check(Schema.isBetween({ minimum: 1e-4, maximum: 1 })),
  ).check(Schema.isMinLength(1)),
  seeds: Count,
})

const reference: typeof Config.Type = { accuracies: Runs.accuracies, seeds: 20 }

/** Median steps over as many seeds in the published run. */
const published: ReadonlyArray<readonly [number, number]> = [
  [0.2, 63],
  [0.1, 300],
  [0.05, 1315],
  [0.02, 9535],
  [0.01, 41639],
]

export const accuracy = Experiment.table({
  id: "flat-minima/accuracy",
  title: "Steps to an (eps, sqrt(eps))-flat point",
  source: recalled("theorem 1: O(eps^-3) steps, an upper bound; on (x y - 1)^2 / 2"),
  question: "How do the steps of the smoothed perturbation grow with the accuracy?",
  paperScale:
    "The paper has no such experiment: its own is a ResNet-18 on CIFAR-10 from a bad minimum.",
  config: Config,
  columns: Schema.Struct({
    accuracy: Schema.Number,
    inverse: Schema.Number,
    steps: Schema.Number,
    line: Schema.String,
  }),
  presets: {
    smoke: { accuracies: [0.2, 0.1, 0.05], seeds: 20 },
    fast: reference,
    paper: { accuracies: [...reference.accuracies, 0.005], seeds: 50 },
  },
  paperSeconds: 4,
  cases: ({ accuracies }) => accuracies,
  row: (eps, { config }) => {
    const counts = Array.from({ length: config.seeds }, (_, s) => Runs.stepsToFlat(eps, 100 + s))
    return { accuracy: eps, inverse: 1 / eps, steps: Runs.median(counts), line: "measured" }
  },
  figures: (rows) => [
    Figure.lines({
      id: "steps",
      title: "Median steps against 1 / eps",
      caption: "The slope is near 2; theorem 1 bounds it by 3.",
      rows: [
        ...rows,
        ...rows.map((row) => ({
          ...row,
          line: "theorem 1, order eps⁻³",
          steps: Theory.stepsBound(row.accuracy, rows[0]!.steps * rows[0]!.accuracy ** 3),
        })),
      ],
      x: { field: "inverse", title: "1 / eps", scale: "log" },
      y: { field: "steps", title: "steps", scale: "log" },
      series: { field: "line", title: "" },
    }),
  ],
  expectations: (rows, config) => {
    const slope = LogLog.slope(rows.map(({ inverse, steps }) => [inverse, steps]))
    const power =
      Summary.distinct(config.accuracies).length < 2
        ? []
        : [
            Expectation.atLeast("power of 1 / eps", slope, 1.8),
            Expectation.atMost("power of 1 / eps", slope, 3.05),
          ]
    // the median of fewer seeds is another number
    const medians = config.seeds < reference.seeds ? [] : published
    return [
      ...power,
      ...rows.flatMap((row) =>
        medians
          .filter(([eps]) => eps === row.accuracy)
          .map(([, expected]) =>
            Expectation.within(
              `steps at eps = ${row.accuracy}`,
              row.steps,
              expected,
              { relative: 0.35 },
              Expectation.regression,
            ),
          ),
      ),
    ]
  },
})
