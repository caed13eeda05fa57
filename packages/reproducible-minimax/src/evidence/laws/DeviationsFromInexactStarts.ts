import { claim, Margin } from "@nonconvex/evidence"
import type { Scheme } from "../../methods/Scheme.ts"
import * as Theory from "../../theory/Theory.ts"
import { descentAscent, instances, look } from "../support/AveragedGames.ts"
import { printed } from "../support/Paper.ts"
import { reproducibleMinimax } from "../support/Subject.ts"

export const deviationsFromInexactStarts = claim({
  id: "reproducible-minimax/deviations-from-inexact-starts",
  statement:
    "From starts within delta, the squared deviation of averages is bounded for three methods. GDA: e delta^2. Extragradient: min(4 delta^2 + 16 L^2 T^2 / (3 l^2), 2 (1 + sqrt2)^(2 T) delta^2). Small-step extragradient: 4 (L^2 + 1) delta^2.",
  inFloatingPoint: "run",
  source: printed("statements B.6, B.10 and B.12"),
  subject: reproducibleMinimax,
  instances,
  value: 1,
  margin: ({ instance, kernels, subject, value: factor }) => {
    const { delta, steps: T } = instance
    const { D, L, startDeviation } = look(instance, { kernels })
    const small = Theory.smallStepOfStart(1, delta, T)
    const { deviation: ofSmall } = Theory.smallStepOfStartBounds(small, D, L, delta, T)
    const within = (scheme: Scheme, bound: number) =>
      Margin.atMost(startDeviation(scheme), factor * bound, 1e-9)
    return Margin.all(
      within(descentAscent(subject, instance), Theory.descentAscentDeviationOfStart(delta)),
      within(subject.extragradient(1), Theory.extragradientDeviationOfStart(1, L, delta, T)),
      within(subject.extragradient(small), ofSmall),
    )
  },
  controls: [{ name: "a hundredth of the deviations", value: 0.01 }],
})
