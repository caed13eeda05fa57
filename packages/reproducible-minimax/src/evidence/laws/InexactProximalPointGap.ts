import { claim, Margin } from "@nonconvex/evidence"
import * as Theory from "../../theory/Theory.ts"
import { printed } from "../support/Paper.ts"
import { expand } from "../support/RandomProblem.ts"
import { reproducibleMinimax } from "../support/Subject.ts"
import * as Two from "../support/TwoRuns.ts"

export const inexactProximalPointGap = claim({
  id: "reproducible-minimax/inexact-proximal-point-gap",
  statement:
    "The mean of T proximal point steps of length alpha, each to a VI residual of e, has a duality gap of at most |z_0 - z|^2 / (2 alpha T) + e.",
  inFloatingPoint: "run",
  source: printed("Lemma C.6"),
  subject: reproducibleMinimax,
  instances: Two.gameRuns,
  value: 1,
  margin: ({ instance, kernels, subject, value: factor }) => {
    const { D, problem, start } = expand(instance, { kernels })
    const { gap } = instance
    const steps = Math.ceil(1 / gap)
    const delta = instance.delta * D
    const request = { gap, distance: D, inexact: "start", delta, steps } as const
    const { point } = subject.proximalPoint(problem, start, request)
    // D^2 for each player
    const accuracy = Theory.proximalAccuracy(1, delta, steps)
    const bound = Theory.proximalPointGap(2 * D * D, 1, steps, accuracy)
    return Margin.atMost(problem.gap!(point), factor * bound, 1e-9)
  },
  controls: [{ name: "a tenth of the gap", value: 0.1 }],
})
