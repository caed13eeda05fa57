/** The 2 x 2 completion on which gradient descent and flatness disagree. */
import { Expectation, experiment, Figure } from "@nonconvex/evidence"
import * as Svd from "@nonconvex/numerics/Svd"
import { descend, type Diverged } from "@nonconvex/problems/Descent"
import { gradientMethod } from "@nonconvex/problems/GradientMethod"
import { sgd } from "@nonconvex/problems/Sgd"
import { Schema, Stream } from "effect"
import { derived } from "../support/Paper.ts"
import { deepFactorisation } from "../../factorisation/DeepFactorisation.ts"
import * as Factorisation from "../../factorisation/Factorisation.ts"
import { flattestInterpolant } from "../../flatness/FlattestInterpolant.ts"
import * as Initialisation from "../../factorisation/Initialisation.ts"
import { completion } from "../../measurements/SparseMeasurements.ts"
import { traceOfHessian } from "../../flatness/Sharpness.ts"

const Positive = Schema.Finite.check(Schema.isGreaterThan(0))

const Descent = Schema.Struct({
  name: Schema.String,
  depth: Schema.Int.check(Schema.isGreaterThan(1)),
  /** Diagonal of every layer to start from: the determinant of the product is positive, and stays so. */
  initial: Positive,
  learningRate: Positive,
  steps: Schema.Int.check(Schema.isGreaterThan(0)),
})
type Descent = typeof Descent.Type

const Config = Schema.Struct({
  descents: Schema.Array(Descent),
  records: Schema.Int.check(Schema.isGreaterThan(0)),
})
type Config = typeof Config.Type

const Row = Schema.Struct({
  descent: Schema.String,
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

const effectiveRank = (product: Float64Array): number => {
  const values = Svd.singularValues(product, 2, 2)
  const sum = values[0]! + values[1]!
  const entropy = values.reduce((so, value) => {
    const part = value / sum
    return part > 0 ? so - part * Math.log(part) : so
  }, 0)
  return Math.exp(entropy)
}

/** From a product of 1e-3 times the identity. */
const ofDepth = (depth: number, steps: number): Descent => ({
  name: `${depth} layers`,
  depth,
  initial: 1e-3 ** (1 / depth),
  learningRate: 0.05,
  steps,
})

/** As the public code of Razin and Cohen 2020 has it (as recalled): smaller layers and steps. */
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

const follow = (
  { depth, initial, learningRate, name, steps }: Descent,
  records: number,
): Stream.Stream<Row, Diverged> =>
  Stream.suspend(() => {
    const measurements = seen()
    const shape = Factorisation.uniformShape(2, 2, depth)
    const objective = deepFactorisation({ measurements, targets, widths: shape.widths })
    const gradient = new Float64Array(shape.dimension)
    const at = (point: Float64Array) => {
      const product = Factorisation.endToEnd(shape, point)
      return {
        descent: name,
        depth,
        loss: objective.valueAndGradient(point, gradient),
        hidden: product[0]!,
        effectiveRank: effectiveRank(product),
        trace: traceOfHessian(measurements, shape, point),
      }
    }
    const start = Initialisation.identity(shape, initial)
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
  source: derived("where the theory does not reach (Razin and Cohen 2020, as recalled)"),
  question:
    "What do gradient descent from a small start and flatness put into the hidden corner of [[x, 1], [1, 0]], and of what rank is that?",
  config: Config,
  row: Row,
  presets: {
    smoke: { ...all(30_000), records: 20 },
    fast: all(200_000),
    paper: { ...all(3_000_000), records: 300 },
  },
  paperSeconds: 16,
  parts: ({ descents, records }) => descents.map((descent) => ({ descents: [descent], records })),
  run: ({ descents, records }) =>
    Stream.fromIterable(descents).pipe(Stream.flatMap((descent) => follow(descent, records))),
  figures: (rows) => [
    Figure.lines({
      id: "hidden",
      title: "The hidden entry along gradient descent",
      caption: "It grows as the loss falls, without end; the flattest completion has 0.",
      rows: rows.filter(({ method, step }) => method === "gradient descent" && step > 0),
      x: { field: "loss", title: "loss", scale: "log" },
      y: { field: "hidden", title: "hidden entry" },
      series: { field: "descent", title: "descent" },
    }),
  ],
  expectations: (rows, { descents }) =>
    descents.flatMap(({ name }) => {
      const path = rows.filter((row) => row.descent === name && row.method === "gradient descent")
      const flat = rows.find((row) => row.descent === name && row.method === "flattest")
      const last = path.at(-1)
      const middle = path[Math.floor(path.length / 2)]
      return [
        Expectation.increasing(`the hidden entry grows in ${name}`, [
          ["0", 0],
          ["half of the steps", middle?.hidden ?? Number.NaN],
          ["all steps", last?.hidden ?? Number.NaN],
        ]),
        Expectation.atMost(
          `and the loss falls on (${name})`,
          last?.loss ?? Number.NaN,
          (middle?.loss ?? Number.NaN) * 0.999,
        ),
        Expectation.within(
          `and the effective rank is that of one direction (${name})`,
          last?.effectiveRank ?? Number.NaN,
          1,
          { absolute: 0.001 },
        ),
        Expectation.within(
          `the flattest completion hides (${name})`,
          flat?.hidden ?? Number.NaN,
          0,
          { absolute: 1e-4 },
        ),
        Expectation.within(
          `and has the full effective rank (${name})`,
          flat?.effectiveRank ?? Number.NaN,
          2,
          { absolute: 1e-6 },
        ),
      ]
    }),
})
