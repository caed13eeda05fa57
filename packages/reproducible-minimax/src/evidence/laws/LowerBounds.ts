/** Instances on which the lower bounds on the deviation are attained. */
import { Draw, law, Margin } from "@nonconvex/evidence"
import { quadratic } from "@nonconvex/problems/Quadratic"
import { follow } from "../support/Follow.ts"
import { derived, printed } from "../support/Paper.ts"
import type { Drawn } from "../support/RandomProblem.ts"
import type { Subject } from "../support/Subject.ts"
import * as ErrorStrategy from "../../oracle/ErrorStrategy.ts"
import { inexact } from "../../oracle/InexactOracle.ts"
import { minimisation } from "../../problem/Problem.ts"
import * as Theory from "../../theory/index.ts"

const forced = {
  gap: Draw.logarithmic(1, 1e-4),
  distance: Draw.logarithmic(1, 100),
  delta: Draw.logarithmic(0.5, 1e-4),
  method: Draw.oneOf("gradient", "extragradient", "optimisticGradient"),
}
type Forced = Drawn<typeof forced>

const forcedMargin =
  (spent: number) =>
  (subject: Subject, { delta: share, distance: D, gap: eps, method }: Forced): number => {
    const m = (2 * eps) / (D * D)
    const delta = share * m * D
    const objective = quadratic({ spectrum: [m] })
    const problem = minimisation(objective)
    const steps = 60 / 0.4
    const ends = [1, -1].map((sign) => {
      const errors = ErrorStrategy.constant(Float64Array.of(sign))
      const scheme = subject[method](0.4 / m)
      return follow(scheme, inexact(problem, errors, spent * delta), Float64Array.of(D / 2), steps)
        .point[0]!
    })
    return Margin.atLeast((ends[0]! - ends[1]!) ** 2, 0.99 * Theory.forcedDeviation(eps, delta, D))
  }

/** The bound is attained, so an oracle that errs less is found out. */
export const forcedDeviation = law<Subject, Forced>({
  id: "reproducible-minimax/forced-deviation",
  statement:
    "On (eps / D^2) x^2 with errors delta and -delta, the limits of every method that stops at fixed points deviate by (delta D^2 / eps)^2 in squares: the lower bound for inexact gradients is attained.",
  source: derived("an instance for the lower bound of Lemma B.3"),
  instances: Draw.record<Forced>(forced),
  margin: forcedMargin(1),
  controls: [
    { name: "an oracle that errs by a tenth less than it may", margin: forcedMargin(0.9) },
  ],
})

const spread = { delta: Draw.logarithmic(1, 1e-6) }
type Spread = Drawn<typeof spread>

export const startsStayApart = law<Subject, Spread>({
  id: "reproducible-minimax/lower-bound-of-starts",
  statement:
    "On a constant objective no method can bring starts together: the squared deviation of starts delta apart is delta^2, the lower bound.",
  source: printed("Lemma B.3, inexact start"),
  instances: Draw.record<Spread>(spread),
  margin: (subject, { delta }) => {
    const flat = { ...minimisation(quadratic({ spectrum: [0, 0] }), { smoothness: 1 }) }
    const ends = [0, delta].map((x) => {
      const start = Float64Array.of(x, 0)
      return subject.minimisation(flat, start, {
        gap: 0.5,
        distance: 1,
        inexact: "start",
        delta,
      }).point[0]!
    })
    return Margin.equal((ends[1]! - ends[0]!) ** 2, delta ** 2, { relative: 1e-9 })
  },
  controls: [
    {
      name: "an output at the origin, whatever the start",
      subject: (subject) => ({
        ...subject,
        minimisation: (problem, start, request) =>
          subject.minimisation(problem, new Float64Array(start.length), request),
      }),
    },
  ],
})
