import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { derived } from "../support/Paper.ts"
import { proximalFields } from "../support/ProximalRequest.ts"
import { expand } from "../support/RandomProblem.ts"
import { reproducibleMinimax } from "../support/Subject.ts"

const request = { gap: 1, distance: 2, inexact: "gradient", delta: 1e-6 } as const

export const proximalSequenceRestarts = claim({
  id: "reproducible-minimax/proximal-sequence-restarts",
  statement: "Splitting the steps of Algorithm 3 into two runs does not change the last iterate.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("a proximal step depends on the last iterate alone")),
  subject: reproducibleMinimax,
  instances: Draw.record(proximalFields),
  value: 0,
  margin: ({ instance, kernels, subject, value: drop }) => {
    const { problem, start } = expand(instance, { kernels })
    const { first, second } = instance
    const run = (from: Float64Array, steps: number) =>
      subject.proximalPoint(problem, from, { ...request, steps }).last
    const whole = run(start, first + second)
    const parts = run(run(start, first), second + drop)
    // a point of a simplex may move by an ulp when it is projected again
    return Margin.atMost(Vector.distance(whole, parts), 1e-13)
  },
  controls: [{ name: "a step more", value: 1 }],
})
