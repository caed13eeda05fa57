/** The flattest interpolant for claims about it: what was not found is no evidence. */
import { Margin } from "@nonconvex/evidence"
import type * as Seed from "@nonconvex/numerics/Seed"
import { flattestInterpolant, type FlattestInterpolant, type Measurements } from "../../index.ts"

interface Problem {
  readonly measurements: Measurements
  readonly targets: Float64Array
}

interface Found extends Problem {
  readonly flattest: FlattestInterpolant
  /** A margin: in two layers by the bound of the convex problem, in more by whether the search settled. */
  readonly isFound: number
}

/** Problems to try. One search in fifty or so fails, and more where the measurements nearly fix the matrix. */
const attempts = 12

/** Relative misfit of a search that met its own aim of 1e-9, or all but: one that only ran out of steps may have any up to 1e-6. */
const settled = 1e-8

/**
 * Draws problems until a search from one start ends at an interpolant. In three layers or more it can end short of one, at a matrix
 * whose rank collapsed on the way or out of steps; such an end says nothing of flattest interpolants.
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
    const { lowerBound, residual, sharpness, status } = flattest
    const isSettled = status === "local" && residual <= settled
    if (depth > 2 && !isSettled && attempt < attempts) continue
    const isFound =
      lowerBound === undefined
        ? Margin.holds(isSettled)
        : Margin.atMost(sharpness, lowerBound, 1e-6)
    return { ...problem, flattest, isFound }
  }
}
