import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as LinearNetwork from "../../theory/LinearNetwork.ts"
import { squaredNorm } from "../support/Expand.ts"
import { near } from "../support/Near.ts"
import { recalled } from "../support/Paper.ts"
import { linear } from "../support/RandomLinearNetwork.ts"
import { ours } from "../support/Subject.ts"

export const oneSampleLinearNetwork = claim({
  id: "catapults/one-sample-linear-network",
  statement:
    "A gradient step on a two-layer linear network with one sample maps the output to f - e z lambda + e^2 z^2 f |x|^2 / m, at any width. It maps the tangent kernel to lambda + (e z |x|^2 / m)(e z lambda - 4 f).",
  inFloatingPoint: "agreement",
  source: recalled("Lewkowycz et al. 2020, for general inputs and labels"),
  subject: ours,
  instances: Draw.record({
    samples: Draw.oneOf<number>(1),
    inputs: Draw.integer(1, 8),
    width: Draw.integer(1, 64),
    step: Draw.linear(1, 0),
    isZero: Draw.oneOf(true, false),
    seed: Draw.seed(),
  }),
  value: LinearNetwork.oneSampleStep,
  margin: ({ instance, kernels, subject, value: map }) => {
    const { inputs, targets, ...rest } = linear({ ...instance, samples: 1 }, { kernels })
    const label = instance.isZero ? 0 : targets[0]!
    const problem = { ...rest, targets: Float64Array.of(label) }
    const before = subject({ ...problem, step: instance.step, steps: 0 })
    const after = subject({ ...problem, step: instance.step, steps: 1 })
    const next = map(
      { output: before.predictions[0]!, kernel: before.kernel[0]! },
      { label, step: instance.step, squaredInput: squaredNorm(inputs), width: instance.width },
    )
    return Margin.all(
      near(after.predictions[0]!, next.output, 1e-12),
      near(after.kernel[0]!, next.kernel, 1e-12),
    )
  },
  controls: [
    {
      name: "half the effective step: the factor 2 of the squared loss dropped",
      value: (state, options) =>
        LinearNetwork.oneSampleStep(state, { ...options, step: options.step / 2 }),
    },
    {
      name: "the width dropped",
      value: (state, options) => LinearNetwork.oneSampleStep(state, { ...options, width: 1 }),
    },
    {
      name: "ReLU",
      subject: (subject) => (problem) =>
        subject({ ...problem, architecture: { ...problem.architecture, activation: "relu" } }),
    },
  ],
})
