import { claim, Draw, Margin } from "@nonconvex/evidence"
import { topEigenvalue } from "../../network/TangentKernel.ts"
import * as LinearNetwork from "../../theory/LinearNetwork.ts"
import * as QuadraticDynamics from "../../theory/QuadraticDynamics.ts"
import { sized, squaredNorm } from "../support/Expand.ts"
import { nearVector } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"
import { linear } from "../support/RandomLinearNetwork.ts"
import { ours } from "../support/Subject.ts"

export const linearNetworkClosedSystem = claim({
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
