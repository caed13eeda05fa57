import { claim, Margin } from "@nonconvex/evidence"
import { Factorisation } from "../../index.ts"
import { distance, expand, instances, leastIsotropic, wideEnough } from "../support/Instances.ts"
import { evenSharpness, withBalanced } from "../support/IsotropicSharpness.ts"
import { derived } from "../support/Paper.ts"
import { matrixFactorization } from "../support/Subject.ts"

export const isotropicAttained = claim({
  id: "matrix-factorization/isotropic-attained",
  statement:
    "For an isotropic design the closed-form layers multiply to M and have T = L (d_0 d_L)^(1/L) |M|_*^(2 (L-1)/L).",
  inFloatingPoint: "spectrum",
  source: derived("flattest layers of an isotropic design, in closed form"),
  subject: matrixFactorization,
  instances: instances(),
  margin: ({ instance, kernels, subject }) => {
    const widths = wideEnough(instance.widths)
    const { shape, x } = expand(instance, kernels, widths)
    const m = Factorisation.endToEnd(shape, x, kernels)
    const flat = subject.flattest(widths, m, kernels)
    const t = evenSharpness(subject, shape, flat, kernels)
    return Margin.all(
      Margin.atMost(distance(Factorisation.endToEnd(shape, flat, kernels), m), 1e-10),
      Margin.equal(t, leastIsotropic(shape, m, kernels), { relative: 1e-10 }),
    )
  },
  controls: [{ name: "the balanced layers of weight decay", subject: withBalanced }],
})
