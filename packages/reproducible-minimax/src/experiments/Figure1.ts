import { Expectation, experiment, Figure } from "@nonconvex/evidence"
import { RandomStream, type Seed, Vector } from "@nonconvex/numerics"
import { Schema, type Stream } from "effect"
import { accelerated, acceleratedStronglyConvex, inexactAccelerated } from "../Accelerated.ts"
import * as ErrorStrategy from "../ErrorStrategy.ts"
import { inexact } from "../Oracle.ts"
import { minimisation, regularised } from "../Problem.ts"
import { gradientDescent } from "../ProjectedGradient.ts"
import type { Scheme } from "../Scheme.ts"
import { assemble, randomMatrix } from "./RandomMatrix.ts"
import { decades, stepwise } from "./Stepwise.ts"

const Positive = Schema.Finite.check(Schema.isGreaterThan(0))

const Config = Schema.Struct({
  dimension: Schema.Int.check(Schema.isGreaterThan(1)),
  steps: Schema.Int.check(Schema.isGreaterThan(9)),
  /** Error of each coordinate of the gradient. */
  delta: Positive,
  /** Strength of the regularisation. */
  strength: Positive,
})
type Config = typeof Config.Type

const Row = Schema.Struct({
  method: Schema.String,
  step: Schema.Int,
  gap: Schema.Number,
  /** Distance from the run with exact gradients. */
  deviation: Schema.Number,
  /** Its component along the direction that the matrix does not see. */
  alongNull: Schema.Number,
})
type Row = typeof Row.Type

/** The smoothness is at most 100; the step of the figure is its inverse. */
const smoothness = 100

interface Method {
  readonly name: string
  readonly scheme: Scheme
  readonly strength: number
}

const methodsOf = ({ strength }: Config): ReadonlyArray<Method> => {
  const constants = { smoothness: smoothness + strength, strongConvexity: strength }
  const descent = gradientDescent({ step: 1 / smoothness })
  return [
    { name: "GD", scheme: descent, strength: 0 },
    { name: "AGD", scheme: accelerated({ smoothness }), strength: 0 },
    { name: "Reg-GD", scheme: descent, strength },
    { name: "Reg-AGD", scheme: acceleratedStronglyConvex(constants), strength },
    { name: "Reg-Inexact-AGD", scheme: inexactAccelerated(constants), strength },
  ]
}

const problemOf = ({ delta, dimension }: Config, seed: Seed.Seed) => {
  const { basis, nullDirection, values } = randomMatrix(dimension, seed)
  const target = new Float64Array(dimension)
  RandomStream.make(seed.child("targets")).fillNormal(target)
  Vector.scale(10, target)
  const hessian = assemble(
    basis,
    values.map((s) => s * s),
  )
  const inverse = assemble(
    basis,
    values.map((s) => (s === 0 ? 0 : 1 / s)),
  )
  const apply = (matrix: Float64Array, x: Float64Array, out: Float64Array) => {
    for (let i = 0; i < dimension; i++) {
      let sum = 0
      for (let j = 0; j < dimension; j++) sum += matrix[i * dimension + j]! * x[j]!
      out[i] = sum
    }
  }
  const minimiser = new Float64Array(dimension)
  apply(inverse, target, minimiser)
  const offset = new Float64Array(dimension)
  const scratch = new Float64Array(dimension)
  const gradient = (x: Float64Array, out: Float64Array): number => {
    for (let i = 0; i < dimension; i++) offset[i] = x[i]! - minimiser[i]!
    apply(hessian, offset, out)
    return 0.5 * Vector.dot(offset, out)
  }
  const exact = minimisation(
    { name: "Figure 1", dimension, constants: {}, valueAndGradient: gradient },
    { smoothness },
  )
  const ones = ErrorStrategy.constant(new Float64Array(dimension).fill(1))
  return {
    exact,
    off: inexact(exact, ones, delta * Math.sqrt(dimension)),
    gap: (x: Float64Array) => gradient(x, scratch),
    nullDirection,
    share: Math.abs(nullDirection.reduce((sum, u) => sum + u, 0)),
  }
}

const run = (config: Config, seed: Seed.Seed): Stream.Stream<Row> =>
  stepwise(function* () {
    const { exact, gap, nullDirection, off } = problemOf(config, seed)
    const records = new Set(decades(config.steps, 8))
    const start = new Float64Array(config.dimension)
    for (const { name, scheme, strength } of methodsOf(config)) {
      const [one, other] = [exact, off].map((problem) =>
        scheme.init(regularised(problem, strength, start), start),
      )
      for (let step = 1; step <= config.steps; step++) {
        scheme.step(one!)
        scheme.step(other!)
        if (!records.has(step)) {
          if (step % 16 === 0) yield undefined
          continue
        }
        const apart = one!.point.map((x, i) => x - other!.point[i]!)
        yield {
          method: name,
          step,
          gap: gap(other!.point),
          deviation: Vector.norm(apart),
          alongNull: Math.abs(Vector.dot(apart, nullDirection)),
        }
      }
    }
  })

export const figure1 = experiment<Config, Row>({
  id: "reproducible-minimax/figure-1",
  title: "Inexact gradients on a quadratic: acceleration amplifies, regularisation does not",
  source: {
    paper: "Zhang, Yang, Karbasi, He 2023",
    statement: "Figure 1; the start is 0, which the paper does not state",
    basis: "as printed",
  },
  question:
    "How far does each method deviate from its run with exact gradients, and how good is its point?",
  config: Config,
  row: Row,
  presets: {
    smoke: { dimension: 10, steps: 400, delta: 0.1, strength: 0.05 },
    fast: { dimension: 40, steps: 3000, delta: 0.1, strength: 0.05 },
    paper: { dimension: 100, steps: 10_000, delta: 0.1, strength: 0.05 },
  },
  rows: ({ steps }) => 5 * decades(steps, 8).length,
  run,
  figures: (rows) =>
    (
      [
        [
          "deviation",
          "Deviation from the run with exact gradients",
          "AGD grows like t², GD like t, regularised methods settle.",
        ],
        [
          "gap",
          "Objective above its minimum",
          "AGD is fastest; the regularised methods end at the bias of the regularisation.",
        ],
      ] as const
    ).map(([field, title, caption]) =>
      Figure.lines({
        id: field,
        title,
        caption,
        rows,
        x: { field: "step", title: "step", scale: "log" },
        y: { field, title: field, scale: "log" },
        series: { field: "method", title: "method" },
      }),
    ),
  expectations: (rows, config) => {
    const last = (method: string) =>
      rows.findLast((row) => row.method === method && row.step === config.steps)!
    const { delta, steps, strength } = config
    const drift = (row: Row) => row.alongNull / delta
    const share = drift(last("GD")) / (steps / smoothness)
    const settled = 1 - (1 - strength / smoothness) ** steps
    return [
      Expectation.within(
        "AGD drifts along the null direction by step t² / 8",
        drift(last("AGD")),
        (share * steps ** 2) / (8 * smoothness),
        { relative: 0.02 },
      ),
      Expectation.within(
        "Reg-GD drifts along the null direction towards 1 / r",
        drift(last("Reg-GD")),
        (share * settled) / strength,
        { relative: 1e-6 },
      ),
      Expectation.within(
        "Reg-AGD drifts along the null direction by 1 / r",
        drift(last("Reg-AGD")),
        share / strength,
        { relative: steps < 1000 ? 0.1 : 0.01 },
      ),
      Expectation.increasing("Deviations at the end", [
        ["Reg-AGD", last("Reg-AGD").deviation],
        ["AGD", last("AGD").deviation],
      ]),
      Expectation.increasing("Of the plain methods AGD deviates more", [
        ["GD", last("GD").deviation],
        ["AGD", last("AGD").deviation],
      ]),
      Expectation.atMost(
        "Regularised acceleration deviates as little as regularised descent in the end",
        last("Reg-AGD").deviation / ((delta * Math.sqrt(config.dimension)) / strength),
        1,
      ),
    ]
  },
})
