import * as Require from "@nonconvex/numerics/Require"
import * as Cholesky from "./Cholesky.ts"
import { Geometry } from "./Geometry.ts"
import * as RungeKutta from "./RungeKutta.ts"
import { gramFactor, preactivations, requireInterpolating, type TwoLayer } from "./TwoLayer.ts"

export interface FlowOptions {
  /** Stops at this time; Infinity unless told. */
  readonly time?: number
  /**
   * Stops where the Riemannian gradient is at most this long. Unless told, 1e-9 or, where that is more, 1e-11 of the sharpness
   * at the start, below which the integrator's own errors would keep it.
   */
  readonly gradient?: number
  /** 1e-12 and 1e-14 unless told, which the rates of the theory need. */
  readonly tolerance?: RungeKutta.Tolerance
  /** Called at the start and after every step, with the geometry at the point reached: read it, or copy what you keep. */
  readonly observe?: (time: number, geometry: Geometry) => void
  /** Called as `observe` and after it; true stops. */
  readonly until?: (time: number, geometry: Geometry) => boolean
  readonly maxSteps?: number
}

/** Where the flow arrived, and how. */
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
  let enough = options.gradient ?? Number.NaN
  let isStationary = false
  const run = RungeKutta.integrate(slope, start, {
    ...tolerance,
    end: time,
    ...(options.maxSteps === undefined ? {} : { maxSteps: options.maxSteps }),
    observe: (now) => {
      observe?.(now, geometry)
      if (Number.isNaN(enough)) enough = Math.max(1e-9, 1e-11 * geometry.sharpness)
      isStationary = geometry.gradientNorm <= enough
      return until?.(now, geometry) === true || isStationary
    },
  })
  const stopped = isStationary ? "stationary" : "stopped"
  const status = { end: "time", stopped, steps: "steps" } as const
  return {
    y: run.y,
    time: run.time,
    steps: run.steps,
    evaluations: run.evaluations,
    gradientNorm: geometry.gradientNorm,
    status: status[run.status],
  }
}

/**
 * The gradient flow of the sharpness on the networks that fit the labels, `theta' = -grad F`, in the parameters.
 *
 * Throws NotInterpolating unless `theta` fits.
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

/** `theta` with its pre-activations changed from `before` to `after`, and as it was orthogonally to the data. */
const lifted = (
  network: TwoLayer,
  theta: Float64Array,
  before: Float64Array,
  after: Float64Array,
): Float64Array => {
  const { dimension: d, features, neurons: m, size: n } = network
  const factor = gramFactor(network)
  const out = Float64Array.from(theta)
  const change = new Float64Array(n)
  for (let j = 0; j < m; j++) {
    for (let i = 0; i < n; i++) change[i] = after[i * m + j]! - before[i * m + j]!
    Cholesky.solve(factor, n, change)
    for (let i = 0; i < n; i++) {
      for (let a = 0; a < d; a++) out[j * d + a]! += change[i]! * features[i * d + a]!
    }
  }
  return out
}

/**
 * The same flow in the pre-activations, `z' = -G s`: its cost does not depend on the dimension of the data.
 *
 * Throws SingularGram where the data are dependent, NotInterpolating unless `theta` fits.
 */
export const flowOfPreactivations = (
  network: TwoLayer,
  theta: Float64Array,
  options: FlowOptions = {},
): Flow => {
  Require.vector("flowOfPreactivations", "theta", theta, network.neurons * network.dimension)
  requireInterpolating(network, theta)
  gramFactor(network)
  const geometry = new Geometry(network)
  const before = new Float64Array(network.size * network.neurons)
  preactivations(network, theta, before)
  const slope: RungeKutta.Slope = (z, out) => {
    const { gs } = geometry.atPreactivations(z)
    for (let k = 0; k < out.length; k++) out[k] = -gs[k]!
  }
  const { y, ...rest } = integrate(slope, before, geometry, options)
  return { theta: lifted(network, theta, before, y), ...rest }
}
