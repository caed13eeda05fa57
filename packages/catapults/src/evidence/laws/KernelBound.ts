import { claim, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { topEigenvalue } from "../../network/TangentKernel.ts"
import * as TwoLayer from "../../theory/TwoLayer.ts"
import * as Theory from "../../theory/index.ts"
import { sized, type Sizes, squaredNorm } from "../support/Expand.ts"
import { withSigma } from "../support/NormInstances.ts"
import { derived } from "../support/Paper.ts"
import { ours } from "../support/Subject.ts"

/** One neuron along the only sample, with all others 0, attains the bound. */
const attainedBound = ({ inputs, width }: Sizes, x: Float64Array): Margin.Comparison => {
  const first = new Float64Array(width * inputs)
  const second = new Float64Array(width)
  first.set(x)
  second[0] = 0.7
  const [kernel] = TwoLayer.tangentKernel({ inputs, width, first, second, features: x })
  const norm = squaredNorm(first) + squaredNorm(second)
  const bound = Theory.kernelBound(Vector.norm(x), norm, width, inputs)
  return Margin.all(
    Margin.equal(bound, kernel!, { relative: 1e-9 }),
    // kappa is 4 there
    Margin.equal(Theory.certifiedStep(Vector.norm(x), norm, width, inputs) * kernel!, 4, {
      relative: 1e-9,
    }),
  )
}

export const kernelBound = claim({
  id: "catapults/kernel-bound",
  statement:
    "The tangent kernel of a two-layer ReLU network without biases satisfies lambda_max(K) <= sigma_max(X)^2 |theta|^2 / (m d), which one neuron along one sample attains.",
  inFloatingPoint: "spectrum",
  source: derived("bound of the tangent kernel by the norm"),
  subject: ours,
  instances: sized([8, 8, 64], {}),
  value: Theory.kernelBound,
  margin: ({ instance, kernels, subject, value: bound }) => {
    const { inputs, samples, width } = instance
    const { expanded, sigma } = withSigma(instance, { kernels })
    const { kernel } = subject({ ...expanded, step: 1, steps: 0 })
    const most = bound(sigma, squaredNorm(expanded.start), width, inputs)
    return Margin.all(
      Margin.atMost(topEigenvalue(kernel, samples, kernels), most, 1e-12),
      attainedBound(instance, expanded.features.subarray(0, inputs)),
    )
  },
  controls: [
    {
      name: "divided by the width twice",
      value: (sigma, norm, width, inputs) => Theory.kernelBound(sigma, norm, width, inputs) / width,
    },
    {
      name: "the singular value not squared",
      value: (sigma, ...rest) => Theory.kernelBound(Math.sqrt(sigma), ...rest),
    },
  ],
})
