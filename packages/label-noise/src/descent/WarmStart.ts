import * as Require from "@nonconvex/numerics/Require"
import * as Vector from "@nonconvex/numerics/Vector"
import { NotInterpolating } from "../network/Failures.ts"
import { Geometry } from "../geometry/Geometry.ts"
import { takeStep } from "./NoisyDescent.ts"
import { gaps, residual, type TwoLayer } from "../network/TwoLayer.ts"

export interface WarmStartOptions {
  /** Learning rate as a share of 1 / lambda_max(H); small values follow the gradient flow of the loss; default 1. */
  readonly share?: number
  /** Largest residual, relative to `1 + max |y|`; default 1e-12. */
  readonly tolerance?: number
  /** Maximum number of steps of gradient descent; default 100,000. */
  readonly maxSteps?: number
}

const loss = (network: TwoLayer, theta: Float64Array): number =>
  gaps(network, theta).reduce((sum, gap) => sum + gap * gap, 0) / 2

/** Steps between updates of the curvature; a step that does not descend is shortened anyway. */
const curvatureInterval = 10

/** Residual, relative to `1 + max |y|`, below which Newton's steps are reliable. */
const nearBy = 1e-3

const newtonSteps = 20

/**
 * Takes Newton steps along the gradients of the outputs, `theta += J^T (J J^T)^-1 (y - f)`, while the largest residual
 * decreases.
 */
const finish = (network: TwoLayer, theta: Float64Array, allowed: number): void => {
  const geometry = new Geometry(network)
  let last = Number.POSITIVE_INFINITY
  for (let step = 0; step < newtonSteps; step++) {
    const gap = gaps(network, theta)
    const worst = Vector.maxAbs(gap)
    if (worst <= allowed || !(worst < last)) return
    last = worst
    geometry.atParameters(theta).addTangent(gap, theta)
  }
}

/**
 * Gradient descent without noise from `start`, m x d, until the network fits its labels, with a learning rate that follows the
 * curvature. Returns a fresh array. If `maxSteps` end near the labels, as with nearly dependent gradients of the outputs,
 * Newton's method finishes in a few steps.
 *
 * The result is not the nearest network that fits: the two differ at second order, the order of the drift of label noise. Throws
 * NotInterpolating if the tolerance is not reached or the outputs depend on no parameter. Throws InvalidInput on a start of
 * wrong length or a share that is not positive. Ours.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Activation, outputs, twoLayer, warmStart } from "@nonconvex/label-noise"
 *
 * const network = twoLayer({
 *   activation: Activation.cubic(1),
 *   features: Float64Array.of(1, 0, 0, 1),
 *   dimension: 2,
 *   labels: Float64Array.of(2, -1),
 *   neurons: 2,
 * })
 * const theta = warmStart(network, Float64Array.of(0.5, 0.1, -0.2, 0.3))
 * outputs(network, theta) // ≈ [2.000, -1.000]
 * ```
 */
export const warmStart = (
  network: TwoLayer,
  start: Float64Array,
  options: WarmStartOptions = {},
): Float64Array => {
  const { maxSteps = 100_000, share = 1, tolerance = 1e-12 } = options
  const { size: n } = network
  Require.vector("warmStart", "start", start, network.neurons * network.dimension)
  Require.positive("warmStart", "share", share)
  const scale = 1 + Vector.maxAbs(network.labels)
  const allowed = tolerance * scale
  const all = Uint32Array.from({ length: n }, (_, i) => i)
  const silence = new Float64Array(n)
  const geometry = new Geometry(network)
  let theta = Float64Array.from(start)
  let next = Float64Array.from(start)
  let top = Number.NaN
  for (let step = 0; step < maxSteps; step++) {
    if (residual(network, theta) <= allowed) return theta
    if (step % curvatureInterval === 0) {
      top = geometry.atParameters(theta).tangentEigenvalues()[n - 1]!
      // no output moves with any parameter
      if (!(top > 0)) break
    }
    const before = loss(network, theta)
    // the sum over the data has curvature lambda_max(J J^T); a step divides by n
    let rate = (share * n) / top
    for (;;) {
      next.set(theta)
      const isTaken = Number.isFinite(takeStep(network, next, all, silence, rate))
      if ((isTaken && loss(network, next) < before) || rate < 1e-18) break
      rate /= 2
    }
    ;[theta, next] = [next, theta]
  }
  if (residual(network, theta) <= nearBy * scale) finish(network, theta, allowed)
  const found = residual(network, theta)
  if (found <= allowed) return theta
  throw new NotInterpolating({ residual: found, tolerance: allowed })
}
