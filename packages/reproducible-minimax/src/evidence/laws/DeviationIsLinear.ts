/** How the deviation depends on the size of the errors. */
import { Draw, law, Margin } from "@nonconvex/evidence"
import { deviation, follow } from "../support/Follow.ts"
import { direction } from "../support/Linear.ts"
import { derived } from "../support/Paper.ts"
import { type Drawn, expandQuadratic, smallQuadratics } from "../support/RandomProblem.ts"
import type { Subject } from "../support/Subject.ts"
import * as ErrorStrategy from "../../oracle/ErrorStrategy.ts"
import { inexact } from "../../oracle/InexactOracle.ts"
import { regularised } from "../../problem/Problem.ts"

const linear = {
  ...smallQuadratics,
  strength: Draw.logarithmic(1, 1e-3),
  factor: Draw.linear(2, 100),
}
type Linear = Drawn<typeof linear>

const linearMargin =
  (expected: (factor: number) => number) =>
  (subject: Subject, instance: Linear): number => {
    const { problem, start, stream } = expandQuadratic(instance)
    const errors = ErrorStrategy.constant(direction(start.length, stream("error")))
    const r = instance.strength
    const run = (delta: number) =>
      follow(
        subject.inexactAccelerated(1 + r, r),
        regularised(inexact(problem, errors, delta), r, start),
        start,
        60,
      ).point
    const exact = run(0)
    const [one, more] = [0.01, 0.01 * instance.factor].map((delta) =>
      Math.sqrt(deviation(run(delta), exact)),
    )
    return Margin.equal(more!, expected(instance.factor) * one!, {
      relative: 1e-6,
      absolute: 1e-12,
    })
  }

export const linearity = law<Subject, Linear>({
  id: "reproducible-minimax/deviation-is-linear-in-the-error",
  statement:
    "On quadratics constant errors of any size move the answer of the regularised method in proportion.",
  source: derived("the regularised solution is affine in the errors of an affine operator"),
  instances: Draw.record<Linear>(linear),
  margin: linearMargin((factor) => factor),
  controls: [
    { name: "a deviation that grows with the square", margin: linearMargin((f) => f * f) },
  ],
})
