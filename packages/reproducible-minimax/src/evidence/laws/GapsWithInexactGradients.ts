import { claim, Margin } from "@nonconvex/evidence"
import type { Scheme } from "../../methods/Scheme.ts"
import * as Theory from "../../theory/Theory.ts"
import { descentAscent, instances, look } from "../support/AveragedGames.ts"
import { printed } from "../support/Paper.ts"
import { reproducibleMinimax } from "../support/Subject.ts"

export const gapsWithInexactGradients = claim({
  id: "reproducible-minimax/gaps-with-inexact-gradients",
  statement:
    "With oracle errors of at most delta, the averages of GDA, extragradient and small-step extragradient keep the gaps of B.7, B.11 and B.13. These gaps grow by at most sqrt2 delta D, 3 sqrt2 delta D and 3 sqrt2 delta D.",
  inFloatingPoint: "run",
  source: printed("statements B.7, B.11 and B.13"),
  subject: reproducibleMinimax,
  instances,
  value: 1,
  margin: ({ instance, kernels, subject, value: factor }) => {
    const { delta, steps: T } = instance
    const { D, inexactGap, L } = look(instance, { kernels })
    const ascent = descentAscent(subject, instance)
    const small = Theory.smallStepOfGradient(1, delta)
    const { gap: ofSmall } = Theory.smallStepOfGradientBounds(small, D, L, delta, T)
    const within = (scheme: Scheme, bound: number) =>
      Margin.atMost(inexactGap(scheme), factor * bound)
    return Margin.all(
      within(ascent, Theory.descentAscentGapOfGradient(1, D, L, delta, T)),
      within(subject.extragradient(1), Theory.extragradientGapOfGradient(1, D, delta, T)),
      within(subject.extragradient(small), ofSmall),
    )
  },
  controls: [{ name: "a tenth of the gaps", value: 0.1 }],
})
