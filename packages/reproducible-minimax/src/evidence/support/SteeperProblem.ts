import { Draw } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { answering, type Problem } from "../../problem/Problem.ts"
import * as Random from "./RandomProblem.ts"

/** Problem whose operator, and therefore its smoothness, is scaled by `l`. */
export const steeper = (problem: Problem, l: number): Problem => ({
  ...answering(problem, (answer) => Vector.scale(l, answer)),
  smoothness: l * problem.smoothness,
})

export const shared = {
  l: Draw.oneOf(1, 4, 0.25),
  gap: Draw.logarithmic(1, 0.1),
  delta: Draw.logarithmic(0.1, 1e-3),
  inexact: Draw.oneOf("start", "gradient"),
  stop: Draw.oneOf("certified", "fixed"),
  error: Draw.oneOf(0, 1e-4),
}

/** End of a run: after a number of steps, or when a bound is within the accuracy. */
export const outcome = (isCertified: boolean, isWithin: boolean) =>
  isCertified ? "certified" : isWithin ? "fixed" : "stalled"

/** Inputs of Algorithms 1 and 2 on a set of diameter D, and the total error of the gradients. */
export const posed = (
  {
    delta: share,
    error,
    gap,
    inexact,
    l,
    stop,
  }: Omit<Random.Drawn<typeof shared>, "error"> & { readonly error: number },
  D: number,
) => {
  const eps = gap * l * D * D
  const delta = inexact === "start" ? share * D : (share * eps) / D
  const off = inexact === "start" ? error : Math.max(error, delta)
  return { eps, delta, off, options: { gap: eps, distance: D, inexact, delta, stop } }
}
