import { flatLimit } from "../../limit/FlatLimit.ts"
import { Geometry } from "../../geometry/Geometry.ts"
import { takeStep } from "../../descent/NoisyDescent.ts"
import { retract } from "../../geometry/Retraction.ts"
import { flowOfPreactivations } from "../../flow/SharpnessFlow.ts"
import type { TwoLayer } from "../../network/TwoLayer.ts"

/** The geometry of the sharpness at a point. */
export interface Point {
  readonly sharpness: number
  /** n: the multipliers of the constraints. */
  readonly multipliers: Float64Array
  /** n x m: the velocity of the pre-activations under the flow. */
  readonly velocity: Float64Array
}

/** What the laws are about: give your own implementation of these five. Parameters are m x d, row-major. */
export interface Subject {
  /** A step of gradient descent in place, of the half mean of squares, on the data `indices` with noise `epsilon` on their labels. */
  readonly step: (
    network: TwoLayer,
    theta: Float64Array,
    indices: Uint32Array,
    epsilon: Float64Array,
    learningRate: number,
  ) => void
  readonly geometry: (network: TwoLayer, theta: Float64Array) => Point
  /** Where the sharpness flow is after `time`. */
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

/** Those of this package. */
export const ours: Subject = {
  step: takeStep,
  geometry: (network, theta) => {
    const { gs, multipliers, sharpness } = new Geometry(network).atParameters(theta)
    return { sharpness, multipliers, velocity: gs.map((value) => -value) }
  },
  flow: (network, theta, time) => flowOfPreactivations(network, theta, { time, gradient: 0 }).theta,
  flatLimit,
  retract,
}
