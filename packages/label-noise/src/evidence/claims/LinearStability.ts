/** Single steps near a minimum: the limits of the learning rate, the first phase, and the noise of batches. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { stabilityLimit } from "../../descent/LabelNoiseSgd.ts"
import { takeStep } from "../../descent/NoisyDescent.ts"
import { Geometry } from "../../geometry/Geometry.ts"
import * as Activation from "../../network/Activation.ts"
import {
  addGradients,
  outputs,
  preactivations,
  type TwoLayer,
  twoLayerThrough,
} from "../../network/TwoLayer.ts"
import * as Theory from "../../theory/Theory.ts"
import { derived } from "../support/Paper.ts"
import { expand, randomNetwork } from "../support/RandomNetwork.ts"
import { normalRows } from "../support/Rows.ts"

/** A length so small that a step is linear in it. */
const small = 1e-6

/** The sum of the gradients of the outputs, with the given weights, in units of its length. */
const direction = (network: TwoLayer, theta: Float64Array, weights: Float64Array): Float64Array => {
  const slopes = preactivations(network, theta).map(network.activation.first)
  const sum = new Float64Array(theta.length)
  addGradients(network, slopes, weights, sum)
  Vector.scale(1 / Vector.norm(sum), sum)
  return sum
}

/** What a step without noise on the data `indices` does to a small displacement: its new length along itself, per length. */
const growth = (
  network: TwoLayer,
  theta: Float64Array,
  along: Float64Array,
  indices: ReadonlyArray<number>,
  rate: number,
): number => {
  const moved = theta.map((value, k) => value + small * along[k]!)
  takeStep(network, moved, Uint32Array.from(indices), new Float64Array(indices.length), rate)
  return moved.reduce((sum, value, k) => sum + (value - theta[k]!) * along[k]!, 0) / small
}

const settings = Draw.record({
  problem: randomNetwork({ share: 0.4 }),
  convention: Draw.oneOf("half", "mean"),
})

const unit = (length: number, at: number) =>
  Float64Array.from({ length }, (_, i) => (i === at ? 1 : 0))

export const stabilityLimits = claim({
  id: "label-noise/stability-limits",
  statement:
    "At the largest stable learning rate a step reflects the steepest direction: 2 n / (kappa lambda_max(J J^T)) with all data, 2 / (kappa max_i |grad f_i|^2) with one.",
  inFloatingPoint: "run",
  source: derived("linear stability of a minimum"),
  instances: settings,
  value: 1,
  margin: ({ instance: { convention, problem }, kernels, value: factor }) => {
    const { network, theta } = expand(problem, { kernels })
    const { size: n } = network
    const geometry = new Geometry(network).atParameters(theta)
    const kappa = Theory.gradientFactor(convention)
    const top = geometry.tangentEigen().vectors.subarray((n - 1) * n)
    const squares = Array.from({ length: n }, (_, i) => geometry.tangentGram[i * n + i]!)
    const longest = squares.indexOf(Math.max(...squares))
    const every = [...squares.keys()]
    const limits = {
      full: Theory.fullBatchLimit(convention, geometry.tangentEigenvalues().at(-1)!, n),
      replacement: Theory.singleDatumLimit(convention, squares[longest]!),
    }
    const ours = (["full", "replacement"] as const).map((sampling) =>
      Margin.equal(stabilityLimit(network, theta, { convention, sampling }), limits[sampling], {
        relative: 1e-12,
      }),
    )
    const all = growth(
      network,
      theta,
      direction(network, theta, top),
      every,
      factor * kappa * limits.full,
    )
    const steepest = direction(network, theta, unit(n, longest))
    const one = growth(network, theta, steepest, [longest], factor * kappa * limits.replacement)
    const tolerance = { absolute: 1e-3 }
    return Margin.all(...ours, Margin.equal(all, -1, tolerance), Margin.equal(one, -1, tolerance))
  },
  controls: [
    { name: "half the rate", value: 0.5 },
    { name: "the rate of the other convention", value: 2 },
  ],
})

export const transient = claim({
  id: "label-noise/transient-bound",
  statement:
    "Gradient descent without noise and with a small learning rate takes log(1 / share) / (eta lambda_min) steps until what is off the minima has shrunk to a share.",
  inFloatingPoint: "run",
  source: derived("linear convergence to a minimum"),
  instances: Draw.record({
    problem: randomNetwork({ share: 0.4 }),
    share: Draw.logarithmic(0.5, 0.05),
  }),
  value: Theory.transientSteps,
  margin: ({ instance: { problem, share }, kernels, value: predict }) => {
    const { network, theta } = expand(problem, { kernels })
    const { size: n } = network
    const { values, vectors } = new Geometry(network).atParameters(theta).tangentEigen()
    const slowest = values[0]! / n
    const product = 0.02
    // the others shrink faster, and stay stable
    const learningRate = Math.min(product / slowest, (1 / values[n - 1]!) * n)
    const along = direction(network, theta, vectors.subarray(0, n))
    const each = growth(network, theta, along, [...Array(n).keys()], learningRate)
    const steps = predict(learningRate, slowest, share)
    // -log(1 - x) is between x and x / (1 - x)
    return Margin.equal(Elementary.pow(each, steps), share, { relative: 0.1 })
  },
  controls: [
    { name: "twice the steps", value: (...given) => 2 * Theory.transientSteps(...given) },
    {
      name: "of the largest eigenvalue of the loss by n",
      value: (rate, value, share) => Theory.transientSteps(rate, 2 * value, share),
    },
  ],
})

export const finiteStepOfBatches = claim({
  id: "label-noise/finite-step-of-batches",
  statement:
    "With B of n orthogonal data a step, none of them twice, noise keeps 1 / (1 - (n / B) eta lambda / 2) times the variance of a small step.",
  inFloatingPoint: "statistical",
  source: derived("stationary variance of a batch"),
  instances: Draw.record({
    size: Draw.integer(1, 6),
    batch: Draw.integer(1, 6),
    neurons: Draw.integer(1, 4),
    /** (n / B) eta lambda, below 2. */
    product: Draw.linear(0.2, 1.9),
    seed: Draw.seed(),
  }),
  value: Theory.finiteStepFactorOfBatch,
  margin: ({ instance, kernels, value: predict }) => {
    const { neurons, product, seed, size } = instance
    const batch = Math.min(instance.batch, size)
    const theta = normalRows(Seed.root(seed), neurons, size, 0.6)
    const network = twoLayerThrough(theta, {
      activation: Activation.cubic(1),
      features: Float64Array.from({ length: size * size }, (_, k) =>
        k % (size + 1) === 0 ? 1 : 0,
      ),
      dimension: size,
      neurons,
      kernels,
    })
    const square = new Geometry(network).atParameters(theta).tangentGram[0]!
    const lambda = square / size
    const learningRate = (product * batch) / (size * lambda)
    const indices = Uint32Array.from({ length: batch }, (_, b) => b)
    // what a noisy label of the first datum adds to its output
    const moved = Float64Array.from(theta)
    takeStep(
      network,
      moved,
      indices,
      unit(batch, 0).map((value) => small * value),
      learningRate,
    )
    const added = (outputs(network, moved)[0]! - network.labels[0]!) / small
    const shrunk = growth(
      network,
      theta,
      direction(network, theta, unit(size, 0)),
      [...indices],
      learningRate,
    )
    // the datum is in a step with probability B / n, which cancels
    const variance = (added * added) / (1 - shrunk * shrunk)
    return Margin.equal(variance / (added / 2), predict(learningRate * lambda, batch, size), {
      relative: 1e-3,
    })
  },
  controls: [
    { name: "the factor of all data", value: (etaLambda) => Theory.finiteStepFactor(etaLambda) },
  ],
})
