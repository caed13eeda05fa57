/** The certificate of a dense network on data of the user's own, as a job. */
import { operation } from "@nonconvex/evidence"
import { ArenaFull } from "@nonconvex/numerics/ArenaFull"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { Diverged } from "@nonconvex/problems/Diverged"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Loss from "@nonconvex/problems/network/Loss"
import { network } from "@nonconvex/problems/network/Network"
import { Schema } from "effect"
import { Certificate, certify } from "../../certificate/Certificate.ts"
import { HessianMismatch } from "../../certificate/HessianCheck.ts"
import { accelerate } from "../../minima/AcceleratedDescent.ts"
import { NoMinimumNearby } from "../../minima/Settle.ts"
import { spectralDensity } from "../../monitor/SpectralDensity.ts"
import { Count, Positive } from "../support/Numbers.ts"

const Numbers = Schema.instanceOf(Float64Array)

/** A dense network, the data that it was trained on, and what is asked of its minimum. */
export const NetworkOnData = Schema.Struct({
  /** From the number of features to the number of outputs. */
  widths: Schema.Array(Schema.Int).check(Schema.isMinLength(2)),
  activation: Schema.Literals([
    "relu",
    "tanh",
    "sigmoid",
    "softplus",
    "identity",
    "square",
    "cube",
  ] satisfies ReadonlyArray<Kernels.Activation>),
  /** Layer after layer, weights (row-major, one row an output) before biases. */
  parameters: Numbers,
  /** Row-major, one row a sample. */
  features: Numbers,
  /** Class numbers for the cross entropy, or a value for each output of each sample for the squared loss. */
  targets: Schema.Union([Schema.instanceOf(Int32Array), Numbers]),
  lossTolerance: Positive,
  residualTolerance: Schema.optionalKey(Positive),
  /** First go down to the minimum, by at most so many gradients, to a gradient norm of at most the tolerance. */
  descent: Schema.optionalKey(Schema.Struct({ gradients: Count, tolerance: Positive })),
  seed: Schema.Int,
})
export type NetworkOnData = typeof NetworkOnData.Type

/** The certificate of a network's minimum, and the spectral density of its Hessian there. */
export const CertifiedNetwork = Schema.Struct({
  network: Schema.String,
  certificate: Certificate,
  /** Nodes and weights, as of `spectralDensity`. */
  density: Schema.Array(Schema.Struct({ eigenvalue: Schema.Number, weight: Schema.Number })),
})
export type CertifiedNetwork = typeof CertifiedNetwork.Type

/** The loss of a network on its data, or the gradient of it, is not finite. */
export class LossOverflows extends Schema.TaggedError<LossOverflows>()("LossOverflows", {
  loss: Schema.Number,
}) {
  override get message(): string {
    return `the loss of the network on the data overflows (${this.loss}); there is nothing to certify`
  }
}

const Failure = Schema.Union([
  InvalidInput,
  ArenaFull,
  LossOverflows,
  NoMinimumNearby,
  Diverged,
  HessianMismatch,
])
export type CertifyNetworkFailure = typeof Failure.Type

/** How far a descent is. */
export const DescentProgress = Schema.Struct({
  gradients: Schema.Int,
  gradientNorm: Schema.Number,
})
export type DescentProgress = typeof DescentProgress.Type

const lossOf = (targets: NetworkOnData["targets"]): Loss.Loss =>
  targets instanceof Int32Array ? Loss.crossEntropy(targets) : Loss.squared(targets)

/** Throws InvalidInput on shapes that do not fit, LossOverflows, and what the descent and `certify` throw. */
export const certifyNetwork = operation({
  id: "flat-minima/certify-network",
  input: NetworkOnData,
  output: CertifiedNetwork,
  failure: Failure,
  progress: DescentProgress,
  run: (input, { kernels, report }): CertifiedNetwork => {
    const { activation, descent, features, lossTolerance, parameters, residualTolerance, widths } =
      input
    const objective = network({
      features,
      dimension: widths[0]!,
      architecture: Architecture.make({ widths, activation }),
      loss: lossOf(input.targets),
      kernels,
    })
    const { dimension } = objective
    Require.vector("certifyNetwork", "parameters", parameters, dimension)
    const gradient = new Float64Array(dimension)
    const loss = objective.valueAndGradient(parameters, gradient)
    if (!Number.isFinite(loss) || !(Vector.maxAbs(gradient) < Infinity)) {
      throw new LossOverflows({ loss })
    }
    const seed = Seed.root(input.seed).child("certify")
    const point =
      descent === undefined
        ? parameters
        : accelerate(objective, parameters, {
            ...descent,
            seed: seed.child("descent"),
            kernels,
            onLook: (gradients, gradientNorm) => report({ gradients, gradientNorm }),
          })
    const certificate = certify(objective, point, {
      lossTolerance,
      ...(residualTolerance === undefined ? {} : { residualTolerance }),
      seed,
      kernels,
    })
    const { eigenvalues, weights } = spectralDensity(
      (v, out) => objective.hessianVector(point, v, out),
      { dimension, probes: 3, steps: 40, seed: seed.child("density"), kernels },
    )
    return {
      network: objective.name,
      certificate,
      density: Array.from(eigenvalues, (eigenvalue, k) => ({ eigenvalue, weight: weights[k]! })),
    }
  },
})
