import { claim, Draw, Exact, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { quadratic } from "@nonconvex/problems/Quadratic"
import * as ErrorStrategy from "../../oracle/ErrorStrategy.ts"
import { inexact } from "../../oracle/InexactOracle.ts"
import { minimisation } from "../../problem/Problem.ts"
import * as Theory from "../../theory/Theory.ts"
import { follow } from "../support/Follow.ts"
import { derived } from "../support/Paper.ts"
import { reproducibleMinimax, type Subject } from "../support/Subject.ts"

const forced = Draw.record({
  gap: Draw.logarithmic(1, 1e-4),
  distance: Draw.logarithmic(1, 100),
  delta: Draw.logarithmic(0.5, 1e-4),
  method: Draw.oneOf("gradient", "extragradient", "optimisticGradient"),
})

/** End points of two runs with errors delta and -delta, and delta. */
const forcedApart = (
  subject: Subject,
  { delta: share, distance: D, gap: eps, method }: Draw.Drawn<typeof forced>,
  spent: number,
) => {
  const m = (2 * eps) / (D * D)
  const delta = share * m * D
  const problem = minimisation(quadratic({ spectrum: [m] }))
  const ends = [1, -1].map((sign) => {
    const errors = ErrorStrategy.constant(Float64Array.of(sign))
    const oracle = inexact(problem, errors, spent * delta)
    return follow(subject[method](0.4 / m), oracle, Float64Array.of(D / 2), 60 / 0.4).point[0]!
  })
  return { delta, ends }
}

/** The bound is attained, so an oracle that errs less is found out. */
export const forcedDeviation = claim({
  id: "reproducible-minimax/forced-deviation",
  statement:
    "On (eps / D^2) x^2 with errors delta and -delta, the limits of every method that stops at fixed points have the squared deviation (delta D^2 / eps)^2. This attains the lower bound for inexact gradients.",
  extent: { dimension: 1 },
  source: derived("an instance for the lower bound of Lemma B.3"),
  subject: reproducibleMinimax,
  instances: forced,
  value: 1,
  margin: ({ instance, subject, value: spent }) => {
    const { delta, ends } = forcedApart(subject, instance, spent)
    return Margin.atLeast(
      Elementary.square(ends[0]! - ends[1]!),
      0.99 * Theory.forcedDeviation(instance.gap, delta, instance.distance),
    )
  },
  exactly: ({ instance, subject, value: spent }) => {
    const { delta, ends } = forcedApart(subject, instance, spent)
    const [one, other] = ends.map(Exact.of)
    const bound = Exact.divide(
      Exact.multiply(Exact.of(delta), Exact.square(Exact.of(instance.distance))),
      Exact.of(instance.gap),
    )
    return Exact.atLeast(
      Exact.square(Exact.subtract(one!, other!)),
      Exact.multiply(Exact.of("0.99"), Exact.square(bound)),
    )
  },
  controls: [{ name: "an oracle that errs by a tenth less than it may", value: 0.9 }],
})
