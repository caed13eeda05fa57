/** Experiment E2: SAM learns the threshold of a sparse detector at a step size where gradient descent does not. */
import { Expectation, experiment, Figure } from "@nonconvex/evidence"
import { Schema, Stream } from "effect"
import { Contender, gradientDescent, label, methodOf } from "../support/Contender.ts"
import { follow, survival } from "../support/Follow.ts"
import { sparseCoding } from "../support/SparseCoding.ts"

const Config = Schema.Struct({
  learningRate: Schema.Finite.check(Schema.isGreaterThan(0)),
  steps: Schema.Int.check(Schema.isGreaterThan(0)),
  records: Schema.Int.check(Schema.isGreaterThan(0)),
  methods: Schema.Array(Contender),
})
type Config = typeof Config.Type

const Row = Schema.Struct({
  method: Schema.String,
  step: Schema.Int,
  threshold: Schema.Number,
  loss: Schema.Number,
  diverged: Schema.Boolean,
})
type Row = typeof Row.Type

const reference: Config = {
  learningRate: 5e-5,
  steps: 30_000,
  records: 60,
  methods: [
    gradientDescent,
    { method: "USAM", radius: 0.05 },
    { method: "USAM", radius: 0.1 },
    { method: "SAM", radius: 0.05 },
    { method: "SAM", radius: 0.1 },
  ],
}

/** Threshold and loss after the reference run. */
const expected: ReadonlyArray<readonly [method: string, threshold: number, loss: number]> = [
  ["GD", -0.272, 0.373],
  ["USAM 0.05", -0.28, 0.371],
  ["USAM 0.1", -0.354, 0.352],
  ["SAM 0.05", -0.367, 0.348],
  ["SAM 0.1", -0.505, 0.31],
]

export const sparseCodingExperiment = experiment<Config, Row>({
  id: "optim-sam/sparse-coding",
  title: "Sparse coding: SAM learns a threshold",
  source: {
    paper: "Dai, Ahn, Sra 2023",
    statement: "case study of sparse coding, in a setting of ours",
    basis: "derived here",
  },
  question:
    "How negative a threshold does each method learn in the same number of small full-batch steps?",
  config: Config,
  row: Row,
  presets: {
    smoke: { ...reference, steps: 300, records: 10 },
    fast: { ...reference, steps: 10_000 },
    paper: reference,
  },
  paperSeconds: 14,
  run: (config) => {
    const { objective, start } = sparseCoding()
    const gradient = new Float64Array(3)
    return Stream.fromIterable(config.methods).pipe(
      Stream.flatMap((contender) =>
        follow(methodOf(contender, config.learningRate), objective, start, {
          steps: config.steps,
          every: Math.max(1, Math.round(config.steps / config.records)),
          measure: (point) => ({
            threshold: point[2]!,
            loss: objective.valueAndGradient(point, gradient),
          }),
        }).pipe(
          Stream.map(({ diverged, measured, step }) => ({
            method: label(contender),
            step,
            ...measured,
            diverged,
          })),
        ),
      ),
    )
  },
  figures: (rows) => [
    Figure.lines({
      id: "threshold",
      title: "Learnt threshold",
      caption: "The more negative, the better the detector ignores noise.",
      rows,
      x: { field: "step", title: "step" },
      y: { field: "threshold", title: "threshold b" },
      series: { field: "method", title: "method" },
    }),
  ],
  expectations: (rows, config) => {
    const last = new Map(rows.map((row) => [row.method, row]))
    const order = ["SAM 0.1", "SAM 0.05", "USAM 0.1", "USAM 0.05", "GD"].filter((name) =>
      last.has(name),
    )
    const ordered = Expectation.increasing(
      "SAM's threshold is the most negative",
      order.map((name) => [name, last.get(name)!.threshold] as const),
    )
    if (config.steps !== reference.steps || config.learningRate !== reference.learningRate) {
      return config.steps >= 10_000 ? [survival(rows), ordered] : [survival(rows)]
    }
    return [
      survival(rows),
      ordered,
      ...expected.flatMap(([method, threshold, loss]) => {
        const row = last.get(method)
        return row === undefined
          ? []
          : [
              Expectation.within(`threshold of ${method}`, row.threshold, threshold, {
                absolute: 0.002,
              }),
              Expectation.within(`loss of ${method}`, row.loss, loss, { absolute: 0.002 }),
            ]
      }),
    ]
  },
})
