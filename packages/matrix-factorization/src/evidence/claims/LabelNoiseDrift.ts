/** What noise does at zero loss: nothing where it is that of batches (D17), a drift where it is on the labels (M12, D18). */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { deepFactorisation } from "../../factorisation/DeepFactorisation.ts"
import * as Factorisation from "../../factorisation/Factorisation.ts"
import { labelNoiseDescent, type Sampling } from "../../factorisation/LabelNoiseDescent.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { measure } from "../../measurements/Measurements.ts"
import { sharpness } from "../../flatness/Sharpness.ts"
import * as Theory from "../../theory/Theory.ts"
import { distance, expand, type Instance, instances, total } from "../support/Instances.ts"
import { derived, recalled } from "../support/Paper.ts"
import { hessianAt, stationaryStep, zeroLossDirections } from "../support/ZeroLossDirections.ts"

/** A point that fits its labels exactly. */
const fitted = (instance: Instance) => {
  const { measurements, shape, x } = expand(instance)
  const targets = measure(measurements, Factorisation.endToEnd(shape, x))
  const objective = deepFactorisation({ measurements, targets, widths: shape.widths })
  return { measurements, shape, objective, x }
}

interface Wander extends Instance {
  readonly sampling: Sampling
  /** Measurements a step, or all there are. */
  readonly batch: number
}

const wanders = instances().chain((instance) =>
  Draw.record<Wander>({
    widths: Draw.oneOf(instance.widths),
    count: Draw.oneOf(instance.count),
    scale: Draw.oneOf(instance.scale),
    seed: Draw.oneOf(instance.seed),
    sampling: Draw.oneOf("full", "replacement", "epoch"),
    batch: Draw.integer(1, instance.count),
  }),
)

/** Moves of T and of the nuclear norm of the product over ten thousand steps from a fitted point. */
const wander = (instance: Wander, noise: number): number => {
  const { batch, sampling, seed } = instance
  const { measurements, objective, shape, x } = fitted(instance)
  const t = (w: Float64Array): number => total(sharpness(measurements, shape).layers(w))
  // far below the stability limit: the trace bounds the largest eigenvalue
  const method = labelNoiseDescent({
    learningRate: 0.1 / (measurements.count * Theory.traceFromSharpness(t(x))),
    noise,
    sampling,
    ...(sampling !== "full" && { batch }),
    seed: Seed.root(seed).child("descent"),
  })
  const state = method.init(objective, x)
  for (let k = 0; k < 10_000; k++) method.step(state)
  const nuclear = (w: Float64Array): number =>
    Matrix.nuclearNorm(Factorisation.endToEnd(shape, w), shape.rows, shape.columns)
  return Margin.all(
    Margin.equal(t(state.point), t(x), { relative: 1e-9 }),
    Margin.equal(nuclear(state.point), nuclear(x), { relative: 1e-9 }),
  )
}

export const batchNoise = claim<Wander>({
  id: "matrix-factorization/batch-noise-does-nothing",
  statement:
    "At zero loss ten thousand steps without noise on the labels, on full or random batches, move neither the trace of the Hessian nor the nuclear norm.",
  source: derived("controls of the label-noise experiments (D17)"),
  instances: wanders,
  margin: (instance) => wander(instance, 0),
  controls: [
    {
      name: "noise on the labels",
      instances: wanders,
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

const meanStep = (instance: Small, factor: number): number => {
  const { count, noise, seed, widths } = instance
  const { measurements, objective, shape, x } = fitted({ widths, count, seed, scale: 1 })
  const pairs = hessianAt(objective, x)
  const learningRate = 1e-6 / pairs.values.at(-1)!
  const project = zeroLossDirections(objective, x)
  const step = stationaryStep(objective, x, pairs, { learningRate, noise, batch: count })
  const slope = new Float64Array(x.length)
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
