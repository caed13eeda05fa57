/** Experiment E3, second half: the drift along the bottom of a valley. */
import { Expectation, experiment, Figure } from "@nonconvex/evidence"
import { valley } from "@nonconvex/problems/Valley"
import { Schema, Stream } from "effect"
import * as Theory from "../../theory/Theory.ts"
import { type Contender, gradientDescent, label, methodOf } from "../support/Contender.ts"
import { follow, survival } from "../support/Follow.ts"

const Config = Schema.Struct({
  /** The curvature of the valley is `base + amplitude sin x`. */
  base: Schema.Finite.check(Schema.isGreaterThan(0)),
  amplitude: Schema.Finite,
  learningRate: Schema.Finite.check(Schema.isGreaterThan(0)),
  radius: Schema.Finite.check(Schema.isGreaterThan(0)),
  steps: Schema.Int.check(Schema.isGreaterThan(0)),
  records: Schema.Int.check(Schema.isGreaterThan(2)),
})
type Config = typeof Config.Type

const Row = Schema.Struct({
  method: Schema.String,
  step: Schema.Int,
  x: Schema.Number,
  y: Schema.Number,
  curvature: Schema.Number,
  diverged: Schema.Boolean,
})
type Row = typeof Row.Type

const reference: Config = {
  base: 2,
  amplitude: 1,
  learningRate: 0.1,
  radius: 0.1,
  steps: 60_000,
  records: 120,
}

/** x at each record if it followed the drift law from the first record of SAM on. */
const predicted = (rows: ReadonlyArray<Row>, config: Config): ReadonlyArray<Row> => {
  const path: Array<Row> = []
  let x = rows[0]?.x ?? 0
  let step = rows[0]?.step ?? 0
  for (const row of rows) {
    for (; step < row.step; step++) {
      const a = config.base + config.amplitude * Math.sin(x)
      x += Theory.valleyDrift(config.learningRate, config.radius, a, config.amplitude * Math.cos(x))
    }
    path.push({
      method: "drift law",
      step,
      x,
      y: 0,
      curvature: config.base + config.amplitude * Math.sin(x),
      diverged: false,
    })
  }
  return path
}

export const valleyExperiment = experiment<Config, Row>({
  id: "optim-sam/valley",
  title: "A valley of varying curvature: SAM drifts to its flattest point",
  source: {
    paper: "Dai, Ahn, Sra 2023; Wen, Ma, Li 2023",
    statement: "drift along minima, with the finite-step factor derived here",
    basis: "derived here",
  },
  question: "Where along the bottom of the valley a(x) y² / 2 does each method end?",
  config: Config,
  row: Row,
  presets: {
    smoke: { ...reference, steps: 2000, records: 20 },
    fast: reference,
    paper: { ...reference, learningRate: 0.05, radius: 0.05, steps: 600_000, records: 300 },
  },
  paperSeconds: 2,
  run: (config) => {
    const objective = valley({ base: config.base, amplitude: config.amplitude })
    const methods: ReadonlyArray<Contender> = [
      gradientDescent,
      { method: "USAM", radius: config.radius },
      { method: "SAM", radius: config.radius },
    ]
    return Stream.fromIterable(methods).pipe(
      Stream.flatMap((contender) =>
        follow(methodOf(contender, config.learningRate), objective, Float64Array.of(0.5, 0.3), {
          steps: config.steps,
          every: Math.max(1, Math.round(config.steps / config.records)),
          measure: (point) => ({ x: point[0]!, y: point[1]! }),
        }).pipe(
          Stream.map(({ diverged, measured, step }) => ({
            method: label(contender),
            step,
            ...measured,
            diverged,
            curvature: config.base + config.amplitude * Math.sin(measured.x),
          })),
        ),
      ),
    )
  },
  figures: (rows, config) => [
    Figure.lines({
      id: "curvature",
      title: "Curvature of the valley under the iterate",
      caption: "GD and USAM freeze; SAM follows the drift law to the flattest point.",
      rows: [
        ...rows,
        ...predicted(rows.filter((row) => row.method.startsWith("SAM")).slice(1), config),
      ],
      x: { field: "step", title: "step" },
      y: { field: "curvature", title: "curvature a(x)" },
      series: { field: "method", title: "method" },
    }),
  ],
  expectations: (rows, config) => {
    const sam = rows.filter((row) => row.method.startsWith("SAM"))
    const [last, usam] = [sam.at(-1)!, rows.findLast((row) => row.method.startsWith("USAM"))!]
    return [
      survival(rows),
      Expectation.within("USAM stays near its start at 0.5", usam.x, 0.5, { absolute: 0.1 }),
      Expectation.within(
        "SAM goes as far as the drift law says",
        last.x,
        predicted(sam.slice(1), config).at(-1)!.x,
        { absolute: 1e-3 },
      ),
      ...(config.steps < reference.steps
        ? []
        : [
            Expectation.within("SAM ends at the flattest point -π/2", last.x, -Math.PI / 2, {
              absolute: 1e-6,
            }),
          ]),
    ]
  },
})
