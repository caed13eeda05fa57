/** At zero loss noise on the labels causes a drift, and the noise of batches does nothing. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Seed from "@nonconvex/numerics/Seed"
import { advance } from "@nonconvex/problems/Advance"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import { Factorisation, labelNoiseDescent, sharpness, Theory } from "../../index.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { distance, fitted, instances, total } from "../support/Instances.ts"
import { derived, recalled } from "../support/Paper.ts"
import { sampledFields, samplingOf } from "../support/SampledInstances.ts"
import { hessianAt, stationaryStep, zeroLossDirections } from "../support/ZeroLossDirections.ts"

export const labelNoiseDrift = claim({
  id: "matrix-factorization/label-noise-drift",
  statement:
    "For small learning rates the mean step of label noise in its stationary state is -(eta^2 sigma^2 / B) P grad T, P onto the directions of zero loss.",
  inFloatingPoint: "statistical",
  source: recalled("drift of label noise"),
  instances: Draw.record({
    widths: Draw.list(Draw.integer(2, 3), 3, 4),
    count: Draw.integer(1, 2),
    noise: Draw.logarithmic(0.1, 2),
    seed: Draw.seed(),
  }),
  value: 1,
  margin: ({ instance, kernels, value: factor }) => {
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
  controls: [{ name: "twice the drift", value: 2 }],
})

type Noise = Pick<typeof Theory, "finiteStepFactor" | "noiseFloor">

export const noiseFloor = claim<
  Readonly<Record<"count" | "noise" | "product" | "seed", number>> & {
    readonly widths: Array<number>
  },
  Noise
>({
  id: "matrix-factorization/noise-floor",
  statement:
    "Noise on the labels of all measurements keeps a variance of (eta sigma^2 / n) / (1 - eta lambda / 2) along an eigenvector of the Hessian, and for small learning rates a loss of eta sigma^2 T / n.",
  inFloatingPoint: "statistical",
  source: derived("stationary variance of the linearised descent"),
  instances: Draw.record({
    widths: Draw.list(Draw.integer(2, 3), 3, 4),
    count: Draw.integer(1, 3),
    noise: Draw.logarithmic(0.1, 2),
    /** Learning rate times the largest eigenvalue. */
    product: Draw.linear(0.5, 1.9),
    seed: Draw.seed(),
  }),
  value: Theory,
  margin: ({ instance, kernels, value: predicted }) => {
    const { count, noise, product, seed, widths } = instance
    const fit = fitted({ widths, count, seed, scale: 1 }, kernels)
    const { measurements, objective, shape, x } = fit
    const pairs = hessianAt(objective, x)
    const top = pairs.values.at(-1)!
    const slopes = Array.from({ length: count }, (_, i) => {
      const labels = objective.targets.map((b, k) => (k === i ? b + 1 : b))
      const slope = new Float64Array(x.length)
      objective.against(undefined, labels, x, slope)
      return slope
    })
    /** The sum over the steps since a label was off, and over the labels. */
    const varianceOf = (k: number, learningRate: number) => {
      const v = SymmetricEigen.vector(pairs, k)
      const kept = 1 - learningRate * pairs.values[k]!
      const square = slopes.reduce((sum, g) => sum + Elementary.square(Vector.dot(g, v)), 0)
      return (Elementary.square(learningRate * noise) * square) / (1 - kept * kept)
    }
    const curved = Array.from(pairs.values.keys()).filter((k) => pairs.values[k]! > 1e-3 * top)
    const learningRate = product / top
    const base = (learningRate * noise * noise) / count
    const variances = curved.map((k) =>
      Margin.equal(
        varianceOf(k, learningRate),
        base * predicted.finiteStepFactor(learningRate, pairs.values[k]!),
        { relative: 1e-4 },
      ),
    )
    const small = 1e-3 / top
    const loss = curved.reduce((sum, k) => sum + (pairs.values[k]! / 2) * varianceOf(k, small), 0)
    const floor = predicted.noiseFloor(
      { learningRate: small, noise, batch: count },
      total(sharpness(measurements, shape).layers(x)),
    )
    // eigenvalues below a thousandth of the largest are left out
    return Margin.all(...variances, Margin.equal(loss, floor, { relative: 0.02 }))
  },
  controls: [
    {
      name: "twice the floor",
      value: { ...Theory, noiseFloor: (...of) => 2 * Theory.noiseFloor(...of) },
    },
    {
      name: "without the factor of a finite step",
      value: { ...Theory, finiteStepFactor: () => 1 },
    },
  ],
})

export const batchNoise = claim({
  id: "matrix-factorization/batch-noise-does-nothing",
  statement:
    "At zero loss ten thousand steps without noise on the labels, on full or random batches, move neither the trace of the Hessian nor the nuclear norm.",
  inFloatingPoint: "statistical",
  source: derived("controls of the label-noise experiments"),
  instances: instances().chain((instance) => Draw.record(sampledFields(instance))),
  value: 0,
  /** How far ten thousand steps from a fitted point move T and the nuclear norm of the product. */
  margin: ({ instance, kernels, value: noise }) => {
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
    advance(method, [state], 10_000, { kernels })
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
  controls: [{ name: "noise on the labels", value: 0.1 }],
})
