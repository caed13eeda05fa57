import { claim, Margin } from "@nonconvex/evidence"
import * as QuadraticDynamics from "../../theory/QuadraticDynamics.ts"
import { isTame } from "../support/MetamorphicRun.ts"
import { largest, nearVector } from "../support/Near.ts"
import { converted } from "../support/Paper.ts"
import { clusters, setUp } from "../support/ScalarClusters.ts"
import { ours } from "../support/Subject.ts"

export const scalarInputsClosedSystem = claim({
  id: "catapults/scalar-inputs-closed-system",
  statement:
    "With one input per sample, residuals and tangent kernel of the two-layer quadratic model form a closed system of two clusters: the positive and the negative inputs.",
  inFloatingPoint: "agreement",
  source: converted("appendix: dynamics with scalar inputs"),
  subject: ours,
  instances: clusters,
  value: QuadraticDynamics.scalarInputStep,
  margin: ({ instance, kernels, subject, value: map }) => {
    const { steps, width } = instance
    const { before, features, problem, targets } = setUp(subject, instance, { kernels })
    const options = { inputs: features, labels: targets, step: problem.step, width }
    let state = { outputs: before.predictions, kernel: before.kernel }
    // what comes down again is as exact as the largest that it came from
    let peak = { outputs: 1, kernel: 1 }
    let taken = 0
    // a run that grows ends with the first step out of the numbers that tolerances are for: a few more overflow, and show nothing
    while (taken < steps && isTame(state.outputs)) {
      peak = {
        outputs: largest(state.outputs, peak.outputs),
        kernel: largest(state.kernel, peak.kernel),
      }
      state = map(state, options)
      taken++
    }
    const after = subject({ ...problem, steps: taken })
    return Margin.all(
      nearVector(after.predictions, state.outputs, 1e-9, peak.outputs),
      nearVector(after.kernel, state.kernel, 1e-9, peak.kernel),
    )
  },
  controls: [
    {
      name: "the gates of the network move",
      subject: (subject) => (problem) =>
        subject({ ...problem, frozen: false, step: 4 * problem.step }),
    },
    {
      name: "two clusters treated as one",
      value: (state, options) =>
        QuadraticDynamics.scalarInputStep(state, {
          ...options,
          inputs: options.inputs.map(Math.abs),
        }),
    },
  ],
})
