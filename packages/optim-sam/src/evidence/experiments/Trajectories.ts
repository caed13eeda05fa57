/** The toy of the paper's figures: `(xy)^2 / 2` in the plane. */
import { Expectation, Experiment, Figure } from "@nonconvex/evidence"
import { Count, Positive } from "@nonconvex/evidence/Fields"
import { scalarFactorisation } from "@nonconvex/problems/ScalarFactorisation"
import { Schema } from "effect"
import * as Theory from "../../theory/Theory.ts"
import {
  Contender,
  contenders,
  gradientDescent,
  isOf,
  label,
  series,
} from "../support/Contender.ts"
import { recalled } from "../support/Paper.ts"
import { columns, follow } from "../support/Follow.ts"

const Config = Schema.Struct({
  x0: Positive,
  y0: Positive,
  methods: Schema.Array(Contender),
  steps: Count,
})
type Config = typeof Config.Type

const Row = Schema.Struct(columns({ x: Schema.Number, y: Schema.Number }))
type Row = typeof Row.Type

/** Records up to this step are kept one by one; later ones at equal distances. */
const early = 100

/** The figures leave out what is far away. */
const inPicture = "abs(datum.x) < 20 && abs(datum.y) < 20"

const reference: Config = {
  x0: 10,
  y0: 15,
  methods: [
    gradientDescent,
    ...contenders("USAM", [0.001, 0.05]),
    ...contenders("SAM", [0.1, 0.5]),
  ],
  steps: 1_000_000,
}

const learningRateOf = ({ x0, y0 }: Config): number => 1 / (x0 * x0 + y0 * y0)

export const trajectories = Experiment.table({
  id: "optim-sam/trajectories",
  title: "Scalar factorisation: three ways to go",
  source: recalled("Theorem 2 and its figure, with starts and numbers of ours"),
  question:
    "From (10, 15) with eta = 1 / (x0² + y0²): which method converges to an axis, which to the origin, which not at all?",
  paperScale:
    "The paper draws this toy in the plane (as recalled); its starts and rates are not known to us.",
  config: Config,
  columns: Row,
  presets: {
    smoke: { ...reference, steps: 1000 },
    fast: reference,
    paper: { ...reference, steps: 3_000_000 },
  },
  paperSeconds: 2,
  cases: ({ methods }) => methods,
  row: (contender, { config }) => {
    const objective = scalarFactorisation()
    const start = Float64Array.of(config.x0, config.y0)
    const path = (steps: number, records: number) =>
      follow(contender, objective, start, {
        learningRate: learningRateOf(config),
        steps,
        records,
        ceiling: 1e24,
        measure: (point) => ({ x: point[0]!, y: point[1]! }),
      })
    const soon = Math.min(early, config.steps)
    return [...path(soon, soon), ...path(config.steps, 200).filter(({ step }) => step > early)]
  },
  figures: () => [
    Figure.transformed(
      Figure.path<Row>({
        id: "plane",
        title: "The first hundred steps in the plane",
        caption:
          "All methods reach the axis x = 0 within a few steps, or leave the picture (USAM at a radius of 15 learning rates).",
        where: { diverged: false },
        order: "step",
        x: { field: "x", title: "x" },
        y: { field: "y", title: "y" },
        series: series,
      }),
      { filter: `${inPicture} && datum.step <= ${early}` },
    ),
    Figure.transformed(
      Figure.lines<Row>({
        id: "height",
        title: "Height on the axis",
        caption:
          "The minimum (0, y) has curvature y². SAM moves along the axis to the flattest one, the others stop.",
        where: { diverged: false },
        x: { field: "step", title: "step", scale: "log" },
        y: { field: "y", title: "y", scale: "log" },
        series: series,
      }),
      { filter: `${inPicture} && datum.step > 0 && datum.y > 1e-12` },
    ),
  ],
  expectations: (rows, config) => {
    const eta = learningRateOf(config)
    return config.methods.flatMap((contender) => {
      const name = label(contender)
      const own = rows.filter(isOf(contender))
      const last = own.at(-1)
      if (last === undefined) return []
      if (contender.method === "USAM" && contender.radius >= 15 * eta) {
        return [
          Expectation.that(`${name} diverges`, last.diverged, `${last.step} steps`, "divergence"),
        ]
      }
      if (contender.method !== "SAM") {
        return [
          Expectation.atMost(`${name} ends on an axis: |xy|`, Math.abs(last.x * last.y), 1e-6),
        ]
      }
      const settled = own.find((row) => row.step > early && row.y > 0)
      const later = own.find((row) => settled !== undefined && row.y < settled.y / 2)
      if (settled === undefined || later === undefined) return []
      return [
        Expectation.within(
          `steps of ${name} from y = ${settled.y.toPrecision(4)} to ${later.y.toPrecision(4)}`,
          later.step - settled.step,
          Theory.axisDriftSteps(eta, contender.radius, settled.y, later.y),
          { relative: 0.02 },
        ),
      ]
    })
  },
})
