/** The trace of the Hessian, its gradient, and how far a minimum is from flat. */
import { invalid, RandomStream, Require, type Seed, Vector } from "@nonconvex/numerics"
import type { Objective } from "@nonconvex/problems"
import type { Projection } from "./TangentProjection.ts"

/** A vector estimate and the standard deviation of each component; zero where it is exact up to differences. */
export interface VectorEstimate {
  readonly estimate: Float64Array
  readonly standardError: Float64Array
  /** Antithetic pairs of gradients used. */
  readonly pairs: number
}

/** Adds to `out` the second difference `(grad f(x + h z) + grad f(x - h z) - 2 grad f(x)) / h^2`. */
const secondDifference = (
  objective: Objective,
  x: Float64Array,
  z: Float64Array,
  h: number,
  center: Float64Array,
  work: { readonly point: Float64Array; readonly gradient: Float64Array },
  out: Float64Array,
): void => {
  const { gradient, point } = work
  const scale = 1 / (h * h)
  for (let side = -1; side <= 1; side += 2) {
    for (let j = 0; j < x.length; j++) point[j] = x[j]! + side * h * z[j]!
    objective.valueAndGradient(point, gradient)
    for (let j = 0; j < x.length; j++) out[j]! += scale * (gradient[j]! - center[j]!)
  }
}

const workspace = (n: number) => ({ point: new Float64Array(n), gradient: new Float64Array(n) })

/**
 * `grad tr Hess f(x)` by second differences along the coordinates: 2 d gradients, error O(step^2), none for quartics (B1).
 *
 * The default step 1e-2 balances truncation and rounding `1e-16 |grad f| / step^2`; for a quartic 1e-1 is better. Throws
 * InvalidInput on a bad point or step.
 */
export const gradientOfTrace = (
  objective: Objective,
  x: Float64Array,
  options: { readonly step?: number } = {},
): Float64Array => {
  const { step = 1e-2 } = options
  Require.vector("Flatness.gradientOfTrace", "point", x, objective.dimension)
  Require.positive("Flatness.gradientOfTrace", "step", step)
  const n = x.length
  const center = new Float64Array(n)
  objective.valueAndGradient(x, center)
  const out = new Float64Array(n)
  const unit = new Float64Array(n)
  const work = workspace(n)
  for (let i = 0; i < n; i++) {
    unit[i] = 1
    secondDifference(objective, x, unit, step, center, work, out)
    unit[i] = 0
  }
  return out
}

/**
 * `grad tr Hess f(x)` from random signs: the mean of second differences, 2 gradients a pair, with the error bar of each
 * component. `project` is applied to every probe, so that the errors are those of the projected vector.
 */
export const estimateGradientOfTrace = (
  objective: Objective,
  x: Float64Array,
  options: {
    readonly pairs: number
    readonly seed: Seed.Seed
    readonly step?: number
    readonly project?: (v: Float64Array) => void
  },
): VectorEstimate => {
  const { pairs, project, seed, step = 1e-2 } = options
  Require.vector("Flatness.estimateGradientOfTrace", "point", x, objective.dimension)
  Require.count("Flatness.estimateGradientOfTrace", "pairs", pairs, 2)
  Require.positive("Flatness.estimateGradientOfTrace", "step", step)
  const n = x.length
  const center = new Float64Array(n)
  objective.valueAndGradient(x, center)
  const work = workspace(n)
  const z = new Float64Array(n)
  const sample = new Float64Array(n)
  const mean = new Float64Array(n)
  const squares = new Float64Array(n)
  // so that x is moved by `step`, whatever the dimension
  const h = step / Math.sqrt(n)
  for (let k = 0; k < pairs; k++) {
    RandomStream.make(seed.child(k)).fillRademacher(z)
    sample.fill(0)
    secondDifference(objective, x, z, h, center, work, sample)
    project?.(sample)
    for (let j = 0; j < n; j++) {
      const delta = sample[j]! - mean[j]!
      mean[j]! += delta / (k + 1)
      squares[j]! += delta * (sample[j]! - mean[j]!)
    }
  }
  return {
    estimate: mean,
    standardError: squares.map((sum) => Math.sqrt(sum / (pairs - 1) / pairs)),
    pairs,
  }
}

/** A number and one standard deviation of it. */
export interface Estimate {
  readonly estimate: number
  readonly standardError: number
}

/**
 * The flatness residual `|P grad tr Hess f| / d` at a minimum, P the projection onto the tangent space of the minima: zero
 * exactly at the flat minima (definition 2 as recalled). By 2 d gradients; the error is that of the differences, not measured.
 */
export const residual = (
  objective: Objective,
  x: Float64Array,
  projection: Pick<Projection, "apply">,
  options: { readonly step?: number } = {},
): number => {
  const gradient = gradientOfTrace(objective, x, options)
  projection.apply(gradient)
  return Vector.norm(gradient) / x.length
}

/** The same from random signs, with its error bar; the noise is subtracted from the square, so that it does not add to the norm. */
export const estimateResidual = (
  objective: Objective,
  x: Float64Array,
  projection: Pick<Projection, "apply">,
  options: { readonly pairs: number; readonly seed: Seed.Seed; readonly step?: number },
): Estimate => {
  const { estimate, standardError } = estimateGradientOfTrace(objective, x, {
    ...options,
    project: projection.apply,
  })
  const noise = Vector.norm(standardError)
  const square = Math.max(0, Vector.norm(estimate) ** 2 - noise ** 2)
  return { estimate: Math.sqrt(square) / x.length, standardError: noise / x.length }
}

/** What definition 3 looks at. */
export interface Measured {
  /** `f(x) - f(Phi(x))`. */
  readonly lossGap: number
  /** `|dPhi grad trb|` at Phi(x). */
  readonly residual: number
}

/** (eps, eps')-flat: definition 3 (as recalled; its first inequality is believed to be on the loss). Throws InvalidInput on NaN. */
export const isFlat = (
  { lossGap, residual: r }: Measured,
  eps: number,
  epsPrime: number,
): boolean => {
  if (Number.isNaN(lossGap + r + eps + epsPrime)) {
    invalid("Flatness.isFlat", "no number may be NaN", { lossGap, residual: r, eps, epsPrime })
  }
  return lossGap <= eps && r <= epsPrime
}
