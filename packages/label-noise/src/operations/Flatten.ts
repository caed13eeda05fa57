/** Flattening of a network, with a certificate before and after. */
import { Float64s } from "@nonconvex/problems/Fields"
import { operation } from "@nonconvex/problems/Operation"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as Vector from "@nonconvex/numerics/Vector"
import { Schema } from "effect"
import { interpolate } from "../descent/Interpolation.ts"
import { certify } from "../limit/Certificate.ts"
import { flatLimit } from "../limit/FlatLimit.ts"
import { NotIncreasing, NotInterpolating, SingularGram } from "../network/Failures.ts"
import { relabelled, requireInterpolating, residual } from "../network/TwoLayer.ts"
import { plan } from "../planning/Planner.ts"
import { Fitting, NetworkInput, networkOf } from "./Network.ts"

/** The flat limit does not preserve the outputs: rounding dominates. */
export class FunctionChanged extends Schema.TaggedError<FunctionChanged>()("FunctionChanged", {
  outputChange: Schema.Number,
}) {
  override get message(): string {
    return `the function changed by ${this.outputChange}: the data are too close to dependent`
  }
}

const Certificate = Schema.Struct({
  sharpness: Schema.Number,
  /** Sharpness relative to the least among networks with the same outputs, minus 1. */
  excess: Schema.Number,
  gradientNorm: Schema.Number,
  convexityMargin: Schema.Number,
  /** Bound on the distance of pre-activations from the flat limit. */
  deviationBound: Schema.Number,
  /** Bound on the remaining time of the sharpness flow. */
  remainingTime: Schema.Number,
  verdict: Schema.Literals(["flat", "convergent", "far", "outside"]),
  because: Schema.String,
})

export const FlattenInput = Schema.Struct({
  ...NetworkInput.fields,
  /** True to fit the network to its labels first; if false, it must already fit them. */
  fit: Schema.Boolean,
})
export type FlattenInput = typeof FlattenInput.Type

export const Flattened = Schema.Struct({
  /** Formula of the activation. */
  activation: Schema.String,
  /** The network before flattening, m x d: as given or as fitted. */
  fitted: Float64s,
  /** The flat network, m x d. */
  theta: Float64s,
  before: Certificate,
  after: Certificate,
  /** The largest change of an output on the data. */
  outputChange: Schema.Number,
  /** Label noise that would reduce the distance tenfold; absent if the theory gives no rate, or if none is needed. */
  labelNoise: Schema.optionalKey(
    Schema.Struct({
      learningRate: Schema.Number,
      noise: Schema.Number,
      batch: Schema.Int,
      steps: Schema.Number,
    }),
  ),
})
export type Flattened = typeof Flattened.Type

const FlattenFailure = Schema.Union([
  InvalidInput,
  NotIncreasing,
  NotInterpolating,
  SingularGram,
  FunctionChanged,
])
export type FlattenFailure = typeof FlattenFailure.Type

/** Largest change of an output, relative to `1 + max |f|`. */
const unchanged = 1e-9

const refinements = 5

/** The flattest network with the same outputs on its data, and the certificates of both. */
export const flatten = operation({
  id: "label-noise/flatten",
  input: FlattenInput,
  output: Flattened,
  failure: FlattenFailure,
  progress: Fitting,
  run: (input, { kernels, report }) => {
    const fitted = networkOf(input, kernels)
    const observe = (step: number, missed: number) => report({ step, residual: missed })
    const theta = input.fit ? interpolate(fitted, input.theta, { observe }) : input.theta
    if (!input.fit) requireInterpolating(fitted, theta)
    // what must not change is the function, and not what it was fitted to
    const network = relabelled(fitted, theta)
    const before = certify(network, theta)
    let flat = flatLimit(network, theta)
    const allowed = unchanged * (1 + Vector.maxAbs(network.labels))
    // the solve again, from what it gave, takes its rounding back where the data are nearly dependent
    for (let k = 0; k < refinements && residual(network, flat.theta) > allowed; k++) {
      flat = flatLimit(network, flat.theta)
    }
    const after = certify(network, flat.theta)
    const outputChange = residual(network, flat.theta)
    if (!(outputChange <= allowed)) {
      throw new FunctionChanged({ outputChange })
    }
    const isOnItsWay = before.verdict === "far" || before.verdict === "convergent"
    return {
      activation: network.activation.name,
      fitted: theta,
      theta: flat.theta,
      before,
      after,
      outputChange,
      ...(isOnItsWay ? { labelNoise: plan(network, theta)[0] } : {}),
    }
  },
})
