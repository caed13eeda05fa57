import * as Vector from "@nonconvex/numerics/Vector"
import { type Problem, sizeOf } from "./Problem.ts"

/**
 * `max over z' in Z of V(z)^T (z - z')` from the answer V(z). It is at least 0 on the set, and 0 exactly at solutions. It is
 * Infinity if the set is unbounded along V. `scratch` has the length of z.
 *
 * With an oracle error of delta, the result is at most `sqrt2 D delta` larger.
 */
export const viResidual = (
  problem: Problem,
  z: Float64Array,
  answer: Float64Array,
  scratch: Float64Array,
): number => {
  const size = sizeOf(problem)
  for (let i = 0; i < size; i++) scratch[i] = -answer[i]!
  return Vector.dot(answer, z) + problem.feasible.support(scratch, 0, size)
}
