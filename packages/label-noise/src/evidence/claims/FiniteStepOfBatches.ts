import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import { takeStep } from "../../descent/NoisyDescent.ts"
import { Geometry } from "../../geometry/Geometry.ts"
import * as Activation from "../../network/Activation.ts"
import { outputs, twoLayerThrough } from "../../network/TwoLayer.ts"
import * as Theory from "../../theory/Theory.ts"
import { direction, growth, small, unit } from "../support/LinearGrowth.ts"
import { derived } from "../support/Paper.ts"
import { normalRows } from "../support/Rows.ts"

export const finiteStepOfBatches = claim({
  id: "label-noise/finite-step-of-batches",
  statement:
    "With B of n orthogonal data points per step, without repetition, noise keeps 1 / (1 - (n / B) eta lambda / 2) times the variance of a small step.",
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
