/** The flattest interpolant for claims about it: what was not found is no evidence. */
import { Margin } from "@nonconvex/evidence"
import type { Seed } from "@nonconvex/numerics"
import { type FlattestInterpolant, flattestInterpolant } from "../FlattestInterpolant.ts"
import type { Measurements } from "../Measurements.ts"

interface Problem {
  readonly measurements: Measurements
  readonly targets: Float64Array
}

interface Found extends Problem {
  readonly flattest: FlattestInterpolant
  /** A margin: in two layers by the bound of the convex problem, in more by what the search says of its end. */
  readonly isFound: number
}

/** Problems to try. One search in fifty or so fails, where measurements are nearly dependent. */
const attempts = 6

/**
 * Draws problems until a search from one start ends at an interpolant. In three layers or more it can end short of one, at a matrix
 * whose rank collapsed on the way or just above the tolerance; such an end says nothing of flattest interpolants.
 */
export const searchFlattest = (
  draw: (seed: Seed.Seed) => Problem,
  depth: number,
  seed: Seed.Seed,
): Found => {
  for (let attempt = 1; ; attempt++) {
    const own = seed.child(attempt)
    const problem = draw(own)
    const { measurements, targets } = problem
    const flattest = flattestInterpolant(measurements, targets, {
      depth,
      starts: 1,
      seed: own.child("starts"),
    })
    const { lowerBound, sharpness, status } = flattest
    if (status === "infeasible" && attempt < attempts) continue
    const isFound =
      lowerBound === undefined
        ? Margin.holds(status === "local")
        : Margin.atMost(sharpness, lowerBound, 1e-6)
    return { ...problem, flattest, isFound }
  }
}
