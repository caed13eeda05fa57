/** The drift of label noise, measured: its coefficient against eta^2 sigma^2 / B. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import * as Figure from "@nonconvex/figures"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { advance } from "@nonconvex/problems/Advance"
import { AtLeastTwo, Count, Positive } from "@nonconvex/problems/Fields"
import { Effect, Schema } from "effect"
import {
  deepFactorisation,
  Factorisation,
  labelNoiseDescent,
  measure,
  sharpness,
} from "../../index.ts"
import * as Theory from "../../theory/Theory.ts"
import { range } from "../support/Combinations.ts"
import { gaussianMeasurements, normals } from "../support/Instances.ts"
import { recalled } from "../support/Paper.ts"
import { hessianAt, stationaryStep, zeroLossDirections } from "../support/ZeroLossDirections.ts"

const Config = Schema.Struct({
  widths: Schema.Array(Count),
  measurements: Count,
  learningRate: Positive,
  noise: Positive,
  steps: Count,
  runs: AtLeastTwo,
})

type Config = typeof Config.Type

const Row = Schema.Struct({
  run: Schema.Int,
  /** True if the labels were noisy: one run is without noise. */
  isNoisy: Schema.Boolean,
  /** `<W_K - W_0, d> / (K eta^2 sigma^2 / B |d|^2)` with `d = -P grad T`. */
  coefficient: Schema.Number,
  /** Predicted mean: 1 for many small steps, and the corrected value for these steps. */
  predicted: Schema.Number,
  /** Final loss over the predicted floor. */
  floor: Schema.Number,
})

type Row = typeof Row.Type

const reference: Config = {
  widths: [2, 3, 2],
  measurements: 2,
  learningRate: 1e-3,
  noise: 0.3,
  steps: 10_000,
  runs: 100,
}

/** Runs of a case. */
const together = 8

/** Number of runs that determine the mean to 1 %. */
const full = 2000

/** Layers that fit their labels, with the theory's predictions for label noise. */
const fittedStart = (config: Config, seed: Seed.Seed, kernels: Kernels.Kernels) => {
  const { learningRate, noise, steps } = config
  const shape = Factorisation.shape(config.widths)
  const measurements = gaussianMeasurements(
    shape.rows,
    shape.columns,
    config.measurements,
    seed.child("A"),
    kernels,
  )
  const start = normals(seed.child("W"), shape.dimension, 0.7)
  const targets = measure(measurements, Factorisation.endToEnd(shape, start, kernels))
  const objective = deepFactorisation({ measurements, targets, widths: shape.widths })
  const slope = new Float64Array(start.length)
  const t = sharpness(measurements, shape).valueAndGradient(start, slope)
  const direction = zeroLossDirections(objective, start)(slope)
  Vector.scale(-1, direction)
  const options = { learningRate, noise, batch: config.measurements }
  const unit = Theory.driftPerStep(options) * Vector.dot(direction, direction)
  const mean = stationaryStep(objective, start, hessianAt(objective, start), { ...options, steps })
  return {
    objective,
    start,
    direction,
    unit,
    predicted: Vector.dot(mean, direction) / unit,
    floor: Theory.noiseFloor(options, t),
  }
}

const summary = (values: ReadonlyArray<number>) => {
  const mean = Summary.mean(values)
  const square = values.reduce((sum, value) => sum + Elementary.square(value - mean), 0)
  return { mean, standardError: Math.sqrt(square / (values.length - 1) / values.length) }
}

export const driftExperiment = Experiment.table({
  id: "matrix-factorization/drift",
  title: "The drift of label noise has the theoretical coefficient",
  source: recalled("drift of label noise"),
  question: "How far do ten thousand noisy steps move the layers, in units of the predicted drift?",
  config: Config,
  columns: Row,
  presets: {
    smoke: { ...reference, runs: 50, steps: 2000 },
    fast: reference,
    paper: { ...reference, runs: full },
  },
  paperSeconds: 2,
  prepare: ({ config, kernels, seed }) => Effect.sync(() => fittedStart(config, seed, kernels)),
  // runs that take their steps together
  cases: ({ runs }) => [
    ...range(Math.ceil(runs / together)).map((block) => ({
      runs: range(runs).slice(block * together, (block + 1) * together),
      isNoisy: true,
    })),
    { runs: [runs], isNoisy: false },
  ],
  row: ({ isNoisy, runs }, { config, kernels, seed, shared }) => {
    const { learningRate, steps } = config
    const { direction, floor, objective, predicted, start, unit } = shared
    const noise = isNoisy ? config.noise : 0
    const methodOf = (own: Seed.Seed) => labelNoiseDescent({ learningRate, noise, seed: own })
    const states = runs.map((run) => methodOf(seed.child("run").child(run)).init(objective, start))
    // the streams are of the states: one method steps all of them
    advance(methodOf(seed), states, steps, { kernels })
    return states.map(({ point }, k) => {
      const loss = objective.valueAndGradient(point, new Float64Array(start.length))
      Vector.axpy(-1, start, point)
      return {
        run: runs[k]!,
        isNoisy,
        coefficient: Vector.dot(point, direction) / (steps * unit),
        predicted,
        floor: loss / floor,
      }
    })
  },
  figures: () => [
    Figure.points<Row>({
      id: "coefficient",
      title: "Drift of each run / prediction",
      where: { isNoisy: true },
      conclusion: "Single runs scatter around the theoretical coefficient, 1.",
      x: { field: "run", title: "run" },
      y: { field: "coefficient", title: "coefficient" },
    }),
  ],
  expectations: (rows, { runs }) => {
    const noisy = rows.filter(({ isNoisy }) => isNoisy)
    const still = rows.filter(({ isNoisy }) => !isNoisy)
    const drift = summary(noisy.map(({ coefficient }) => coefficient))
    const floor = summary(noisy.map((row) => row.floor))
    const control = "labels without noise"
    return [
      // three standard errors: a false alarm in 400 seeds; the rest is the way that the point has gone by the end
      Expectation.within(
        "mean coefficient of the drift, predicted for these steps",
        drift.mean,
        rows[0]?.predicted ?? Number.NaN,
        { absolute: 3 * drift.standardError + 0.01 },
        { control, observed: still.map(({ coefficient }) => coefficient) },
      ),
      ...(runs >= full
        ? [
            Expectation.within(
              "mean coefficient of the drift",
              drift.mean,
              1.01,
              { absolute: 0.04 },
              Expectation.regression,
            ),
          ]
        : []),
      Expectation.within(
        "mean loss / noise floor",
        floor.mean,
        1,
        { absolute: 3 * floor.standardError + 0.05 },
        { control, observed: still.map((row) => row.floor) },
      ),
    ]
  },
})
