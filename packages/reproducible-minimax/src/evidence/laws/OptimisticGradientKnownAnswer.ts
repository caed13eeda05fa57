import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import { follow } from "../support/Follow.ts"
import { recalled } from "../support/Paper.ts"
import * as Random from "../support/RandomProblem.ts"
import { mutant, reproducibleMinimax } from "../support/Subject.ts"

/** PEPit's worst case of ||x_5 - x_4||^2 over |x_0 - x*|^2 for the past extragradient method, step 1 / (4 L). */
const pastExtragradient = 0.060266383644705254

export const optimisticGradientKnownAnswer = claim({
  id: "reproducible-minimax/optimistic-gradient-known-answer",
  statement:
    "Five steps of the past extragradient (optimistic) method of size 1 / (4 L) end with |x_5 - x_4|^2 <= 0.06026639 |x_0 - x*|^2.",
  inFloatingPoint: "run",
  source: recalled("the worst case that PEPit 0.5 computes by semidefinite programming"),
  subject: reproducibleMinimax,
  instances: Draw.record(Random.gameFields),
  value: 1,
  margin: ({ instance, kernels, subject, value: factor }) => {
    const { problem, start } = Random.expand(instance, { kernels })
    const state = follow(subject.optimisticGradient(0.25), problem, start, 4)
    const before = state.point.slice()
    const next = follow(subject.optimisticGradient(0.25), problem, start, 5).point
    const solution = follow(subject.extragradient(0.5), problem, start, 3000).point
    const distance = Vector.distance(start, solution)
    const allowed = factor * pastExtragradient * (distance * distance) + 1e-6 * distance + 1e-9
    return Margin.atMost(Elementary.square(Vector.distance(next, before)), allowed)
  },
  controls: [
    { name: "a fifth of the worst case", value: 0.2 },
    mutant("a step that is four times as long", (subject) => ({
      optimisticGradient: (step) => subject.optimisticGradient(4 * step),
    })),
  ],
})
