import { claim, Draw, Margin } from "@nonconvex/evidence"
import { regularised } from "../../problem/Problem.ts"
import { derived } from "../support/Paper.ts"
import { expandQuadratic, fewCoordinates } from "../support/RandomProblem.ts"
import { mutant, reproducibleMinimax } from "../support/Subject.ts"

export const certificateVanishes = claim({
  id: "reproducible-minimax/certificate-vanishes",
  statement:
    "With exact gradients the residual of accelerated gradient descent falls a millionfold in 40 sqrt(L / r) steps.",
  inFloatingPoint: "run",
  source: derived("the stopping rule of Algorithm 1"),
  subject: reproducibleMinimax,
  instances: Draw.record({
    ...fewCoordinates,
    strength: Draw.logarithmic(1, 1e-3),
    steps: Draw.integer(1, 1),
  }),
  margin: ({ instance, subject }) => {
    const { problem, start } = expandQuadratic(instance)
    const { strength: r } = instance
    const L = problem.smoothness + r
    const rounds = Math.ceil(40 * Math.sqrt(L / r))
    const scheme = subject.acceleratedStronglyConvex(L, r)
    const state = scheme.init(regularised(problem, r, start), start)
    scheme.step(state)
    const before = scheme.residual(state)
    for (let t = 0; t < rounds; t++) scheme.step(state)
    return Margin.atMost(scheme.residual(state), 1e-6 * before + 1e-13)
  },
  controls: [
    mutant("the momentum of a problem a hundred times less convex", (subject) => ({
      acceleratedStronglyConvex: (smoothness, strongConvexity) =>
        subject.acceleratedStronglyConvex(smoothness, strongConvexity / 1e4),
    })),
  ],
})
