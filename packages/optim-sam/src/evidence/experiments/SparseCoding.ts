/** SAM learns the threshold of a sparse detector at a step size at which gradient descent does not. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Figure from "@nonconvex/figures"
import { Count, Positive } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import {
  Contender,
  contenders,
  gradientDescent,
  isOf,
  label,
  series,
} from "../support/Contender.ts"
import { columns, follow, survival } from "../support/Follow.ts"
import { derived } from "../support/Paper.ts"
import { sparseCoding } from "../support/SparseCoding.ts"

const Config = Schema.Struct({
  learningRate: Positive,
  steps: Count,
  records: Count,
  methods: Schema.Array(Contender),
})

type Config = typeof Config.Type

const Row = Schema.Struct(columns({ threshold: Schema.Number, loss: Schema.Number }))

type Row = typeof Row.Type

const reference: Config = {
  learningRate: 5e-5,
  steps: 30_000,
  records: 60,
  methods: [gradientDescent, ...contenders("USAM", [0.05, 0.1]), ...contenders("SAM", [0.05, 0.1])],
}

/** Threshold and loss after the reference run, from the most negative threshold on. */
const expected: ReadonlyArray<readonly [contender: Contender, threshold: number, loss: number]> = [
  [{ method: "SAM", radius: 0.1 }, -0.505, 0.31],
  [{ method: "SAM", radius: 0.05 }, -0.367, 0.348],
  [{ method: "USAM", radius: 0.1 }, -0.354, 0.352],
  [{ method: "USAM", radius: 0.05 }, -0.28, 0.371],
  [gradientDescent, -0.272, 0.373],
]

export const sparseCodingExperiment = Experiment.table({
  id: "optim-sam/sparse-coding",
  title: "Sparse coding: SAM learns a threshold",
  source: derived("case study of sparse coding, in our own setting"),
  question:
    "In the same number of small full-batch steps, how negative is the threshold that each method learns?",
  paperScale:
    "The paper has sparse coding as its case study (as recalled); its sizes and rates are unknown to us.",
  deterministic: "nothing is random: the problem and the starts are fixed",
  config: Config,
  columns: Row,
  presets: {
    smoke: { ...reference, steps: 300, records: 10 },
    fast: { ...reference, steps: 10_000 },
    paper: reference,
  },
  paperSeconds: 14,
  cases: ({ methods }) => methods,
  row: (contender, { config }) => {
    const { objective, start } = sparseCoding()
    const gradient = new Float64Array(3)
    return follow(contender, objective, start, {
      ...config,
      measure: (point) => ({
        threshold: point[2]!,
        loss: objective.valueAndGradient(point, gradient),
      }),
    })
  },
  figures: () => [
    Figure.lines<Row>({
      id: "threshold",
      title: "Learnt threshold",
      caption: "The more negative the threshold, the better the detector ignores noise.",
      x: { field: "step", title: "step" },
      y: { field: "threshold", title: "threshold b" },
      series: series,
    }),
  ],
  expectations: (rows, config) => {
    const ends = expected.flatMap(([contender, threshold, loss]) => {
      const row = rows.findLast(isOf(contender))
      return row === undefined ? [] : [{ name: label(contender), row, threshold, loss }]
    })
    const asBefore = (statement: string, found: number, before: number) =>
      Expectation.within(statement, found, before, { absolute: 0.002 }, Expectation.regression)
    const ordered = Expectation.increasing(
      "SAM's threshold is the most negative",
      ends.map(({ name, row }) => [name, row.threshold] as const),
      {
        control: "at the common start",
        observed: ends.map(
          ({ name }) => [name, rows.find(({ method }) => method === name)!.threshold] as const,
        ),
      },
    )
    if (config.steps !== reference.steps || config.learningRate !== reference.learningRate) {
      return config.steps >= 10_000 ? [survival(rows), ordered] : [survival(rows)]
    }
    return [
      survival(rows),
      ordered,
      ...ends.flatMap(({ loss, name, row, threshold }) => [
        asBefore(`threshold of ${name}`, row.threshold, threshold),
        asBefore(`loss of ${name}`, row.loss, loss),
      ]),
    ]
  },
})
