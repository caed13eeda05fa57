import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as ErrorStrategy from "../../oracle/ErrorStrategy.ts"
import { inexact } from "../../oracle/InexactOracle.ts"
import { regularised } from "../../problem/Problem.ts"
import { deviation, follow } from "../support/Follow.ts"
import { derived } from "../support/Paper.ts"
import * as RandomProblem from "../support/RandomProblem.ts"
import { reproducibleMinimax } from "../support/Subject.ts"

export const deviationIsLinearInTheError = claim({
  id: "reproducible-minimax/deviation-is-linear-in-the-error",
  statement:
    "On quadratics constant errors of any size move the answer of the regularised method in proportion.",
  inFloatingPoint: "run",
  source: Kind.identity(
    derived("the regularised solution is affine in the errors of an affine operator"),
  ),
  subject: reproducibleMinimax,
  instances: Draw.record({
    ...RandomProblem.smallQuadratics,
    strength: Draw.logarithmic(1, 1e-3),
    factor: Draw.linear(2, 100),
  }),
  value: (factor: number) => factor,
  margin: ({ instance, subject, value: expected }) => {
    const { problem, start, stream } = RandomProblem.expandQuadratic(instance)
    const errors = ErrorStrategy.constant(stream("error").onSphere(start.length))
    const r = instance.strength
    const run = (delta: number) => {
      const whole = regularised(inexact(problem, errors, delta), r, start)
      return follow(subject.inexactAccelerated(1 + r, r), whole, start, 60).point
    }
    const exact = run(0)
    const moved = (delta: number) => Math.sqrt(deviation(run(delta), exact))
    const tolerance = { relative: 1e-6, absolute: 1e-12 }
    const allowed = expected(instance.factor) * moved(0.01)
    return Margin.equal(moved(0.01 * instance.factor), allowed, tolerance)
  },
  controls: [{ name: "a deviation that grows with the square", value: (f) => f * f }],
})
