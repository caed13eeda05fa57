import { claim, Margin } from "@nonconvex/evidence"
import * as Theory from "../../theory/Theory.ts"
import { descentAscent, instances, look } from "../support/AveragedGames.ts"
import { printed } from "../support/Paper.ts"
import { mutant, reproducibleMinimax } from "../support/Subject.ts"

const rounding = 1e-12

export const descentAscentGap = claim({
  id: "reproducible-minimax/descent-ascent-gap",
  statement:
    "T steps of GDA of size 1 / (l sqrt(T)) have an average with a duality gap of at most (l D^2 + L^2 / (2 l)) / sqrt(T).",
  inFloatingPoint: "run",
  source: printed("Lemma B.4"),
  subject: reproducibleMinimax,
  instances,
  value: Theory.descentAscentGap,
  margin: ({ instance, kernels, subject, value: bound }) => {
    const { D, L, gap } = look(instance, { kernels })
    const found = gap(descentAscent(subject, instance))
    return Margin.atMost(found, bound(1, D, L, instance.steps) + rounding)
  },
  controls: [
    {
      name: "the rate of extragradient",
      value: (l, D, L, T) => Theory.descentAscentGap(l, D, L, T * T) / 8,
    },
    mutant("a step a hundred times as short", (subject) => ({
      gradient: (a) => subject.gradient(a / 100),
    })),
  ],
})
