import { claim, Margin } from "@nonconvex/evidence"
import type { Scheme } from "../../methods/Scheme.ts"
import * as Theory from "../../theory/Theory.ts"
import { descentAscent, instances, look } from "../support/AveragedGames.ts"
import { printed } from "../support/Paper.ts"
import { reproducibleMinimax } from "../support/Subject.ts"

const rounding = 1e-12

export const deviationsFromInexactGradients = claim({
  id: "reproducible-minimax/deviations-from-inexact-gradients",
  statement:
    "With oracle errors of at most delta, the squared deviation of averages is bounded for three methods. GDA: 4 e delta^2 T / (3 l^2). Extragradient: (128 delta^2 + 32 L^2) T^2 / (3 l^2) + 8 delta^2 / l^2. Small-step extragradient: 8 (L^2 + 9) delta^2 (a T)^2.",
  inFloatingPoint: "run",
  source: printed("statements B.7, B.11 and B.13"),
  subject: reproducibleMinimax,
  instances,
  value: (_steps: number): number => 1,
  margin: ({ instance, kernels, subject, value: shrink }) => {
    const { delta, steps: T } = instance
    const { D, gradientDeviation, L } = look(instance, { kernels })
    const ascent = descentAscent(subject, instance)
    const small = Theory.smallStepOfGradient(1, delta)
    const { deviation: ofSmall } = Theory.smallStepOfGradientBounds(small, D, L, delta, T)
    const within = (scheme: Scheme, bound: number) =>
      Margin.atMost(gradientDeviation(scheme), bound / shrink(T) + rounding)
    return Margin.all(
      within(ascent, Theory.descentAscentDeviationOfGradient(1, delta, T)),
      within(subject.extragradient(1), Theory.extragradientDeviationOfGradient(1, L, delta, T)),
      within(subject.extragradient(small), ofSmall),
    )
  },
  controls: [{ name: "deviations that do not grow with T", value: (steps) => 10 * steps }],
})
