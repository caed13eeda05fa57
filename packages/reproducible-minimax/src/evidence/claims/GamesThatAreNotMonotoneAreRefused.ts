import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import { answering, type Problem } from "../../problem/Problem.ts"
import { NotCertified, NotMonotone } from "../../solve/Failures.ts"
import { solve } from "../../solve/Solve.ts"
import { derived } from "../support/Paper.ts"
import { expand, gameFields } from "../support/RandomProblem.ts"
import { thrown } from "../support/Thrown.ts"

/** The problem with the first player's own curvature turned around. */
const concave = (problem: Problem, by: number): Problem => ({
  ...answering(problem, (answer, z) => {
    for (let i = 0; i < problem.dimensions[0]; i++) answer[i] = answer[i]! - by * z[i]!
  }),
  smoothness: problem.smoothness + by,
})

export const gamesThatAreNotMonotoneAreRefused = claim({
  id: "reproducible-minimax/games-that-are-not-monotone-are-refused",
  statement:
    "Where the first player's objective is concave enough, no answer is certified: the violation is found, named, and nothing loops.",
  inFloatingPoint: "program",
  source: derived("the certificate: <V(w) - V(z), w - z> >= 0 for every pair of points"),
  instances: Draw.record({
    ...gameFields,
    curvature: Draw.oneOf(0),
    set: Draw.oneOf("ball", "box"),
    gap: Draw.logarithmic(0.5, 0.05),
  }),
  value: 1.5,
  margin: ({ instance, kernels, value: by }) => {
    const { problem, start } = expand(instance, { kernels })
    const options = { gap: instance.gap, deviation: 1e-6, failure: 0.1, seed: Seed.root(1) }
    const error = thrown(() => solve(concave(problem, by), start, options))
    return Margin.holds(error instanceof NotMonotone || error instanceof NotCertified)
  },
  controls: [{ name: "a convex-concave game", value: 0 }],
})
