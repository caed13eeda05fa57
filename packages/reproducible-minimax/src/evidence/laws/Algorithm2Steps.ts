import { claim, Margin } from "@nonconvex/evidence"
import * as Theory from "../../theory/Theory.ts"
import { printed } from "../support/Paper.ts"
import { reproducibleMinimax } from "../support/Subject.ts"
import * as Two from "../support/TwoRuns.ts"

export const algorithm2Steps = claim({
  id: "reproducible-minimax/algorithm-2-steps",
  statement:
    "Algorithm 2 takes at most 1 + 16 ((l + r) / r) ln(15 (l + r) D^2 / eps_r) extragradient steps.",
  inFloatingPoint: "run",
  source: printed("Theorem 4.4, complexity; the constants derived here"),
  subject: reproducibleMinimax,
  instances: Two.gameRuns,
  value: 1,
  margin: ({ instance, kernels, subject, value: factor }) => {
    const { D, delta, eps, first } = Two.fromStarts(subject, "minimax", instance, { kernels })
    const accuracy = Theory.minimaxAccuracyOfStart(eps, delta, D)
    const r = Theory.regularisation(eps, D)
    return Margin.atMost(first.steps, 1 + factor * Theory.extragradientSteps(1, r, D, accuracy))
  },
  controls: [{ name: "a hundredth of the steps", value: 0.01 }],
})
