/** Two-layer linear networks: the closed maps are gradient descent on the weights. */
import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import * as LinearNetwork from "../../theory/LinearNetwork.ts"
import * as QuadraticDynamics from "../../theory/QuadraticDynamics.ts"
import { topEigenvalue } from "../../network/TangentKernel.ts"
import { expand, type Sizes, sized, squaredNorm } from "../support/Expand.ts"
import { derived, recalled } from "../support/Paper.ts"
import { near, nearVector } from "../support/Near.ts"
import { ours } from "../support/Subject.ts"

/** The data of `f = v' U x / sqrt(m)`, without the root of the inputs that the NTK parametrisation divides by. */
const linear = (sizes: Sizes, { kernels }: Given) => {
  const expanded = expand(sizes, kernels, { activation: "identity" })
  const { architecture, features } = expanded
  return {
    ...expanded,
    features: features.map((x) => x * Math.sqrt(architecture.widths[0]!)),
    inputs: features,
  }
}

export const oneSample = claim({
  id: "catapults/one-sample-linear-network",
  statement:
    "A gradient step on a two-layer linear network with one sample maps output and tangent kernel to f - e z lambda + e^2 z^2 f |x|^2 / m and lambda + (e z |x|^2 / m)(e z lambda - 4 f), at any width.",
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

export const manySamples = claim({
  id: "catapults/linear-network-closed-system",
  statement:
    "Gradient descent on a two-layer linear network with n samples is closed in the outputs, |v|^2 / m and X U' U X' / m: n^2 + n + 1 numbers follow it at any width.",
  inFloatingPoint: "agreement",
  source: derived("closed system of n samples"),
  subject: ours,
  instances: sized([8, 8, 64], {
    /** Effective step times the largest eigenvalue at the start. */
    kappa: Draw.linear(1, 3),
    steps: Draw.integer(1, 20),
  }),
  value: LinearNetwork.sampleStep,
  margin: ({ instance, kernels, subject, value: map }) => {
    const { inputs, ...problem } = linear(instance, { kernels })
    const { start, targets } = problem
    const { samples: n, width: m, inputs: d } = instance
    const before = subject({ ...problem, step: 1, steps: 0 })
    const step = instance.kappa / topEigenvalue(before.kernel, n, kernels)
    const gram = QuadraticDynamics.gram(inputs, inputs, n, d)
    const alpha = squaredNorm(start.subarray(m * d)) / m
    let state: LinearNetwork.SampleState = {
      outputs: before.predictions,
      alpha,
      inner: before.kernel.map((value, at) => value - alpha * gram[at]!),
    }
    for (let t = 0; t < instance.steps; t++) {
      state = map(state, { gram, labels: targets, step, width: m })
      // runs that leave the numbers in which a tolerance makes sense show nothing
      if (state.outputs.some((f) => Math.abs(f) >= 1e6)) return Margin.holds(true)
    }
    const after = subject({ ...problem, step, steps: instance.steps })
    return Margin.all(
      nearVector(after.predictions, state.outputs, 1e-8),
      nearVector(after.kernel, LinearNetwork.kernelOf(state, gram), 1e-8),
    )
  },
  controls: [
    {
      name: "without the second order in the outputs",
      value: (state, options) => {
        const first = LinearNetwork.sampleStep(state, { ...options, width: Infinity })
        return { ...LinearNetwork.sampleStep(state, options), outputs: first.outputs }
      },
    },
    {
      name: "the kernel at rest, as in the lazy regime",
      value: (state, options) => ({
        ...state,
        outputs: LinearNetwork.sampleStep(state, options).outputs,
      }),
    },
  ],
})
