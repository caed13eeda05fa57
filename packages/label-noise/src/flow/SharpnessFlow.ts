import * as Require from "@nonconvex/numerics/Require"
import { Geometry } from "../geometry/Geometry.ts"
import * as RungeKutta from "./RungeKutta.ts"
import {
  gramFactor,
  preactivations,
  requireInterpolating,
  type TwoLayer,
  withPreactivations,
} from "../network/TwoLayer.ts"

export interface FlowOptions {
  /** Stops at this time; default Infinity. */
  readonly time?: number
  /**
   * Stops once the norm of the Riemannian gradient is at most this. The default is the larger of 1e-9 and 1e-11 of the initial
   * sharpness. Below it, the integrator's errors keep the gradient from decreasing.
   */
  readonly gradient?: number
  /** Allowed error per step; default 1e-12 relative and 1e-14 absolute, which the rates of the theory need. */
  readonly tolerance?: RungeKutta.Tolerance
  /** Called at the start and after every step with the geometry at the current point; copy what you keep. */
  readonly observe?: (time: number, geometry: Geometry) => void
  /** Called after `observe` with the same arguments; true stops. */
  readonly until?: (time: number, geometry: Geometry) => boolean
  /** Maximum number of accepted steps; default 100,000. */
  readonly maxSteps?: number
}

/** End of the flow, and its status. */
export interface Flow {
  /** m x d. */
  readonly theta: Float64Array
  readonly time: number
  readonly steps: number
  readonly evaluations: number
  readonly gradientNorm: number
  readonly status: "stationary" | "time" | "stopped" | "steps"
}

const precise: RungeKutta.Tolerance = { relative: 1e-12, absolute: 1e-14 }

const integrate = (
  slope: RungeKutta.Slope,
  start: Float64Array,
  geometry: Geometry,
  options: FlowOptions,
) => {
  const { observe, time = Number.POSITIVE_INFINITY, tolerance = precise, until } = options
  let restingNorm = options.gradient ?? Number.NaN
  let isStationary = false
  const run = RungeKutta.integrate(slope, start, {
    ...tolerance,
    end: time,
    ...(options.maxSteps === undefined ? {} : { maxSteps: options.maxSteps }),
    observe: (now) => {
      observe?.(now, geometry)
      if (Number.isNaN(restingNorm)) restingNorm = Math.max(1e-9, 1e-11 * geometry.sharpness)
      isStationary = geometry.gradientNorm <= restingNorm
      return until?.(now, geometry) === true || isStationary
    },
  })
  const stopped = isStationary ? "stationary" : "stopped"
  const status = ({ end: "time", stopped, steps: "steps" } as const)[run.status]
  return { ...run, gradientNorm: geometry.gradientNorm, status }
}

/**
 * Gradient flow of the sharpness on the networks that fit the labels, `theta' = -grad F`, in the parameters from `theta`, m x d.
 *
 * Throws NotInterpolating if `theta` does not fit the labels. Throws InvalidInput on a `theta` of another length, and if the
 * integrator's step vanishes. The flow that label noise follows with a small step (Gatmiry, Li, Reddi, Jegelka 2024, as
 * recalled).
 */
export const flowOfParameters = (
  network: TwoLayer,
  theta: Float64Array,
  options: FlowOptions = {},
): Flow => {
  Require.vector("flowOfParameters", "theta", theta, network.neurons * network.dimension)
  requireInterpolating(network, theta)
  const geometry = new Geometry(network)
  const slope: RungeKutta.Slope = (y, out) => {
    geometry.atParameters(y).gradient(out)
    for (let k = 0; k < out.length; k++) out[k] = -out[k]!
  }
  const { y, ...rest } = integrate(slope, theta, geometry, options)
  return { theta: y, ...rest }
}

/**
 * The same flow in the pre-activations, `z' = -G s`; its cost does not depend on the dimension of the data.
 *
 * Throws SingularGram on dependent data, and the errors of `flowOfParameters`. Derived here.
 */
export const flowOfPreactivations = (
  network: TwoLayer,
  theta: Float64Array,
  options: FlowOptions = {},
): Flow => {
  Require.vector("flowOfPreactivations", "theta", theta, network.neurons * network.dimension)
  requireInterpolating(network, theta)
  const factor = gramFactor(network)
  const geometry = new Geometry(network)
  const slope: RungeKutta.Slope = (z, out) => {
    const { gs } = geometry.atPreactivations(z)
    for (let k = 0; k < out.length; k++) out[k] = -gs[k]!
  }
  const { y, ...rest } = integrate(slope, preactivations(network, theta), geometry, options)
  return { theta: withPreactivations(network, theta, y, factor), ...rest }
}
