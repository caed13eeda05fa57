/** The drift along the bottom of a valley. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Figure from "@nonconvex/figures"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { Count, Positive } from "@nonconvex/problems/Fields"
import { valley } from "@nonconvex/problems/Valley"
import { Schema } from "effect"
import * as Theory from "../../theory/Theory.ts"
import { type Contender, gradientDescent, series } from "../support/Contender.ts"
import { columns, follow, survival } from "../support/Follow.ts"

const Config = Schema.Struct({
  /** The curvature of the valley is `base + amplitude sin x`. */
  base: Positive,
  amplitude: Schema.Finite,
  learningRate: Positive,
  radius: Positive,
  steps: Count,
  records: Schema.Int.check(Schema.isGreaterThan(2)),
})

type Config = typeof Config.Type

const Row = Schema.Struct(columns({ x: Schema.Number, y: Schema.Number, curvature: Schema.Number }))

type Row = typeof Row.Type

type Predicted = Pick<Row, "step" | "x" | "curvature">

const reference: Config = {
  base: 2,
  amplitude: 1,
  learningRate: 0.1,
  radius: 0.1,
  steps: 60_000,
  records: 120,
}

const curvatureAt = ({ amplitude, base }: Config, x: number): number =>
  base + amplitude * Elementary.sin(x)

/**
 * Positions of SAM at its records as predicted by the drift law, from the second record on; before that it falls into the
 * valley.
 */
const predicted = (rows: ReadonlyArray<Row>, config: Config): ReadonlyArray<Predicted> => {
  const [first, ...rest] = rows.filter(({ kind }) => kind === "SAM").slice(1)
  if (first === undefined) return []
  let { step, x } = first
  return [first, ...rest].map((row) => {
    for (; step < row.step; step++) {
      const slope = config.amplitude * Elementary.cos(x)
      x += Theory.valleyDrift(config.learningRate, config.radius, curvatureAt(config, x), slope)
    }
    return { step, x, curvature: curvatureAt(config, x) }
  })
}

export const valleyExperiment = Experiment.table({
  id: "optim-sam/valley",
  title: "A valley of varying curvature: SAM drifts to its flattest point",
  source: {
    paper: "Dai, Ahn, Sra 2023; Wen, Ma, Li 2023",
    statement: "drift along minima, with the finite-step factor derived here",
    basis: "derived here",
  },
  question: "At which point of the bottom of the valley a(x) y² / 2 does each method end?",
  deterministic: "nothing is random: the problem and the starts are fixed",
  config: Config,
  columns: Row,
  presets: {
    smoke: { ...reference, steps: 2000, records: 20 },
    fast: reference,
    paper: { ...reference, learningRate: 0.05, radius: 0.05, steps: 600_000, records: 300 },
  },
  paperSeconds: 2,
  cases: ({ radius }): ReadonlyArray<Contender> => [
    gradientDescent,
    { method: "USAM", radius },
    { method: "SAM", radius },
  ],
  row: (contender, { config, kernels }) =>
    follow(contender, valley(config), Float64Array.of(0.5, 0.3), {
      ...config,
      kernels,
      measure: ([x, y]) => ({ x: x!, y: y!, curvature: curvatureAt(config, x!) }),
    }),
  figures: (rows, config) => [
    Figure.lines<Row>({
      id: "curvature",
      title: "Curvature of the valley under the iterate",
      conclusion:
        'GD and USAM stay where they entered the valley; SAM follows the "drift law" to its flattest point.',
      x: { field: "step", title: "step" },
      y: { field: "curvature", title: "curvature a(x)" },
      series,
      references: [
        Figure.curve(
          "drift law",
          predicted(rows, config).map(({ curvature, step }) => [step, curvature] as const),
        ),
      ],
    }),
  ],
  expectations: (rows, config) => {
    const last = (method: Contender["method"]) =>
      rows.findLast(({ kind }) => kind === method)?.x ?? Number.NaN
    const drift = predicted(rows, config).at(-1)?.x ?? Number.NaN
    const drifting = { control: "SAM, which drifts", observed: last("SAM") }
    const frozen = { control: "USAM, which stays", observed: last("USAM") }
    return [
      survival(rows),
      Expectation.within(
        "final curvature of USAM, which starts at 0.5",
        last("USAM"),
        0.5,
        { absolute: 0.1 },
        drifting,
      ),
      Expectation.within(
        "final curvature of SAM, predicted by the drift law",
        last("SAM"),
        drift,
        { absolute: 1e-3 },
        frozen,
      ),
      ...(config.steps < reference.steps
        ? []
        : [
            Expectation.within(
              "final x of SAM, flattest at -π/2",
              last("SAM"),
              -Math.PI / 2,
              { absolute: 1e-6 },
              frozen,
            ),
          ]),
    ]
  },
})
