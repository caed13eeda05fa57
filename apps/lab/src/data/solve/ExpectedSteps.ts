/** How many steps a solve may take, so that its progress can say how long it will last. */
import { plan, type Problem, type Tolerances } from "@nonconvex/reproducible-minimax"

/** Nepers by which residuals fall from the first to the one that ends a stage: games from 3 x 3 to 300 x 300 took 15 to 20. */
const fall = 20

/**
 * Steps that a solve takes at most, about; an easy one takes a tenth: one of extragradient takes a share of `r / (2 (l + r))` off the
 * distance, one of acceleration a share of `sqrt(r / (l + r))`.
 */
export const expectedSteps = (problem: Problem, start: Float64Array, asked: Tolerances): number => {
  const { outer, strength } = plan(problem, start, asked)
  const condition = (problem.smoothness + strength) / strength
  const each = problem.dimensions[1] === 0 ? Math.sqrt(condition) : 2 * condition
  return Math.ceil(fall * outer * each)
}
