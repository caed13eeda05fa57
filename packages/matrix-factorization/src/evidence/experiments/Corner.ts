/** The 2 x 2 completion on which gradient descent and flatness disagree. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Figure from "@nonconvex/figures"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Svd from "@nonconvex/numerics/Svd"
import { AtLeastTwo, Count, Positive } from "@nonconvex/problems/Fields"
import { gradientMethod } from "@nonconvex/problems/GradientMethod"
import { sgd } from "@nonconvex/problems/Sgd"
import { trajectory } from "@nonconvex/problems/Trajectory"
import { Schema } from "effect"
import { completion, deepFactorisation, flattestInterpolant } from "../../index.ts"
import { derived } from "../support/Paper.ts"
import { traceOfHessian } from "../../flatness/Sharpness.ts"
import * as Factorisation from "../../factorisation/Factorisation.ts"
import * as Initialisation from "../../factorisation/Initialisation.ts"

const Descent = Schema.Struct({
  name: Schema.String,
  depth: AtLeastTwo,
  /** Diagonal of every layer to start from: the determinant of the product is positive, and stays so. */
  initial: Positive,
  learningRate: Positive,
  steps: Count,
})

type Descent = typeof Descent.Type

const Config = Schema.Struct({
  descents: Schema.Array(Descent),
  records: Count,
})

type Config = typeof Config.Type

const Row = Schema.Struct({
  descent: Schema.String,
  /** The known entry opposite to the hidden one: 0, or 1 as the control, which a matrix of rank one completes. */
  corner: Schema.Int,
  depth: Schema.Int,
  method: Schema.Literals(["gradient descent", "flattest"]),
  step: Schema.Int,
  loss: Schema.Number,
  hidden: Schema.Number,
  /** `exp` of the entropy of the singular values of the product over their sum: from 1 to 2. */
  effectiveRank: Schema.Number,
  trace: Schema.Number,
})

type Row = typeof Row.Type

const effectiveRank = (product: Float64Array, kernels: Kernels.Kernels): number => {
  const values = Svd.singularValues(product, 2, 2, kernels)
  const sum = values[0]! + values[1]!
  const entropy = values.reduce((total, value) => {
    const share = value / sum
    return share > 0 ? total - share * Elementary.log(share) : total
  }, 0)
  return Elementary.exp(entropy)
}

/** From a product of 1e-3 times the identity. */
const ofDepth = (depth: number, steps: number): Descent => ({
  name: `${depth} layers`,
  depth,
  initial: Elementary.pow(1e-3, 1 / depth),
  learningRate: 0.05,
  steps,
})

/** Settings of the public code of Razin and Cohen 2020 (as recalled): smaller layers and steps. */
const published = (steps: number): Descent => ({
  name: "3 layers, published setting",
  depth: 3,
  initial: 0.008,
  learningRate: 3e-3,
  steps,
})

const all = (steps: number): Config => ({
  descents: [...[2, 3, 4].map((depth) => ofDepth(depth, steps)), published(5 * steps)],
  records: 60,
})

export const cornerExperiment = Experiment.table({
  id: "matrix-factorization/corner",
  title: "A completion problem on which gradient descent and flatness disagree",
  source: derived("outside of the theory (Razin and Cohen 2020, as recalled)"),
  question:
    "Which value do gradient descent from a small start and flatness give the hidden corner of [[x, 1], [1, 0]], and which rank results?",
  deterministic: "nothing is random: the problem and the starts are fixed",
  config: Config,
  columns: Row,
  presets: {
    smoke: { ...all(30_000), records: 20 },
    fast: all(200_000),
    paper: { ...all(3_000_000), records: 300 },
  },
  paperSeconds: 4,
  cases: ({ descents }) => [
    ...descents.map((descent) => ({ ...descent, corner: 0 })),
    ...descents.slice(0, 1).map((descent) => ({ ...descent, corner: 1 })),
  ],
  row: ({ corner, depth, initial, learningRate, name, steps }, { config, kernels }) => {
    const targets = Float64Array.of(1, 1, corner)
    const entries = [
      [0, 1],
      [1, 0],
      [1, 1],
    ] as const
    const measurements = completion({ rows: 2, columns: 2, entries, kernels })
    const shape = Factorisation.uniformShape(2, 2, depth)
    const objective = deepFactorisation({ measurements, targets, widths: shape.widths })
    const gradient = new Float64Array(shape.dimension)
    const at = (method: Row["method"], step: number, point: Float64Array): Row => {
      const product = Factorisation.endToEnd(shape, point, kernels)
      return {
        descent: name,
        corner,
        depth,
        method,
        step,
        loss: objective.valueAndGradient(point, gradient),
        hidden: product[0]!,
        effectiveRank: effectiveRank(product, kernels),
        trace: traceOfHessian(measurements, shape, point),
      }
    }
    const start = Initialisation.identity(shape, initial)
    const every = Math.max(1, Math.round(steps / config.records))
    const descent = trajectory(gradientMethod(sgd({ learningRate })), objective, start, {
      steps,
      every,
      kernels,
    })
    const path = Array.from(descent, ({ state, step }) => at("gradient descent", step, state.point))
    const found = flattestInterpolant(measurements, targets, { depth })
    return [...path, at("flattest", steps, found.parameters)]
  },
  figures: () => [
    Figure.transformed(
      Figure.path<Row>({
        id: "hidden",
        title: "The hidden entry along gradient descent",
        conclusion:
          "The hidden entry grows as the loss falls, until the curvature is too large for the learning rate and descent jumps back. The flattest interpolating completions have 0 there.",
        where: { method: "gradient descent", corner: 0 },
        order: "step",
        x: { field: "loss", title: "loss", scale: "log" },
        y: { field: "hidden", title: "hidden entry" },
        series: { field: "descent", title: "descent" },
        references: [Figure.level("the flattest completions", 0)],
      }),
      { filter: { field: "step", gt: 0 } },
    ),
  ],
  expectations: (rows, { descents }) => {
    const endOf = (name: string, method: Row["method"]) =>
      rows.findLast((row) => row.descent === name && row.method === method && row.corner === 0)
    /** Hidden entry after all steps over that after half of them. */
    const growthOf = (name: string | undefined, corner: number) => {
      const path = rows.filter(
        (row) => row.descent === name && row.corner === corner && row.method === "gradient descent",
      )
      const [middle, last] = [path[path.length >> 1], path.at(-1)]
      return middle === undefined || last === undefined ? [] : [last.hidden / middle.hidden]
    }
    const bounded = {
      control: "an observed corner of 1, which has a completion of rank one",
      observed: growthOf(descents[0]?.name, 1),
    }
    return descents.flatMap(({ name }) => {
      const [descent, flat] = [endOf(name, "gradient descent"), endOf(name, "flattest")]
      const of = (row: Row | undefined, field: "hidden" | "effectiveRank") => row?.[field] ?? NaN
      const asFlat = (field: "hidden" | "effectiveRank") => ({
        control: "the flattest completion",
        observed: of(flat, field),
      })
      const asDescent = (field: "hidden" | "effectiveRank") => ({
        control: "gradient descent",
        observed: of(descent, field),
      })
      return [
        Expectation.atLeast(
          `hidden entry, end / half of the steps (${name})`,
          growthOf(name, 0),
          // the flatter it gets, the slower: after a million steps it is a thousandth in as many again
          1.0001,
          bounded,
        ),
        Expectation.within(
          `effective rank after gradient descent (${name})`,
          of(descent, "effectiveRank"),
          1,
          { absolute: 0.001 },
          asFlat("effectiveRank"),
        ),
        Expectation.within(
          `hidden entry of the flattest completion (${name})`,
          of(flat, "hidden"),
          0,
          { absolute: 1e-4 },
          asDescent("hidden"),
        ),
        Expectation.within(
          `effective rank of the flattest completion (${name})`,
          of(flat, "effectiveRank"),
          2,
          { absolute: 1e-6 },
          asDescent("effectiveRank"),
        ),
      ]
    })
  },
})
