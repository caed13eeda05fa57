/** The flattest interpolant for claims about it; a failed search is no evidence. */
import { Margin } from "@nonconvex/evidence"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import { flattestInterpolant } from "../../index.ts"
import { type FlattestInterpolant } from "../../flatness/FlattestInterpolant.ts"
import { gaussianSensing, type SensingSize } from "./Sensing.ts"
import { type Measurements } from "../../measurements/Measurements.ts"

interface Found {
  readonly measurements: Measurements
  readonly targets: Float64Array
  readonly flattest: FlattestInterpolant
  /** Margin: for two layers from the bound of the convex problem, for more from the convergence of the search. */
  readonly isFound: Margin.Comparison
}

/** Number of draws to try. About one search in fifty fails, and more if the measurements nearly determine the matrix. */
const attempts = 12

/**
 * Relative misfit of a search that met, or nearly met, its target of 1e-9. A search that ran out of steps may have a misfit
 * of up to 1e-6.
 */
const settled = 1e-8

/**
 * Draws problems until a search from one start ends at an interpolant. In three layers or more it can fail: its rank
 * collapsed on the way, or it ran out of steps. Such an end is no evidence about flattest interpolants.
 */
export const searchFlattest = (
  size: SensingSize,
  depth: number,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
): Found => {
  for (let attempt = 1; ; attempt++) {
    const own = seed.child(attempt)
    const { measurements, targets } = gaussianSensing(size, own, kernels)
    const flattest = flattestInterpolant(measurements, targets, {
      depth,
      starts: 1,
      seed: own.child("starts"),
    })
    const { lowerBound, residual, sharpness, status } = flattest
    const isSettled = status === "local" && residual <= settled
    if (depth > 2 && !isSettled && attempt < attempts) continue
    const isFound =
      lowerBound === undefined
        ? Margin.holds(isSettled)
        : Margin.atMost(sharpness, lowerBound, 1e-6)
    return { measurements, targets, flattest, isFound }
  }
}
