/** The toy of the paper's figures: `(xy)^2 / 2` in the plane. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Figure from "@nonconvex/figures"
import { Count, Positive } from "@nonconvex/problems/Fields"
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
import { columns, follow, untilOutside } from "../support/Follow.ts"
import { recalled } from "../support/Paper.ts"

const Config = Schema.Struct({
  x0: Positive,
  y0: Positive,
  methods: Schema.Array(Contender),
  steps: Count,
})

type Config = typeof Config.Type

const Row = Schema.Struct(columns({ x: Schema.Number, y: Schema.Number }))

type Row = typeof Row.Type

/** Last step that is recorded individually; later records are at equal distances. */
const early = 100

/** Limits of the plane in the figure. */
const edges = { x: [-2, 12], y: [5, 16] } as const

const isWithin = ({ x, y }: Row): boolean =>
  x > edges.x[0] && x < edges.x[1] && y > edges.y[0] && y < edges.y[1]

/** Heights below are drawn as this one. */
const lowest = 1e-6

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
  title: "Scalar factorisation: trajectories of three methods",
  source: recalled("Theorem 2 and its figure, with our own starts and numbers"),
  question:
    "From (10, 15) with eta = 1 / (x0² + y0²), which method converges to an axis, to the origin, or not at all?",
  paperScale:
    "The paper draws this toy in the plane (as recalled); its starts and learning rates are unknown to us.",
  deterministic: "nothing is random: the problem and the starts are fixed",
  config: Config,
  columns: Row,
  presets: {
    smoke: { ...reference, steps: 1000 },
    fast: reference,
    paper: { ...reference, steps: 3_000_000 },
  },
  paperSeconds: 2,
  cases: ({ methods }) => methods,
  row: (contender, { config, kernels }) => {
    const objective = scalarFactorisation()
    const start = Float64Array.of(config.x0, config.y0)
    const path = (steps: number, records: number) =>
      follow(contender, objective, start, {
        learningRate: learningRateOf(config),
        steps,
        records,
        ceiling: 1e24,
        measure: (point) => ({ x: point[0]!, y: point[1]! }),
        kernels,
      })
    const soon = Math.min(early, config.steps)
    return [...path(soon, soon), ...path(config.steps, 200).filter(({ step }) => step > early)]
  },
  figures: (rows) => [
    Figure.path<Row>({
      id: "plane",
      title: "The first hundred steps in the plane",
      conclusion:
        "Every method reaches the axis within a few steps, except those that leave the plot.",
      caption: "The curvature along the axis x = 0 is y².",
      rows: untilOutside(
        rows.filter(({ step }) => step <= early),
        isWithin,
      ),
      order: "step",
      x: { field: "x", title: "x", floor: edges.x[0], ceiling: edges.x[1] },
      y: { field: "y", title: "y", floor: edges.y[0], ceiling: edges.y[1] },
      series,
    }),
    Figure.lines<Row>({
      id: "height",
      title: "Height on the axis",
      conclusion: "SAM moves along the axis to the flattest minimum; the others stop.",
      caption: "The minimum (0, y) has curvature y².",
      rows: untilOutside(
        rows.filter(({ diverged, step }) => !diverged && step > 0),
        ({ y }) => y > lowest && y < edges.y[1],
      ),
      x: { field: "step", title: "step", scale: "log" },
      y: { field: "y", title: "y", scale: "log", floor: lowest, ceiling: edges.y[1] },
      series,
    }),
  ],
  expectations: (rows, config) => {
    const eta = learningRateOf(config)
    const isSmall = ({ method, radius }: Contender) => method === "USAM" && radius < 15 * eta
    const small = config.methods.find(isSmall)
    const end = small && rows.findLast(isOf(small))
    const against = {
      control: small === undefined ? "a smaller radius" : label(small),
      observed: { holds: end?.diverged ?? true, observed: `${end?.step ?? 0} steps` },
    }
    const still = rows.findLast(isOf(gradientDescent))
    return config.methods.flatMap((contender) => {
      const name = label(contender)
      const own = rows.filter(isOf(contender))
      const last = own.at(-1)
      if (last === undefined) return []
      if (contender.method === "USAM" && contender.radius >= 15 * eta) {
        return [
          Expectation.that(
            `${name} diverges`,
            last.diverged,
            `${last.step} steps`,
            "divergence",
            against,
          ),
        ]
      }
      if (contender.method !== "SAM") {
        return [
          Expectation.atMost(`${name} ends on an axis: |xy|`, Math.abs(last.x * last.y), 1e-6, {
            control: "after one step",
            observed: own.slice(1, 2).map(({ x, y }) => Math.abs(x * y)),
          }),
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
          {
            control: "gradient descent, which stays above",
            observed: (still?.y ?? 0) > later.y ? Number.POSITIVE_INFINITY : Number.NaN,
          },
        ),
      ]
    })
  },
})
