/** Flatness measured at the point itself. */
import * as Vector from "@nonconvex/numerics/Vector"
import type { Objective } from "@nonconvex/problems/Objective"
import type { Estimate } from "../flatness/Estimate.ts"
import { confidence } from "../flatness/Residual.ts"
import * as Theory from "../theory/Theory.ts"
import type { CertifyOptions } from "./CertifyOptions.ts"
import * as Spectrum from "./Spectrum.ts"
import { type Bounds, residualBounds } from "./Valley.ts"

/** Options of `certify`, with defaults filled in. */
export type Settings = CertifyOptions &
  Required<Omit<CertifyOptions, "gap" | "products" | "search" | "isChecked" | "onPhase">>

/** Largest size of negative eigenvalues that the gap may drop as 0, relative to the largest. */
const allowedNegative = 1e-3

/** Tests whether a negative eigenvalue counts: it lies above the gap, or is too large for a minimum. */
const isIndefinite = (
  { smallestEigenvalue, topEigenvalue }: Spectrum.Ends,
  smallestKept: number,
): boolean => -smallestEigenvalue >= Math.min(smallestKept, allowedNegative * topEigenvalue)

/** Estimate whose interval of `confidence` standard errors is the interval between the bounds. */
export const middle = ({ high, low }: Bounds): Estimate => ({
  estimate: (low + high) / 2,
  standardError: (high - low) / 2 / confidence,
})

/** Bounds of the residual at a point, from directions with curvature small compared with the largest. */
export const boundsAt = (
  objective: Objective,
  point: Float64Array,
  topEigenvalue: number,
  { kernels, pairs, residualTolerance: tolerance, search, seed, zero }: Settings,
): Bounds =>
  residualBounds(objective, point, {
    cut: zero * topEigenvalue,
    tolerance,
    pairs,
    ...(search !== undefined && { steps: search.products }),
    seed: seed.child("residual"),
    kernels,
  })

/** Measures the point alone, without a descent. */
export const look = (objective: Objective, point: Float64Array, options: Settings) => {
  const { pairs, seed } = options
  const gradient = new Float64Array(point.length)
  const loss = objective.valueAndGradient(point, gradient)
  const gradientNorm = Vector.norm(gradient)
  options.onPhase?.("spectrum")
  const { test, ...spectrum } = Spectrum.measure(objective, point, options)
  options.onPhase?.("residual")
  if (test._tag === "NoGap") {
    const bounds = boundsAt(objective, point, spectrum.topEigenvalue, options)
    return { loss, gradientNorm, spectrum, bounds, residual: middle(bounds) }
  }
  const residual = Spectrum.residual(objective, point, test, {
    pairs,
    seed: seed.child("residual"),
    everyDirection: spectrum.basis === "whole spectrum" && point.length <= 4 * pairs,
  })
  // the last use of the gradient
  test.projection.apply(gradient)
  return {
    loss,
    gradientNorm,
    spectrum,
    residual,
    cut: {
      gap: test.projection.gap,
      rank: test.projection.rank,
      tangential: Vector.norm(gradient),
      ...(!isIndefinite(spectrum, test.smallestKept) && {
        lossGapBound: Theory.lossGapBound(gradientNorm, test.smallestKept),
      }),
    },
  }
}
export type Look = ReturnType<typeof look>

/** Negative curvature at a point with zero gradient: the gradient flow stays there, but it is not a minimum. */
export const isSaddle = ({ gradientNorm, spectrum }: Look, tolerance: number): boolean =>
  gradientNorm <= tolerance && isIndefinite(spectrum, Number.POSITIVE_INFINITY)
