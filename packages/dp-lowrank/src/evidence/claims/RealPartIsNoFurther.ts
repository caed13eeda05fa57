import { claim, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { complexed, distancesOf } from "../support/Complexed.ts"
import { corrected } from "../support/Paper.ts"

export const realPartIsNoFurther = claim({
  id: "dp-lowrank/real-part-is-no-further",
  statement:
    "|M-hat_k - M_k|_F^2 = |Y - M_k|_F^2 + |Im M-hat_k|_F^2: the real part is never further from M_k than the complex matrix (the paper has a factor 2).",
  inFloatingPoint: "spectrum",
  source: corrected("proof of Theorem 1, the factor 2"),
  instances: complexed(),
  margin: ({ instance, kernels }) => {
    const { imaginary, real, whole } = distancesOf(instance, { kernels })
    return Margin.all(
      Margin.equal(Elementary.hypot(real, imaginary), whole, { relative: 1e-9 }),
      Margin.atMost(real, whole, 1e-12),
    )
  },
  controls: [
    {
      name: "no imaginary part",
      margin: ({ instance, kernels }) => {
        const { real, whole } = distancesOf(instance, { kernels })
        return Margin.equal(real, whole, { relative: 1e-9 })
      },
    },
  ],
})
