/** The quadratic model with one input a sample: two clusters that catapult independently. */
import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import * as QuadraticDynamics from "../../theory/QuadraticDynamics.ts"
import { topEigenvalue, topOfKernel } from "../../network/TangentKernel.ts"
import { expand } from "../support/Expand.ts"
import { isTame, stepAt } from "../support/MetamorphicRun.ts"
import { printed } from "../support/Paper.ts"
import { largest, nearVector } from "../support/Near.ts"
import { type Subject, ours } from "../support/Subject.ts"

const clusters = Draw.record({
  samples: Draw.integer(2, 32),
  inputs: Draw.oneOf<number>(1),
  width: Draw.integer(1, 500),
  kappa: Draw.linear(1, 2.5),
  steps: Draw.integer(1, 6),
  seed: Draw.seed(),
})

const setUp = (subject: Subject, instance: Draw.Drawn<typeof clusters>, { kernels }: Given) => {
  const expanded = { ...expand({ ...instance, inputs: 1 }, kernels), frozen: true }
  // where no neuron looks at any input nothing moves
  const { before, step } = stepAt(subject, expanded, instance.kappa, 1e-6)
  return { ...expanded, before, problem: { ...expanded, step, steps: instance.steps } }
}

export const closedSystem = claim({
  id: "catapults/scalar-inputs-closed-system",
  statement:
    "With one input a sample, residuals and tangent kernel of the two-layer quadratic model are a closed system, of two clusters: the positive and the negative inputs.",
  inFloatingPoint: "agreement",
  source: printed("appendix: dynamics with scalar inputs"),
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
      name: "clusters taken for one",
      value: (state, options) =>
        QuadraticDynamics.scalarInputStep(state, {
          ...options,
          inputs: options.inputs.map(Math.abs),
        }),
    },
  ],
})

/** The part of the residual that is orthogonal to the inputs of both signs. */
const outside = (residual: Float64Array, inputs: Float64Array): Float64Array => {
  const left = residual.slice()
  for (const sign of [1, -1]) {
    let [square, product] = [0, 0]
    for (let i = 0; i < inputs.length; i++) {
      if (sign * inputs[i]! <= 0) continue
      square += inputs[i]! * inputs[i]!
      product += inputs[i]! * residual[i]!
    }
    if (square === 0) continue
    for (let i = 0; i < inputs.length; i++) {
      if (sign * inputs[i]! > 0) left[i]! -= (product / square) * inputs[i]!
    }
  }
  return left
}

export const twoClusters = claim({
  id: "catapults/two-independent-clusters",
  statement:
    "With one input a sample, the tangent kernel of the two-layer quadratic model has rank at most 2, the residual outside its range never moves, and the inputs of either sign evolve independently.",
  inFloatingPoint: "agreement",
  source: printed("Theorem 3, Propositions 7 and 9"),
  subject: ours,
  instances: clusters,
  margin: ({ instance, kernels, subject }) => {
    const { before, features, problem, targets } = setUp(subject, instance, { kernels })
    const n = instance.samples
    const after = subject(problem)
    const residual = (f: Float64Array) => f.map((value, i) => value - targets[i]!)
    // what stays is the difference of predictions, and as exact as the largest of them
    const height = largest(after.predictions, 1)
    if (!(height < 1e6)) return Margin.holds(true)
    const [left, kept] = [after, before].map((run) => outside(residual(run.predictions), features))
    const third =
      n < 3
        ? Margin.holds(true)
        : Margin.atMost(
            topOfKernel(after.kernel, n, { count: 3, route: "dense", kernels }).values[2]!,
            1e-9 * Math.max(1, topEigenvalue(after.kernel, n, kernels)),
          )
    // other labels of the negative inputs change nothing for the positive ones
    const others = targets.map((y, i) => (features[i]! < 0 ? y + 1 : y))
    const changed = subject({ ...problem, targets: others })
    const positive = (f: Float64Array) => f.map((value, i) => (features[i]! > 0 ? value : 0))
    return Margin.all(
      nearVector(left!, kept!, 1e-9 * height),
      third,
      nearVector(positive(changed.predictions), positive(after.predictions), 1e-9),
    )
  },
  controls: [
    {
      name: "two inputs a sample",
      subject: (subject) => (problem) => {
        const n = problem.targets.length
        const sizes = { samples: n, inputs: 2, width: problem.start.length, seed: 7 }
        const { architecture, features, start } = expand(sizes, problem.kernels)
        return subject({ ...problem, architecture, features, start })
      },
    },
  ],
})
