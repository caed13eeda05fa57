/** What noise does at zero loss: nothing where it is that of batches (D17), a drift where it is on the labels (M12, D18). */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import { Seed, Vector } from "@nonconvex/numerics"
import { deepFactorisation } from "../DeepFactorisation.ts"
import * as Factorisation from "../Factorisation.ts"
import { labelNoiseDescent } from "../LabelNoise.ts"
import * as Matrix from "../Matrix.ts"
import { measure } from "../Measurements.ts"
import { sharpness } from "../Sharpness.ts"
import * as Theory from "../Theory.ts"
import { distance, expand, type Instance, instances, total } from "./Instances.ts"
import { derived, recalled } from "./Paper.ts"
import { flatDirections, hessianAt, zeroLossDirections } from "./ZeroLossDirections.ts"

/** A point that fits its labels exactly. */
const fitted = (instance: Instance) => {
  const { measurements, shape, x } = expand(instance)
  const targets = measure(measurements, Factorisation.endToEnd(shape, x))
  const objective = deepFactorisation({ measurements, targets, widths: shape.widths })
  return { measurements, shape, objective, x }
}

/** Moves T and the nuclear norm of the product over 200 steps with batches of one. */
const wander = (instance: Instance, noise: number): number => {
  const { measurements, objective, shape, x } = fitted(instance)
  const t = (w: Float64Array): number => total(sharpness(measurements, shape).layers(w))
  // far below the stability limit: the trace bounds the largest eigenvalue
  const method = labelNoiseDescent({
    learningRate: 0.1 / (measurements.count * Theory.traceFromSharpness(t(x))),
    noise,
    sampling: "replacement",
    batch: 1,
    seed: Seed.root(instance.seed).child("descent"),
  })
  const state = method.init(objective, x)
  for (let k = 0; k < 200; k++) method.step(state)
  const nuclear = (w: Float64Array): number =>
    Matrix.nuclearNorm(Factorisation.endToEnd(shape, w), shape.rows, shape.columns)
  return Margin.all(
    Margin.equal(t(state.point), t(x), { relative: 1e-9 }),
    Margin.equal(nuclear(state.point), nuclear(x), { relative: 1e-9 }),
  )
}

export const batchNoise = claim<Instance>({
  id: "matrix-factorization/batch-noise-does-nothing",
  statement:
    "At zero loss descent on random batches without noise on the labels moves neither the trace of the Hessian nor the nuclear norm.",
  source: derived("controls of the label-noise experiments (D17)"),
  instances: instances(),
  margin: (instance) => wander(instance, 0),
  controls: [
    {
      name: "noise on the labels",
      instances: instances(),
      margin: (instance) => wander(instance, 0.1),
    },
  ],
})

interface Small {
  readonly widths: ReadonlyArray<number>
  readonly count: number
  readonly noise: number
  readonly seed: number
}

const small = Draw.record<Small>({
  widths: Draw.list(Draw.integer(2, 3), 3, 4),
  count: Draw.integer(1, 2),
  noise: Draw.logarithmic(0.1, 2),
  seed: Draw.seed(),
})

/**
 * The mean step of label noise in its stationary state around a zero-loss point: the covariance of the linearised descent, along
 * each eigenvector `eta s^2 / (2 - eta lambda)` with the full-batch noise `s^2 = (2 sigma^2 / n) lambda` on the gradient, through the
 * third derivative of the loss, `-(eta / 2) sum_k C_k (D^3 l)[v_k, v_k]`.
 */
const meanStep = (instance: Small, factor: number): number => {
  const { count, noise, seed, widths } = instance
  const { measurements, objective, shape, x } = fitted({ widths, count, seed, scale: 1 })
  const n = x.length
  const pairs = hessianAt(objective, x)
  const { values, vectors } = pairs
  const learningRate = 1e-6 / values[n - 1]!
  const tangent = flatDirections(pairs)
  const project = zeroLossDirections(objective, x)
  const step = new Float64Array(n)
  const [ahead, behind] = [new Float64Array(n), new Float64Array(n)]
  const h = 1e-2
  for (let k = 0; k < n; k++) {
    if (tangent.includes(k)) continue
    const v = vectors.subarray(k * n, (k + 1) * n)
    const gradientNoise = ((2 * noise * noise) / count) * values[k]!
    const variance = (learningRate * gradientNoise) / (values[k]! * (2 - learningRate * values[k]!))
    const third = new Float64Array(n)
    // the second difference of a polynomial gradient, extrapolated to fourth order
    for (const [size, weight] of [
      [h, 4 / 3],
      [2 * h, -1 / 3],
    ] as const) {
      const point = x.slice()
      Vector.axpy(size, v, point)
      objective.valueAndGradient(point, ahead)
      Vector.axpy(-2 * size, v, point)
      objective.valueAndGradient(point, behind)
      Vector.axpy(weight / (size * size), ahead, third)
      Vector.axpy(weight / (size * size), behind, third)
    }
    Vector.axpy((-learningRate / 2) * variance, third, step)
  }
  const slope = new Float64Array(n)
  sharpness(measurements, shape).valueAndGradient(x, slope)
  const drift = project(slope)
  Vector.scale(-factor * Theory.driftPerStep({ learningRate, noise, batch: count }), drift)
  return Margin.atMost(distance(project(step), drift), 1e-3)
}

export const labelNoiseDrift = claim<Small>({
  id: "matrix-factorization/label-noise-drift",
  statement:
    "For small learning rates the mean step of label noise in its stationary state is -(eta^2 sigma^2 / B) P grad T, P onto the directions of zero loss.",
  source: recalled("drift of label noise (M12)"),
  instances: small,
  margin: (instance) => meanStep(instance, 1),
  controls: [
    {
      name: "twice the drift",
      instances: small,
      margin: (instance) => meanStep(instance, 2),
    },
  ],
})
