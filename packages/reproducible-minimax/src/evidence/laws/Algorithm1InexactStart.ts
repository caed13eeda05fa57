import { claim, Draw, Margin, type MarginInput } from "@nonconvex/evidence"
import * as Theory from "../../theory/Theory.ts"
import { deviation } from "../support/Follow.ts"
import { printed } from "../support/Paper.ts"
import { reproducibleMinimax, type Subject } from "../support/Subject.ts"
import * as Two from "../support/TwoRuns.ts"
import { type Started, started, twoStarts } from "../support/TwoStarts.ts"

const startMargin =
  (allowed: (delta: number) => number) =>
  ({
    instance,
    subject,
  }: Pick<MarginInput<Started, undefined, Subject>, "instance" | "subject">): Margin.Comparison => {
    const { delta, eps, first, second, value } = twoStarts(subject, instance)
    return Margin.all(
      Margin.atMost(value(first.point), eps, 1e-9),
      Margin.atMost(deviation(first.point, second.point), allowed(delta), 1e-9),
    )
  }

/** With either stop. */
export const algorithm1InexactStart = claim({
  id: "reproducible-minimax/algorithm-1-inexact-start",
  statement:
    "From starts within delta of each other, Algorithm 1 returns points with a gap of at most eps and a squared deviation of at most 4 delta^2.",
  inFloatingPoint: "run",
  source: printed("Theorem 3.3"),
  subject: reproducibleMinimax,
  instances: Draw.record(started),
  margin: ({ instance, subject }) => {
    const fixed: Subject = {
      ...subject,
      minimisation: (problem, start, request) =>
        subject.minimisation(problem, start, { ...request, stop: "fixed" }),
    }
    const margin = startMargin(Theory.minimisationDeviationOfStart)
    return Margin.all(margin({ instance, subject }), margin({ instance, subject: fixed }))
  },
  controls: [
    {
      name: "a quarter of the deviation",
      margin: startMargin((delta) => (delta * delta) / 16),
      instances: Draw.record({ ...started, decades: Draw.linear(5, 6) }),
    },
    Two.gapTimes("a gap thirty-two times as large", "minimisation", 32),
  ],
})
