import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Theory from "../../theory/index.ts"
import { expand, type ExpandOptions, sized, squaredNorm } from "../support/Expand.ts"
import { stepAt } from "../support/MetamorphicRun.ts"
import { derived } from "../support/Paper.ts"
import { ours } from "../support/Subject.ts"

/** Case of the law: a network, and how it differs from one with ReLU and without biases. */
type NormCase = Pick<ExpandOptions, "activation" | "bias"> & {
  readonly norm: typeof Theory.squaredNormAfter
}

const exact: NormCase = { norm: Theory.squaredNormAfter }

export const normLaw = claim({
  id: "catapults/norm-law",
  statement:
    "On a network of L homogeneous layers without biases a gradient step changes the squared norm of the parameters by - 2 L e <r, f> + e^2 <r, K r>, exactly.",
  inFloatingPoint: "agreement",
  source: derived("norm law, from Euler's identity"),
  subject: ours,
  instances: sized([8, 8, 32], { depth: Draw.integer(2, 4), kappa: Draw.linear(1, 3) }),
  value: exact,
  margin: ({ instance, kernels, subject, value: { norm, ...options } }) => {
    const { depth, kappa, samples: n } = instance
    const expanded = expand(instance, kernels, { ...options, hidden: depth - 1 })
    const { before, step } = stepAt(subject, expanded, kappa)
    const residual = before.predictions.map((value, i) => value - expanded.targets[i]!)
    let quadratic = 0
    for (let i = 0; i < n; i++) {
      quadratic += residual[i]! * Vector.dot(before.kernel.subarray(i * n, (i + 1) * n), residual)
    }
    const after = subject({ ...expanded, step, steps: 1 })
    const first = squaredNorm(expanded.start)
    const product = Vector.dot(residual, before.predictions)
    const expected = norm(first, depth, step, product, quadratic)
    // relative to what is summed, which may cancel
    const scale = Math.max(1, first, step * step * quadratic)
    return Margin.equal(squaredNorm(after.parameters), expected, { absolute: 1e-12 * scale })
  },
  controls: [
    { name: "biases", value: { ...exact, bias: true } },
    { name: "tanh", value: { ...exact, activation: "tanh" } },
    {
      name: "the depth dropped",
      value: { norm: (norm, _depth, ...rest) => Theory.squaredNormAfter(norm, 1, ...rest) },
    },
  ],
})
