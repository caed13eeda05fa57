import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Theory from "../../theory/Theory.ts"
import { fields, look } from "../support/AveragedGames.ts"
import { printed } from "../support/Paper.ts"
import { mutant, reproducibleMinimax } from "../support/Subject.ts"

const rounding = 1e-12

export const extragradientGap = claim({
  id: "reproducible-minimax/extragradient-gap",
  statement:
    "T steps of extragradient of size 1 / l have averaged half steps with a duality gap between 0 and l D^2 / T, on balls, boxes and simplices.",
  inFloatingPoint: "run",
  source: printed("Lemma B.8"),
  subject: reproducibleMinimax,
  /** Every set, for bilinear games. */
  instances: Draw.record({ ...fields, curvature: Draw.oneOf(0) }),
  value: 1,
  margin: ({ instance, kernels, subject, value: factor }) => {
    const { D, gap } = look(instance, { kernels })
    const found = gap(subject.extragradient(1))
    return Margin.all(
      Margin.atMost(found, factor * Theory.extragradientGap(1, D, instance.steps) + rounding),
      Margin.atLeast(found + rounding, 0),
    )
  },
  controls: [
    { name: "a tenth of the gap", value: 0.1 },
    mutant("gradient descent-ascent in its place", ({ gradient }) => ({ extragradient: gradient })),
  ],
})
