import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import * as ErrorStrategy from "../../oracle/ErrorStrategy.ts"
import { inexact } from "../../oracle/InexactOracle.ts"
import { follow } from "../support/Follow.ts"
import { recalled } from "../support/Paper.ts"
import * as Random from "../support/RandomProblem.ts"
import { mutant, reproducibleMinimax } from "../support/Subject.ts"

/** PEPit's worst case of f(x_5) - f* over L |x_0 - x*|^2 with relative gradient errors of a tenth. */
const relativeInexactness = 0.03944038534724904

export const inexactAccelerationKnownAnswer = claim({
  id: "reproducible-minimax/inexact-acceleration-known-answer",
  statement:
    "Five steps of AGD with gradients that err by at most a tenth of their norm have a gap of at most 0.03944039 L |x_0 - x*|^2.",
  inFloatingPoint: "run",
  source: recalled("the worst case that PEPit 0.5 computes by semidefinite programming"),
  subject: reproducibleMinimax,
  instances: Draw.record({
    ...Random.fewCoordinates,
    sign: Draw.oneOf(1, -1),
    turn: Draw.linear(0, 1),
  }),
  value: 1,
  margin: ({ instance, subject, value: factor }) => {
    const { D, problem, start, value } = Random.expandQuadratic(instance)
    const damped = Math.sqrt(1 - instance.turn * instance.turn)
    const errors: ErrorStrategy.ErrorStrategy = (z, answer, error) => {
      ErrorStrategy.turning(z, answer, error)
      const length = Vector.norm(answer)
      for (let i = 0; i < error.length; i++) {
        const along = length === 0 ? 0 : answer[i]! / length
        error[i] = length * (instance.sign * damped * along + instance.turn * error[i]!)
      }
    }
    const state = follow(subject.accelerated(1), inexact(problem, errors, 0.1), start, 5)
    return Margin.atMost(value(state.point), factor * relativeInexactness * (D * D), 1e-9)
  },
  controls: [
    { name: "a fifth of the worst case", value: 0.2 },
    mutant("no momentum and half of the step", (subject) => ({
      accelerated: (l) => subject.gradient(0.3 / l),
    })),
  ],
})
