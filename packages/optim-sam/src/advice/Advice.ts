import { significant } from "@nonconvex/numerics/Decimal"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import * as Seed from "@nonconvex/numerics/Seed"
import type { Objective } from "@nonconvex/problems/Objective"
import * as Theory from "../theory/Theory.ts"
import { topEigenvalue as topEigenvalueAt } from "./TopEigenvalue.ts"

/** Advice from the top eigenvalue `lambda` of the Hessian on a learning rate and a radius. */
export interface Advice {
  readonly topEigenvalue: number
  /** Distance from the number above within which an eigenvalue lies; 0 if the number was given and not computed. */
  readonly residual: number
  readonly learningRate: number
  readonly radius: number
  /** `learningRate * lambda < 2`: gradient descent, and SAM away from the minimum, contract. */
  readonly stable: boolean
  /** The same for USAM at this radius: `learningRate * lambda (1 + radius * lambda) < 2`. */
  readonly usamStable: boolean
  /**
   * Largest radius at which USAM is stable; NaN if it is stable at no radius, or at every radius because no curvature is
   * positive.
   */
  readonly usamRadiusLimit: number
  /** Loss above the minimum at which SAM ends up bouncing; NaN if unstable or if no curvature is positive. */
  readonly floor: number
  /** Radius whose floor is `tolerance`; NaN in the same cases as `floor`. Use it only if you have no better criterion. */
  readonly suggestedRadius: number
  /** Summary of one or two sentences for readers. */
  readonly summary: string
}

interface Settings {
  readonly learningRate: number
  readonly radius: number
  /** Loss above the minimum that you accept: it decides `suggestedRadius`. */
  readonly tolerance: number
}

/**
 * Advice from a known curvature: whether gradient descent, SAM and USAM are stable, and the floor of SAM's loss.
 *
 * Exact on a quadratic; elsewhere it holds near one point, since the curvature changes. If the top eigenvalue is not
 * positive, the advice has no floor. `residual` (default 0) is copied to the result. Throws InvalidInput on negative
 * settings and on numbers that are not finite. Source: derived here, from `Theory.bounceFloor` and `Theory.usamThreshold`.
 *
 * @example
 * ```ts import.meta.vitest
 * import { adviseFromCurvature } from "@nonconvex/optim-sam"
 *
 * const advice = adviseFromCurvature(10, { learningRate: 0.1, radius: 0.05, tolerance: 0.0125 })
 * advice.stable // => true
 * advice.suggestedRadius // => 0.05
 * ```
 */
export const adviseFromCurvature = (
  topEigenvalue: number,
  { learningRate, radius, tolerance }: Settings,
  residual = 0,
): Advice => {
  Require.finite("adviseFromCurvature", "topEigenvalue", topEigenvalue)
  for (const [name, value] of Object.entries({ learningRate, radius, tolerance })) {
    Require.nonNegative("adviseFromCurvature", name, value)
  }
  const curved = topEigenvalue > 0
  const stable = !curved || learningRate < Theory.gradientDescentThreshold(topEigenvalue)
  const usamStable = !curved || learningRate < Theory.usamThreshold(radius, topEigenvalue)
  const settles = curved && stable
  const advice = {
    topEigenvalue,
    residual,
    learningRate,
    radius,
    stable,
    usamStable,
    usamRadiusLimit: settles ? Theory.usamRadiusThreshold(learningRate, topEigenvalue) : Number.NaN,
    floor: settles ? Theory.bounceFloor(learningRate, radius, topEigenvalue) : Number.NaN,
    suggestedRadius: settles
      ? Theory.radiusForFloor(tolerance, learningRate, topEigenvalue)
      : Number.NaN,
  }
  return { ...advice, summary: summarise(advice, tolerance) }
}

const summarise = (
  {
    floor,
    learningRate,
    radius,
    stable,
    suggestedRadius,
    topEigenvalue: lambda,
    usamStable,
  }: Omit<Advice, "summary">,
  tolerance: number,
): string => {
  if (!(lambda > 0)) {
    return `The top eigenvalue ${significant(lambda)} is not positive: here no learning rate is too large, and the radius is not limited.`
  }
  if (!stable) {
    return `The learning rate ${significant(learningRate)} is above the edge of stability 2 / lambda = ${significant(Theory.gradientDescentThreshold(lambda))}: lower it before choosing a radius.`
  }
  const usam = `USAM is ${usamStable ? "stable" : "unstable"} at radius ${significant(radius)}`
  return `SAM settles ${significant(floor)} above the minimum at radius ${significant(radius)}, and ${significant(tolerance)} above it at radius ${significant(suggestedRadius)}. ${usam}.`
}

/**
 * Advice at a point of an objective: computes the top eigenvalue of its Hessian, then calls `adviseFromCurvature`.
 *
 * Costs about 40 Hessian-vector products, at most `maxProducts`. The default limit is 60 in float32, where rounding keeps
 * the residual above the tolerance; float64 has none. `seed` determines the initial vector. Throws InvalidInput on a point
 * of the wrong length, and as `adviseFromCurvature` does.
 *
 * @example
 * ```ts import.meta.vitest
 * import { advise } from "@nonconvex/optim-sam"
 * import { quadratic } from "@nonconvex/problems/Quadratic"
 *
 * const objective = quadratic({ spectrum: [10, 1] })
 * const settings = { learningRate: 0.1, radius: 0.05, tolerance: 0.0125 }
 * advise(objective, Float64Array.of(1, 1), settings).topEigenvalue // ≈ 10
 * ```
 */
export const advise = (
  objective: Objective,
  point: Float64Array,
  options: Settings & {
    readonly seed?: Seed.Seed
    readonly maxProducts?: number
    /** Default the strict kernels of this thread. */
    readonly kernels?: Kernels
  },
): Advice => {
  Require.array("advise", "point", point, objective.dimension)
  const { kernels, maxProducts, seed = Seed.root("advice") } = options
  const { residual, value } = topEigenvalueAt(objective, point, { seed, maxProducts, kernels })
  return adviseFromCurvature(value, options, residual)
}
