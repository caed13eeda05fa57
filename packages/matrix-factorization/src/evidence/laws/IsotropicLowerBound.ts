import { claim, Margin } from "@nonconvex/evidence"
import { Factorisation } from "../../index.ts"
import { expand, instances, leastIsotropic, wideEnough } from "../support/Instances.ts"
import { evenSharpness } from "../support/IsotropicSharpness.ts"
import { recalled } from "../support/Paper.ts"
import { matrixFactorization } from "../support/Subject.ts"

export const isotropicLowerBound = claim({
  id: "matrix-factorization/isotropic-lower-bound",
  statement:
    "For an isotropic design every factorisation of M has T >= L (d_0 d_L)^(1/L) |M|_*^(2 (L-1)/L).",
  inFloatingPoint: "spectrum",
  source: recalled("induced regulariser"),
  subject: matrixFactorization,
  instances: instances(),
  margin: ({ instance, kernels, subject }) => {
    const { shape, x } = expand(instance, kernels)
    const least = leastIsotropic(shape, Factorisation.endToEnd(shape, x, kernels), kernels)
    return Margin.of(
      "sharpness of the even factorisation",
      Margin.atLeast(evenSharpness(subject, shape, x, kernels), least, 1e-11),
    )
  },
  controls: [
    {
      name: "a tenth more, at the flattest layers",
      margin: ({ instance, kernels, subject }) => {
        const { shape, widths, x } = expand(instance, kernels, wideEnough(instance.widths))
        const m = Factorisation.endToEnd(shape, x, kernels)
        const t = evenSharpness(subject, shape, subject.flattest(widths, m, kernels), kernels)
        return Margin.of(
          "sharpness of the flattest layers",
          Margin.atLeast(t, 1.1 * leastIsotropic(shape, m, kernels), 1e-11),
        )
      },
    },
  ],
})
