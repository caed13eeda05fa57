import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import { inexact } from "../../oracle/InexactOracle.ts"
import * as Theory from "../../theory/Theory.ts"
import { follow } from "../support/Follow.ts"
import { printed } from "../support/Paper.ts"
import * as RandomProblem from "../support/RandomProblem.ts"
import { regularisedQuadratic } from "../support/RegularisedGame.ts"
import { mutant, reproducibleMinimax } from "../support/Subject.ts"

export const inexactAcceleration = claim({
  id: "reproducible-minimax/inexact-acceleration",
  statement:
    "On a mu-strongly convex, l-smooth objective, let gradient errors be at most delta. Then Inexact-AGD satisfies f(x_T) - f* <= e^(-T / (2 sqrt(kappa))) (f(x_0) - f* + (mu / 4) |x_0 - x*|^2) + sqrt(kappa) (1 / l + 2 / mu) delta^2.",
  inFloatingPoint: "run",
  source: printed("Proposition 3.4, Lemma A.4"),
  subject: reproducibleMinimax,
  instances: Draw.record({
    ...RandomProblem.fewCoordinates,
    strength: Draw.logarithmic(1, 3e-4),
    delta: Draw.logarithmic(1, 1e-4),
    steps: Draw.integer(1, 400),
    strategy: RandomProblem.anyStrategy,
  }),
  value: Theory.inexactAcceleratedGap,
  margin: ({ instance, subject, value: bound }) => {
    const { delta, steps: T, strategy, strength: mu } = instance
    const { gapAt, solution, start, stream, whole } = regularisedQuadratic(instance)
    const l = whole.smoothness
    const errors = RandomProblem.strategyOf(strategy, { reference: solution, stream })
    const state = follow(subject.inexactAccelerated(l, mu), inexact(whole, errors, delta), start, T)
    const initial = { gap: gapAt(start), distance: Vector.distance(start, solution) }
    const allowed = bound(initial, { delta, l, mu, T }) + 1e-12 * (1 + initial.gap)
    return Margin.atMost(gapAt(state.point), allowed, 1e-9)
  },
  controls: [
    mutant("no momentum, at a hundredth of the step", (subject) => ({
      inexactAccelerated: (smoothness) => subject.gradient(0.005 / smoothness),
    })),
    {
      name: "an error of order delta^2 / l only",
      value: (initial, { T, delta, l, mu }) => {
        const rate = Elementary.exp(-T / (2 * Math.sqrt(l / mu)))
        return (
          rate * (initial.gap + (mu / 4) * (initial.distance * initial.distance)) +
          (delta * delta) / l / 4
        )
      },
    },
  ],
})
