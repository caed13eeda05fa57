import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as ErrorStrategy from "../../oracle/ErrorStrategy.ts"
import { inexact } from "../../oracle/InexactOracle.ts"
import { regularised } from "../../problem/Problem.ts"
import { deviation, follow } from "../support/Follow.ts"
import { derived } from "../support/Paper.ts"
import * as RandomProblem from "../support/RandomProblem.ts"
import { reproducibleMinimax } from "../support/Subject.ts"

/** Law that explains why quadratics do not show the exponent 2.5 of Table 1. */
export const quadraticGain = claim({
  id: "reproducible-minimax/quadratic-gain",
  statement:
    "On quadratics the squared deviation of Inexact-AGD with opposed errors delta is at most (2.4 delta / r)^2: the factor sqrt(kappa) of Proposition 3.4 does not occur.",
  inFloatingPoint: "run",
  source: Kind.observation(derived("section 3: the gain from error to iterate on quadratics")),
  subject: reproducibleMinimax,
  instances: Draw.record({
    ...RandomProblem.fewCoordinates,
    strength: Draw.logarithmic(1, 1e-3),
    delta: Draw.logarithmic(1, 1e-6),
  }),
  value: 2.4,
  margin: ({ instance, subject, value: factor }) => {
    const { delta, strength: r } = instance
    const { problem, start, stream } = RandomProblem.expandQuadratic(instance)
    const line = stream("error").onSphere(start.length)
    const L = problem.smoothness + r
    const steps = Math.ceil(8 * Math.sqrt(L / r)) + 20
    const run = (sign: number) => {
      const errors = ErrorStrategy.constant(line.map((x) => sign * x))
      const whole = regularised(inexact(problem, errors, delta), r, start)
      return follow(subject.inexactAccelerated(L, r), whole, start, steps).point
    }
    const gain = (factor * delta) / r
    return Margin.atMost(deviation(run(1), run(-1)), gain * gain, 1e-9)
  },
  controls: [{ name: "a gain of 1 / (2 r) for each run", value: 1 }],
})
