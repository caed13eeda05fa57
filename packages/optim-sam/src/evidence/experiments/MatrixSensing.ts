/** Experiment E1: both roles of the normalisation in one table. */
import { Expectation, experiment, Figure } from "@nonconvex/evidence"
import { gaussian, mulberry32 } from "@nonconvex/numerics/Mulberry32"
import { gradientMethod } from "@nonconvex/problems/GradientMethod"
import { sgd } from "@nonconvex/problems/Sgd"
import { Schema, Stream } from "effect"
import { Contender, contenders, gradientDescent, label, methodOf } from "../support/Contender.ts"
import { follow } from "../support/Follow.ts"
import { matrixSensing } from "../support/MatrixSensing.ts"

const Config = Schema.Struct({
  learningRate: Schema.Finite.check(Schema.isGreaterThan(0)),
  steps: Schema.Int.check(Schema.isGreaterThan(0)),
  records: Schema.Int.check(Schema.isGreaterThan(0)),
  fromRandom: Schema.Array(Contender),
  fromMinimum: Schema.Array(Contender),
})
type Config = typeof Config.Type

const Row = Schema.Struct({
  start: Schema.Literals(["random", "minimum"]),
  method: Schema.String,
  kind: Contender.fields.method,
  radius: Contender.fields.radius,
  step: Schema.Int,
  train: Schema.Number,
  test: Schema.Number,
  trace: Schema.Number,
  diverged: Schema.Boolean,
})
type Row = typeof Row.Type

/** The settings of the reference table; its numbers are expected where a run uses them. */
const reference: Config = {
  learningRate: 0.02,
  steps: 20_000,
  records: 50,
  fromRandom: [
    gradientDescent,
    ...contenders("SAM", [0.02, 0.05, 0.1, 0.2]),
    ...contenders("USAM", [0.02, 0.05, 0.1, 0.2]),
  ],
  fromMinimum: [
    gradientDescent,
    ...contenders("SAM", [0.02, 0.05, 0.1, 0.2]),
    ...contenders("USAM", [0.02, 0.1, 0.5]),
  ],
}

/**
 * Test error and trace at the end of the reference run, with a relative tolerance for the error.
 *
 * From radius 0.1 on the last iterate bounces, and its phase hangs on the last bit of the sums: over the last 2,000 steps the
 * error of SAM 0.1 runs from 0.0060 to 0.0072, that of SAM 0.2 from 0.0076 to 0.0172.
 */
const expected: ReadonlyArray<
  readonly [start: Row["start"], method: string, test: number, trace: number, tolerance: number]
> = [
  ["random", "GD", 0.1448, 46.1, 0.05],
  ["random", "SAM 0.02", 0.0779, 41.8, 0.05],
  ["random", "SAM 0.05", 0.0069, 34.3, 0.05],
  ["random", "SAM 0.1", 0.0067, 32.8, 0.2],
  ["random", "SAM 0.2", 0.0111, 32.9, 0.6],
  ["random", "USAM 0.02", 0.1417, 46, 0.05],
  ["minimum", "GD", 0.0651, 41.3, 0.05],
  ["minimum", "SAM 0.02", 0.0316, 38.1, 0.05],
  ["minimum", "SAM 0.05", 0.0035, 33.2, 0.05],
  ["minimum", "SAM 0.1", 0.006, 33.1, 0.25],
  ["minimum", "SAM 0.2", 0.0105, 32.7, 0.6],
  ["minimum", "USAM 0.02", 0.065, 41.3, 0.05],
  ["minimum", "USAM 0.1", 0.065, 41.3, 0.05],
  ["minimum", "USAM 0.5", 0.065, 41.3, 0.05],
]

const run = (config: Config): Stream.Stream<Row> => {
  const { objective, start, testError, trace } = matrixSensing()
  const gradient = new Float64Array(objective.dimension)
  const every = Math.max(1, Math.round(config.steps / config.records))
  const measure = (point: Float64Array) => ({
    train: objective.valueAndGradient(point, gradient),
    test: testError(point),
    trace: trace(point),
  })
  const from = (
    name: Row["start"],
    point: Float64Array,
    methods: ReadonlyArray<Contender>,
  ): Stream.Stream<Row> =>
    Stream.fromIterable(methods).pipe(
      Stream.flatMap((contender) =>
        follow(methodOf(contender, config.learningRate), objective, point, {
          steps: config.steps,
          every,
          measure,
        }).pipe(
          Stream.map(({ diverged, measured, step }) => ({
            start: name,
            method: label(contender),
            kind: contender.method,
            radius: contender.radius,
            step,
            ...measured,
            diverged,
          })),
        ),
      ),
    )
  const minimum = Stream.suspend(() => {
    const method = gradientMethod(sgd({ learningRate: config.learningRate }))
    const state = method.init(objective, start)
    for (let t = 0; t < config.steps; t++) method.step(state)
    const noise = gaussian(mulberry32(13))
    return from(
      "minimum",
      state.point.map((u) => u + 1e-4 * noise()),
      config.fromMinimum,
    )
  })
  return Stream.concat(from("random", start, config.fromRandom), minimum)
}

const lastOf = (rows: ReadonlyArray<Row>, start: Row["start"], method: string): Row | undefined =>
  rows.findLast((row) => row.start === start && row.method === method)

const isReference = (config: Config): boolean =>
  config.steps === reference.steps && config.learningRate === reference.learningRate

export const matrixSensingExperiment = experiment<Config, Row>({
  id: "optim-sam/matrix-sensing",
  title: "Matrix sensing: USAM blows up or is stuck where SAM improves",
  source: {
    paper: "Dai, Ahn, Sra 2023",
    statement: "Figures 1 and 2, in a setting of ours",
    basis: "derived here",
  },
  question:
    "From a random start, and from a minimum that gradient descent found: which methods go on improving the recovered matrix?",
  config: Config,
  row: Row,
  presets: {
    smoke: { ...reference, steps: 400, records: 10 },
    fast: reference,
    paper: { ...reference, records: 200 },
  },
  paperSeconds: 4,
  run,
  figures: (rows) => [
    Figure.lines({
      id: "test-error",
      title: "Error of the recovered matrix",
      caption:
        "Left from a random start, where USAM diverges at radii that SAM bears; right from the end point of gradient descent, where USAM stays and SAM goes on.",
      rows: rows.filter((row) => !row.diverged),
      x: { field: "step", title: "step" },
      y: { field: "test", title: "test error", scale: "log" },
      series: { field: "radius", title: "radius" },
      dash: { field: "kind", title: "method" },
      panel: { field: "start", title: "start" },
    }),
  ],
  expectations: (rows, config) => {
    const unstable = rows.filter((row) => row.start === "random" && row.diverged)
    const divergence = config.fromRandom
      .filter(({ method, radius }) => method === "USAM" && radius >= 0.05)
      .map((contender) =>
        Expectation.that(
          `${label(contender)} diverges from the random start`,
          unstable.some((row) => row.method === label(contender)),
          `${lastOf(rows, "random", label(contender))?.step ?? 0} steps`,
          "divergence within a few steps",
        ),
      )
    if (!isReference(config)) return divergence
    return [
      ...divergence,
      ...expected.flatMap(([start, method, test, trace, tolerance]) => {
        const row = lastOf(rows, start, method)
        return row === undefined
          ? []
          : [
              Expectation.within(
                `test error of ${method} from the ${start} start`,
                row.test,
                test,
                {
                  relative: tolerance,
                },
              ),
              Expectation.within(`trace of ${method} from the ${start} start`, row.trace, trace, {
                relative: 0.05,
              }),
            ]
      }),
    ]
  },
})
