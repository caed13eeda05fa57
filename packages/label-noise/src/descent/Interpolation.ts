import * as Require from "@nonconvex/numerics/Require"
import * as Vector from "@nonconvex/numerics/Vector"
import { Geometry } from "../geometry/Geometry.ts"
import * as Cholesky from "../network/Cholesky.ts"
import { NotInterpolating } from "../network/Failures.ts"
import { addGradients, gaps, type TwoLayer } from "../network/TwoLayer.ts"

export interface InterpolationOptions {
  /** Largest residual, relative to `1 + max |y|`; default 1e-11. */
  readonly tolerance?: number
  /** Maximum number of steps; each uses all data at least once; default 500. */
  readonly maxSteps?: number
  /** Called after every step with the largest residual. */
  readonly observe?: (step: number, residual: number) => void
}

/**
 * Damping as a share of the largest diagonal entry of J J^T: initial, smallest, and the limit at which no step descends any
 * more.
 */
const [first, least, most] = [1e-3, 1e-15, 1e8]

/**
 * Finds parameters, m x d, that fit the labels, by Levenberg-Marquardt steps from `start`:
 * `theta += J^T (J J^T + damping)^-1 (y - f)`. Returns a fresh array.
 *
 * It takes tens of steps of cost n^2 (n + m) where gradient descent (`warmStart`) needs millions, as on nearly dependent rows.
 * It finds another interpolating network than gradient flow. Throws NotInterpolating if the residual stops decreasing, and
 * InvalidInput on a start of another length. Levenberg 1944, Marquardt 1963, in the space of the data (ours).
 */
export const interpolate = (
  network: TwoLayer,
  start: Float64Array,
  options: InterpolationOptions = {},
): Float64Array => {
  const { maxSteps = 500, observe, tolerance = 1e-11 } = options
  const { neurons: m, size: n } = network
  Require.vector("interpolate", "start", start, m * network.dimension)
  const allowed = tolerance * (1 + Vector.maxAbs(network.labels))
  const geometry = new Geometry(network)
  const factor = new Float64Array(n * n)
  let theta = Float64Array.from(start)
  let gap = gaps(network, theta)
  let damping = first
  for (let step = 1; step <= maxSteps && damping <= most; step++) {
    if (Vector.maxAbs(gap) <= allowed) break
    const { p, tangentGram } = geometry.atParameters(theta)
    const largest = tangentGram.reduce((max, value) => Math.max(max, value), 0)
    const square = Vector.norm(gap)
    for (; damping <= most; damping *= 4) {
      factor.set(tangentGram)
      for (let i = 0; i < n; i++) factor[i * n + i]! += damping * largest
      if (Cholesky.factor(factor, n) >= 0) continue
      const multipliers = gap.slice()
      Cholesky.solve(factor, n, multipliers)
      const next = theta.slice()
      addGradients(network, p, multipliers, next)
      const left = gaps(network, next)
      if (!(Vector.norm(left) < square)) continue
      ;[theta, gap] = [next, left]
      damping = Math.max(least, damping / 8)
      break
    }
    observe?.(step, Vector.maxAbs(gap))
  }
  const residual = Vector.maxAbs(gap)
  if (residual <= allowed) return theta
  throw new NotInterpolating({ residual, tolerance: allowed })
}
