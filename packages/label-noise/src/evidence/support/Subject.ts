import type { Method, MethodState } from "@nonconvex/problems/Method"
import { flatLimit } from "../../limit/FlatLimit.ts"
import { Geometry } from "../../geometry/Geometry.ts"
import { takeStep } from "../../descent/NoisyDescent.ts"
import { retract } from "../../geometry/Retraction.ts"
import { flowOfPreactivations } from "../../flow/SharpnessFlow.ts"
import type { TwoLayer } from "../../network/TwoLayer.ts"
import type { NoisyLoss } from "./NoisyLoss.ts"

/** Geometry of the sharpness at a point. */
export interface Point {
  readonly sharpness: number
  /** n: the multipliers of the constraints. */
  readonly multipliers: Float64Array
  /** n x m: the velocity of the pre-activations under the flow. */
  readonly velocity: Float64Array
}

/** Subject of the laws: provide your own implementation of these five. Parameters are m x d, row-major. */
export interface Subject {
  /** Gradient descent on a loss whose data and noise change with each step: any method on an objective. */
  readonly descent: (learningRate: number) => Method<MethodState, NoisyLoss>
  readonly geometry: (network: TwoLayer, theta: Float64Array) => Point
  /** Position of the sharpness flow after `time`. */
  readonly flow: (network: TwoLayer, theta: Float64Array, time: number) => Float64Array
  /** The flattest network with the same labels, and its common pre-activations. */
  readonly flatLimit: (
    network: TwoLayer,
    theta: Float64Array,
  ) => { readonly theta: Float64Array; readonly preactivations: Float64Array }
  /** The retraction of `theta + direction` to the networks with the outputs of `theta`. */
  readonly retract: (
    network: TwoLayer,
    theta: Float64Array,
    direction: Float64Array,
  ) => Float64Array
}

/** Steps of `NoisyDescent` in the parameters, as a method. */
const noisySteps = (
  learningRate: number,
): Method<MethodState & { readonly loss: NoisyLoss }, NoisyLoss> => ({
  name: "label-noise SGD",
  init: (loss, start) => ({ loss, point: start.slice(), steps: 0, status: "running" }),
  step: (state) => {
    const { epsilon, indices, network } = state.loss
    const loss = takeStep(network, state.point, indices, epsilon, learningRate)
    if (Number.isFinite(loss)) state.steps++
    else state.status = "diverged"
    return loss
  },
})

/** The implementations of this package. */
export const ours: Subject = {
  descent: noisySteps,
  geometry: (network, theta) => {
    const { gs, multipliers, sharpness } = new Geometry(network).atParameters(theta)
    return { sharpness, multipliers, velocity: gs.map((value) => -value) }
  },
  flow: (network, theta, time) => flowOfPreactivations(network, theta, { time, gradient: 0 }).theta,
  flatLimit,
  retract,
}

/** Subject of this package's laws with any method on an objective as gradient descent; the rest is ours. */
export const byMethod = (descent: Subject["descent"]): Subject => ({ ...ours, descent })
