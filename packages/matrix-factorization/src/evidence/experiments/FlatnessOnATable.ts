/**
 * Dynamics of flatness on a real table with hidden entries: label noise at two depths, compared with the nuclear norm and soft-impute.
 */
import { Datasets } from "@nonconvex/datasets/Datasets"
import * as Transform from "@nonconvex/datasets/Transform"
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import * as Figure from "@nonconvex/figures"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import { AtLeastTwo, Count, Fraction, Positive } from "@nonconvex/problems/Fields"
import { trajectory } from "@nonconvex/problems/Trajectory"
import { Effect, Schema } from "effect"
import {
  completion,
  deepFactorisation,
  labelNoiseDescent,
  minimiseNuclearNorm,
} from "../../index.ts"
import { type DeepFactorisation } from "../../factorisation/DeepFactorisation.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { derived } from "../support/Paper.ts"
import { type Measurements } from "../../measurements/Measurements.ts"
import { traceOfHessian } from "../../flatness/Sharpness.ts"
import * as Factorisation from "../../factorisation/Factorisation.ts"
import * as Initialisation from "../../factorisation/Initialisation.ts"
import { largestPenalty, softImpute } from "../../recovery/SoftImpute.ts"

const methods = [
  "descent",
  "label noise",
  "descent for as long",
  "least nuclear norm",
  "soft-impute",
] as const

const Config = Schema.Struct({
  table: Schema.Literals(["breast-cancer", "digits"]),
  /** Rows that are drawn, and the first columns. */
  rows: AtLeastTwo,
  columns: AtLeastTwo,
  hidden: Fraction,
  depths: Schema.Array(AtLeastTwo),
  learningRate: Positive,
  noise: Positive,
  /** Entries of a step with noise. */
  batch: Count,
  noisySteps: Count,
  initialScale: Positive,
  tolerance: Fraction,
  /** Maximum number of steps to the tolerance. */
  fitSteps: Count,
})

type Config = typeof Config.Type

const Columns = Schema.Struct({
  method: Schema.Literals(methods),
  /** Depth of the factorisation; 0 for the convex methods. */
  depth: Schema.Int,
  /** Mean square of errors on the entries that are seen. */
  loss: Schema.Finite,
  /** Root mean square of errors on the hidden ones, in deviations of a column. */
  error: Schema.Finite,
  nuclear: Schema.Finite,
  /** NaN for the convex methods, which have no factors. */
  trace: Schema.Number,
})

type Row = typeof Columns.Type

const reference: Config = {
  table: "breast-cancer",
  rows: 20,
  columns: 20,
  hidden: 0.4,
  depths: [2, 3],
  learningRate: 0.1,
  noise: 1.5,
  batch: 24,
  noisySteps: 40_000,
  initialScale: 1,
  tolerance: 1e-4,
  fitSteps: 200_000,
}

interface Split {
  readonly seen: Measurements
  readonly targets: Float64Array
  /** Root mean square of errors on the hidden entries. */
  readonly error: (matrix: Float64Array) => number
}

/** Rows drawn from the table, with some entries hidden; every row and column keeps at least one. */
const split = (
  features: Float64Array,
  { columns, hidden, rows }: Config,
  seed: Seed.Seed,
  kernels: Kernels,
  width: number,
): Split => {
  const chosen = RandomStream.make(seed.child("rows")).permutation(features.length / width)
  const value = (row: number, column: number) => features[chosen[row]! * width + column]!
  const stream = RandomStream.make(seed.child("hidden"))
  const all = Array.from(
    { length: rows * columns },
    (_, at) => [Math.floor(at / columns), at % columns] as const,
  )
  const isHidden = all.map(
    ([row, column]) => stream.uniform() < hidden && row % columns !== column % rows,
  )
  const entries = all.filter((_, at) => !isHidden[at])
  const held = all.filter((_, at) => isHidden[at])
  return {
    seen: completion({ rows, columns, entries, kernels }),
    targets: Float64Array.from(entries, ([row, column]) => value(row, column)),
    error: (matrix) => {
      const squares = held.map(([row, column]) =>
        Elementary.square(matrix[row * columns + column]! - value(row, column)),
      )
      return Math.sqrt(Summary.mean(squares))
    },
  }
}

/** Descent on clean labels from a point until it fits, for at least 50 steps. */
const fit = (
  objective: DeepFactorisation,
  start: Float64Array,
  { fitSteps: steps, learningRate, tolerance }: Config,
  seed: Seed.Seed,
): Float64Array => {
  const method = labelNoiseDescent({ learningRate, noise: 0, seed })
  let point = start
  for (const { loss, state, step } of trajectory(method, objective, start, { steps, every: 50 })) {
    point = state.point
    // also after noise that left the loss below the tolerance, as the kept rows were computed
    if (step > 0 && loss < tolerance) break
  }
  return point.slice()
}

/**
 * Rows of one depth: the fit by descent, the end of label noise from there, and the end of equally many steps without noise.
 */
const factorised = (depth: number, data: Split, config: Config, seed: Seed.Seed) => {
  const { batch, columns, initialScale, learningRate, noise, noisySteps: steps, rows } = config
  const { error, seen, targets } = data
  const { widths } = Factorisation.uniformShape(rows, columns, depth)
  const objective = deepFactorisation({ measurements: seen, targets, widths })
  const { shape } = objective
  const gradient = new Float64Array(objective.dimension)
  const rowOf = (method: Row["method"], point: Float64Array): Row => {
    const product = Factorisation.endToEnd(shape, point, seen.given)
    return {
      method,
      depth,
      loss: objective.valueAndGradient(point, gradient),
      error: error(product),
      nuclear: Matrix.nuclearNorm(product, rows, columns, seen.given),
      trace: traceOfHessian(seen, shape, point),
    }
  }
  const start = Initialisation.gaussian(shape, { scale: initialScale, seed: seed.child("start") })
  const fitted = fit(objective, start, config, seed.child("fit"))
  const after = (deviation: number) => {
    const method = labelNoiseDescent({
      learningRate,
      noise: deviation,
      seed: seed.child("noise"),
      sampling: "replacement",
      batch,
    })
    let point = fitted
    for (const { state } of trajectory(method, objective, fitted, { steps })) point = state.point
    return fit(objective, point, config, seed.child("cooling"))
  }
  return [
    rowOf("descent", fitted),
    rowOf("label noise", after(noise)),
    rowOf("descent for as long", after(0)),
  ]
}

/** Soft-impute with the best penalty for the hidden entries, which no method could know in advance. */
const bestSoftImpute = ({ error, seen, targets }: Split): Float64Array => {
  const largest = largestPenalty(seen, targets)
  const paths = Array.from({ length: 12 }, (_, k) => {
    const { matrix } = softImpute(seen, targets, { penalty: largest / Elementary.pow(2, k + 1) })
    return { matrix, error: error(matrix) }
  })
  return paths.reduce((best, each) => (each.error < best.error ? each : best)).matrix
}

const convex = (method: Row["method"], matrix: Float64Array, data: Split, config: Config): Row => {
  const { rows, columns } = config
  const { error, seen, targets } = data
  const out = new Float64Array(targets.length)
  seen.apply(matrix, out)
  return {
    method,
    depth: 0,
    loss: Summary.mean(Array.from(out, (value, i) => Elementary.square(value - targets[i]!))),
    error: error(matrix),
    nuclear: Matrix.nuclearNorm(matrix, rows, columns, seen.given),
    trace: Number.NaN,
  }
}

export const flatnessOnATable = Experiment.table({
  id: "matrix-factorization/flatness-on-a-table",
  title: "Dynamics of flatness on a real table with hidden entries",
  source: derived("label noise on factorisations, on a real table"),
  question:
    "From a factorisation that fits the observed entries of a real table, does label noise lower trace, nuclear norm and error on hidden entries? How far from the convex methods does it end?",
  paperScale:
    "The paper has synthetic matrix sensing only (as recalled), with isometric measurements; entries of a table are not isometric.",
  config: Config,
  columns: Columns,
  presets: {
    smoke: {
      ...reference,
      rows: 10,
      columns: 10,
      depths: [2],
      learningRate: 0.3,
      batch: 12,
      noisySteps: 6000,
    },
    fast: { ...reference, rows: 12, columns: 12, batch: 12, noisySteps: 14_000 },
    paper: reference,
  },
  paperSeconds: 20,
  prepare: ({ config }) =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const { train } = Transform.standardise(yield* datasets.load(config.table))
      return { features: train.features, width: train.dimension }
    }),
  cases: ({ depths }) => [...depths, 0],
  row: (depth, { config, kernels, seed, shared: { features, width } }) => {
    const data = split(features, config, seed, kernels, width)
    if (depth > 0) return factorised(depth, data, config, seed.child(depth))
    const { seen, targets } = data
    return [
      convex("least nuclear norm", minimiseNuclearNorm(seen, targets).matrix, data, config),
      convex("soft-impute", bestSoftImpute(data), data, config),
    ]
  },
  figures: () => [
    Figure.points<Row>({
      id: "error",
      title: "Nuclear norm and error on hidden entries",
      caption:
        "Label noise moves from the interpolating end point of gradient descent towards the smallest nuclear norm. Soft-impute uses the best penalty for the hidden entries.",
      x: { field: "nuclear", title: "nuclear norm" },
      y: { field: "error", title: "root mean square error on hidden entries", scale: "log" },
      series: { field: "method", and: "depth", title: "method and depth" },
    }),
  ],
  expectations: (rows, { depths }) => {
    const of = (method: Row["method"], depth: number) =>
      rows.filter((row) => row.method === method && row.depth === depth)
    const over = (field: "error" | "nuclear" | "trace", method: Row["method"]) =>
      depths.flatMap((depth) =>
        of(method, depth).map((row) => row[field] / of("descent", depth)[0]![field]),
      )
    const falls = (title: string, field: "error" | "nuclear" | "trace", limit: number) =>
      Expectation.atMost(
        `${title}, after label noise / after descent`,
        over(field, "label noise"),
        limit,
        {
          control: "the same number of steps without noise",
          observed: over(field, "descent for as long"),
        },
      )
    return [
      Expectation.atMost(
        "Mean squared error of the factorisations on observed entries",
        rows.filter(({ depth }) => depth > 0).map(({ loss }) => loss),
        1e-3,
        Expectation.uncontrolled(
          "it checks that all compared factorisations fit the observed entries",
        ),
      ),
      falls("Trace", "trace", 0.9),
      falls("Nuclear norm", "nuclear", 0.95),
    ]
  },
})
