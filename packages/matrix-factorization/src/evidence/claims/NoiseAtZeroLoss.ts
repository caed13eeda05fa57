/** At zero loss noise on the labels causes a drift, and the noise of batches does nothing. */
import { Draw, Margin, parametrised } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { Factorisation, labelNoiseDescent, sharpness, Theory } from "../../index.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { distance, fitted, instances, total } from "../support/Instances.ts"
import { derived, recalled } from "../support/Paper.ts"
import { sampledFields, samplingOf } from "../support/SampledInstances.ts"
import { hessianAt, stationaryStep, zeroLossDirections } from "../support/ZeroLossDirections.ts"

export const labelNoiseDrift = parametrised({
  id: "matrix-factorization/label-noise-drift",
  statement:
    "For small learning rates the mean step of label noise in its stationary state is -(eta^2 sigma^2 / B) P grad T, P onto the directions of zero loss.",
  source: recalled("drift of label noise"),
  instances: Draw.record({
    widths: Draw.list(Draw.integer(2, 3), 3, 4),
    count: Draw.integer(1, 2),
    noise: Draw.logarithmic(0.1, 2),
    seed: Draw.seed(),
  }),
  margin: (instance, { kernels }, factor) => {
    const { count, noise, seed, widths } = instance
    const { measurements, objective, shape, x } = fitted({ widths, count, seed, scale: 1 }, kernels)
    const pairs = hessianAt(objective, x)
    const learningRate = 1e-6 / pairs.values.at(-1)!
    const project = zeroLossDirections(objective, x)
    const step = stationaryStep(objective, x, pairs, { learningRate, noise, batch: count })
    const slope = new Float64Array(x.length)
    sharpness(measurements, shape).valueAndGradient(x, slope)
    const drift = project(slope)
    Vector.scale(-factor * Theory.driftPerStep({ learningRate, noise, batch: count }), drift)
    return Margin.atMost(distance(project(step), drift), 1e-3)
  },
  holds: 1,
  fails: [["twice the drift", 2]],
})

export const batchNoise = parametrised({
  id: "matrix-factorization/batch-noise-does-nothing",
  statement:
    "At zero loss ten thousand steps without noise on the labels, on full or random batches, move neither the trace of the Hessian nor the nuclear norm.",
  source: derived("controls of the label-noise experiments"),
  instances: instances().chain((instance) => Draw.record(sampledFields(instance))),
  /** How far ten thousand steps from a fitted point move T and the nuclear norm of the product. */
  margin: (instance, { kernels }, noise) => {
    const { measurements, objective, shape, x } = fitted(instance, kernels)
    const t = (w: Float64Array): number => total(sharpness(measurements, shape).layers(w))
    // far below the stability limit: the trace bounds the largest eigenvalue
    const method = labelNoiseDescent({
      learningRate: 0.1 / (measurements.count * Theory.traceFromSharpness(t(x))),
      noise,
      ...samplingOf(instance),
      seed: Seed.root(instance.seed).child("descent"),
    })
    const state = method.init(objective, x)
    for (let k = 0; k < 10_000; k++) method.step(state)
    const nuclear = (w: Float64Array): number =>
      Matrix.nuclearNorm(
        Factorisation.endToEnd(shape, w, kernels),
        shape.rows,
        shape.columns,
        kernels,
      )
    return Margin.all(
      Margin.equal(t(state.point), t(x), { relative: 1e-9 }),
      Margin.equal(nuclear(state.point), nuclear(x), { relative: 1e-9 }),
    )
  },
  holds: 0,
  fails: [["noise on the labels", 0.1]],
})
