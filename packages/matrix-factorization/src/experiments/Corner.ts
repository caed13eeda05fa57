/** The 2 x 2 completion on which gradient descent and flatness disagree. */
import { Expectation, experiment, Figure } from "@nonconvex/evidence"
import { descend, type Diverged, gradientMethod, sgd } from "@nonconvex/problems"
import { Schema, Stream } from "effect"
import { derived } from "../claims/Paper.ts"
import { deepFactorisation } from "../DeepFactorisation.ts"
import * as Factorisation from "../Factorisation.ts"
import { flattestInterpolant } from "../FlattestInterpolant.ts"
import * as Initialisation from "../Initialisation.ts"
import { completion } from "../SparseMeasurements.ts"
import { traceOfHessian } from "../Sharpness.ts"

const Config = Schema.Struct({
  depths: Schema.Array(Schema.Int.check(Schema.isGreaterThan(1))),
  /** Diagonal of the product to start from: its determinant is positive, and stays so. */
  initial: Schema.Finite.check(Schema.isGreaterThan(0)),
  learningRate: Schema.Finite.check(Schema.isGreaterThan(0)),
  steps: Schema.Int.check(Schema.isGreaterThan(0)),
  records: Schema.Int.check(Schema.isGreaterThan(0)),
})
type Config = typeof Config.Type

const Row = Schema.Struct({
  depth: Schema.Int,
  method: Schema.Literals(["gradient descent", "flattest"]),
  step: Schema.Int,
  loss: Schema.Number,
  hidden: Schema.Number,
  trace: Schema.Number,
})
type Row = typeof Row.Type

const seen = () =>
  completion({
    rows: 2,
    columns: 2,
    entries: [
      [0, 1],
      [1, 0],
      [1, 1],
    ],
  })
const targets = Float64Array.of(1, 1, 0)

const reference: Config = {
  depths: [2, 3, 4],
  initial: 1e-3,
  learningRate: 0.05,
  steps: 200_000,
  records: 60,
}

const ofDepth = (config: Config, depth: number): Stream.Stream<Row, Diverged> =>
  Stream.suspend(() => {
    const { initial, learningRate, records, steps } = config
    const measurements = seen()
    const shape = Factorisation.uniformShape(2, 2, depth)
    const objective = deepFactorisation({ measurements, targets, widths: shape.widths })
    const gradient = new Float64Array(shape.dimension)
    const at = (point: Float64Array) => ({
      depth,
      loss: objective.valueAndGradient(point, gradient),
      hidden: Factorisation.endToEnd(shape, point)[0]!,
      trace: traceOfHessian(measurements, shape, point),
    })
    const start = Initialisation.identity(shape, initial ** (1 / depth))
    return descend(gradientMethod(sgd({ learningRate })), objective, start, {
      steps,
      every: Math.max(1, Math.round(steps / records)),
    }).pipe(
      Stream.map(({ state, step }): Row => ({
        method: "gradient descent",
        step,
        ...at(state.point),
      })),
      Stream.concat(
        Stream.sync((): Row => {
          const found = flattestInterpolant(measurements, targets, { depth })
          return { method: "flattest", step: steps, ...at(found.parameters) }
        }),
      ),
    )
  })

export const cornerExperiment = experiment<Config, Row, Diverged>({
  id: "matrix-factorization/corner",
  title: "A completion on which gradient descent and flatness disagree",
  source: derived("where the theory does not reach (M14; Razin and Cohen 2020, as recalled)"),
  question:
    "What do gradient descent from a small start and flatness put into the hidden corner of [[x, 1], [1, 0]]?",
  config: Config,
  row: Row,
  presets: {
    smoke: { ...reference, steps: 30_000, records: 20 },
    fast: reference,
    paper: { ...reference, steps: 3_000_000, records: 300 },
  },
  paperSeconds: 6,
  run: (config) =>
    Stream.fromIterable(config.depths).pipe(Stream.flatMap((depth) => ofDepth(config, depth))),
  figures: (rows) => [
    Figure.lines({
      id: "hidden",
      title: "The hidden entry along gradient descent",
      caption: "It grows as the loss falls, without end; the flattest completion has 0.",
      rows: rows.filter(({ method, step }) => method === "gradient descent" && step > 0),
      x: { field: "loss", title: "loss", scale: "log" },
      y: { field: "hidden", title: "hidden entry" },
      series: { field: "depth", title: "layers" },
    }),
  ],
  expectations: (rows, { depths }) =>
    depths.flatMap((depth) => {
      const path = rows.filter((row) => row.depth === depth && row.method === "gradient descent")
      const flat = rows.find((row) => row.depth === depth && row.method === "flattest")
      const last = path.at(-1)
      const middle = path[Math.floor(path.length / 2)]
      return [
        Expectation.increasing(`the hidden entry grows in ${depth} layers`, [
          ["0", 0],
          ["half of the steps", middle?.hidden ?? Number.NaN],
          ["all steps", last?.hidden ?? Number.NaN],
        ]),
        Expectation.atMost(
          `and the loss falls on (${depth} layers)`,
          last?.loss ?? Number.NaN,
          (middle?.loss ?? Number.NaN) * 0.999,
        ),
        Expectation.within(
          `the flattest completion in ${depth} layers hides`,
          flat?.hidden ?? Number.NaN,
          0,
          {
            absolute: 1e-4,
          },
        ),
      ]
    }),
})
