import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Theory from "../../theory/Theory.ts"
import { printed } from "../support/Paper.ts"
import { reproducibleMinimax } from "../support/Subject.ts"
import { started, twoStarts } from "../support/TwoStarts.ts"

export const algorithm1Steps = claim({
  id: "reproducible-minimax/algorithm-1-steps",
  statement:
    "Algorithm 1 calls the oracle at most 1 + sqrt((l + r) / r) ln(Delta_0 / eps_r) times, with Delta_0 = (l / 2 + r) D^2.",
  inFloatingPoint: "run",
  source: printed("Theorem 3.3, complexity"),
  subject: reproducibleMinimax,
  instances: Draw.record(started),
  value: (root: number, logarithm: number) => 1 + root * logarithm,
  margin: ({ instance, subject, value: allowed }) => {
    const { D, delta, eps, first } = twoStarts(subject, instance)
    const r = Theory.regularisation(eps, D)
    const accuracy = Theory.minimisationAccuracyOfStart(eps, delta, D)
    const logarithm = Elementary.log(Theory.initialGap(1, D, r) / accuracy)
    return Margin.atMost(first.steps, allowed(Math.sqrt((1 + r) / r), logarithm))
  },
  controls: [
    { name: "a tenth of the steps", value: (root, logarithm) => 1 + 0.1 * root * logarithm },
  ],
})
