/** Whether an oracle is exact enough for a plan, and what it could give where it is not. */
import { Vector } from "@nonconvex/numerics"
import { Irreproducible } from "./Failures.ts"
import { plan as choose, type Plan, type Tolerances } from "./Plan.ts"
import { type Problem, regularised } from "./Problem.ts"

/** Rounding of what surrounds the oracle in a step of length `step`: a few operations on every number. */
const arithmetic = (whole: Problem, center: Float64Array, reach: number, step: number): number => {
  const answer = new Float64Array(center.length)
  whole.operator(center, answer)
  const largest = Vector.norm(answer) + 2 * whole.smoothness * reach
  return 2 ** -50 * (2 * largest + (2 * (Vector.norm(center) + reach)) / step)
}

/** The error of the oracle, and the rounding of everything else in a run of the plan. */
export const errorOf = (problem: Problem, center: Float64Array, { strength }: Plan): number => {
  const reach = problem.feasible.diameter(center.length)
  const step = (problem.dimensions[1] === 0 ? 1 : 0.5) / (problem.smoothness + strength)
  return problem.error + arithmetic(regularised(problem, strength, center), center, reach, step)
}

/** Three digits, and not less than the number. */
const roundedUp = (value: number): number => {
  const rounded = Number(value.toPrecision(3))
  return rounded >= value ? rounded : Number((1.006 * value).toPrecision(3))
}

/**
 * What the oracle can give when one of the tolerances grows in proportion to its error: a deviation, and a gap that not every point
 * has, where a plan confirms it.
 */
export const refusal = (
  problem: Problem,
  center: Float64Array,
  { allowedError, deviation, gap }: Plan,
  error: number,
): Irreproducible => {
  const reach = problem.feasible.diameter(center.length)
  const answer = new Float64Array(center.length)
  problem.operator(center, answer)
  // <V(z), z - z'> is at most this
  const everyGap = (Vector.norm(answer) + problem.smoothness * reach) * reach
  const possible = (asked: number, tolerances: (value: number) => Tolerances): number => {
    // where the tolerance itself is next to nothing, what it allows is 0
    const from = Math.max(asked, 2 ** -800)
    const first = choose(problem, center, tolerances(from))
    const value = roundedUp(from * (errorOf(problem, center, first) / first.allowedError))
    if (!Number.isFinite(value)) return Number.POSITIVE_INFINITY
    const second = choose(problem, center, tolerances(value))
    const fits = errorOf(problem, center, second) <= second.allowedError
    return fits ? value : Number.POSITIVE_INFINITY
  }
  const possibleGap = possible(gap, (value) => ({ gap: value, deviation }))
  return new Irreproducible({
    gap,
    deviation,
    error,
    allowed: allowedError,
    possibleGap: possibleGap < everyGap ? possibleGap : Number.POSITIVE_INFINITY,
    possibleDeviation: possible(deviation, (value) => ({ gap, deviation: value })),
  })
}
