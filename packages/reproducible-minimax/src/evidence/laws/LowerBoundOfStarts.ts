import { claim, Draw, Exact, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { quadratic } from "@nonconvex/problems/Quadratic"
import { minimisation } from "../../problem/Problem.ts"
import { printed } from "../support/Paper.ts"
import { mutant, reproducibleMinimax, type Subject } from "../support/Subject.ts"

/** End point on a constant objective from two starts at distance delta. */
const onAConstant = (subject: Subject, delta: number): ReadonlyArray<number> => {
  const flat = minimisation(quadratic({ spectrum: [0, 0] }), { smoothness: 1 })
  const request = { gap: 0.5, distance: 1, inexact: "start", delta } as const
  return [0, delta].map((x) => subject.minimisation(flat, Float64Array.of(x, 0), request).point[0]!)
}

export const lowerBoundOfStarts = claim({
  id: "reproducible-minimax/lower-bound-of-starts",
  statement:
    "On a constant objective no method can bring starts closer: starts delta apart have a squared deviation of delta^2, the lower bound.",
  extent: { dimension: 1 },
  source: printed("Lemma B.3, inexact start"),
  subject: reproducibleMinimax,
  instances: Draw.record({ delta: Draw.logarithmic(1, 1e-6) }),
  margin: ({ instance: { delta }, subject }) => {
    const [from, to] = onAConstant(subject, delta)
    return Margin.equal(Elementary.square(to! - from!), delta * delta, { relative: 1e-9 })
  },
  exactly: ({ instance: { delta }, subject }) => {
    const [from, to] = onAConstant(subject, delta).map(Exact.of)
    const bound = Exact.square(Exact.of(delta))
    const off = Exact.absolute(Exact.subtract(Exact.square(Exact.subtract(to!, from!)), bound))
    return Exact.atMost(off, Exact.multiply(Exact.of("1e-9"), bound))
  },
  controls: [
    mutant("an output at the origin, whatever the start", (subject) => ({
      minimisation: (problem, start, request) =>
        subject.minimisation(problem, new Float64Array(start.length), request),
    })),
  ],
})
