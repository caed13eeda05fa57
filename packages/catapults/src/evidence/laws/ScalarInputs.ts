/** The quadratic model with one input a sample: two clusters that catapult independently. */
import { Draw, type Given, law, Margin } from "@nonconvex/evidence"
import * as QuadraticDynamics from "../../theory/QuadraticDynamics.ts"
import { topEigenvalue, topOfKernel } from "../../network/TangentKernel.ts"
import { expand, type Sizes } from "../support/Expand.ts"
import { printed } from "../support/Paper.ts"
import { nearVector } from "../support/Near.ts"
import type { Problem, Subject } from "../support/Subject.ts"

interface Clusters extends Sizes {
  readonly kappa: number
  readonly steps: number
}

const clusters = Draw.record<Clusters>({
  samples: Draw.integer(2, 32),
  inputs: Draw.oneOf(1),
  width: Draw.integer(1, 500),
  kappa: Draw.linear(1, 2.5),
  steps: Draw.integer(1, 6),
  seed: Draw.seed(),
})

const setUp = (subject: Subject, instance: Clusters, { kernels }: Given) => {
  const expanded = expand({ ...instance, inputs: 1 }, kernels)
  const problem: Problem = { ...expanded, frozen: true, step: 1, steps: 0 }
  const before = subject(problem)
  const top = topEigenvalue(before.kernel, instance.samples, kernels)
  // no neuron looks at any input: nothing moves
  const step = top > 1e-6 ? instance.kappa / top : 0
  return { ...expanded, before, problem: { ...problem, step, steps: instance.steps } }
}

type Step = typeof QuadraticDynamics.scalarInputStep

const followMargin =
  (map: Step) =>
  (subject: Subject, instance: Clusters, given: Given): number => {
    const { before, features, problem, targets } = setUp(subject, instance, given)
    let state: QuadraticDynamics.ScalarInputState = {
      outputs: before.predictions,
      kernel: before.kernel,
    }
    for (let t = 0; t < instance.steps; t++) {
      state = map(state, {
        inputs: features,
        labels: targets,
        step: problem.step,
        width: instance.width,
      })
    }
    const after = subject(problem)
    return Margin.all(
      nearVector(after.predictions, state.outputs, 1e-9),
      nearVector(after.kernel, state.kernel, 1e-9),
    )
  }

export const closedSystem = law<Subject, Clusters>({
  id: "catapults/scalar-inputs-closed-system",
  statement:
    "With one input a sample, residuals and tangent kernel of the two-layer quadratic model are a closed system, of two clusters: the positive and the negative inputs.",
  source: printed("appendix: dynamics with scalar inputs"),
  instances: clusters,
  margin: followMargin(QuadraticDynamics.scalarInputStep),
  controls: [
    {
      name: "the gates of the network move",
      subject: (subject) => (problem) =>
        subject({ ...problem, frozen: false, step: 4 * problem.step }),
    },
    {
      name: "clusters taken for one",
      margin: followMargin((state, options) =>
        QuadraticDynamics.scalarInputStep(state, {
          ...options,
          inputs: options.inputs.map((x) => Math.abs(x)),
        }),
      ),
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
      square += inputs[i]! ** 2
      product += inputs[i]! * residual[i]!
    }
    if (square === 0) continue
    for (let i = 0; i < inputs.length; i++) {
      if (sign * inputs[i]! > 0) left[i]! -= (product / square) * inputs[i]!
    }
  }
  return left
}

const clusterMargin = (subject: Subject, instance: Clusters, given: Given): number => {
  const { before, features, problem, targets } = setUp(subject, instance, given)
  const { kernels } = given
  const n = instance.samples
  const after = subject(problem)
  const residual = (f: Float64Array) => f.map((value, i) => value - targets[i]!)
  // what stays is the difference of predictions, and as exact as the largest of them
  const largest = after.predictions.reduce((most, f) => Math.max(most, Math.abs(f)), 1)
  if (!(largest < 1e6)) return 1
  const rest = Margin.all(
    nearVector(
      outside(residual(after.predictions), features),
      outside(residual(before.predictions), features),
      1e-9 * largest,
    ),
  )
  const third =
    n < 3
      ? 1
      : Margin.atMost(
          topOfKernel(after.kernel, n, { count: 3, route: "dense", kernels }).values[2]!,
          1e-9 * Math.max(1, topEigenvalue(after.kernel, n, kernels)),
        )
  // other labels of the negative inputs change nothing for the positive ones
  const others = targets.map((y, i) => (features[i]! < 0 ? y + 1 : y))
  const changed = subject({ ...problem, targets: others })
  const positive = (f: Float64Array) => f.map((value, i) => (features[i]! > 0 ? value : 0))
  return Margin.all(
    rest,
    third,
    nearVector(positive(changed.predictions), positive(after.predictions), 1e-9),
  )
}

export const twoClusters = law<Subject, Clusters>({
  id: "catapults/two-independent-clusters",
  statement:
    "With one input a sample, the tangent kernel of the two-layer quadratic model has rank at most 2, the residual outside its range never moves, and the inputs of either sign evolve independently.",
  source: printed("Theorem 3, Propositions 7 and 9"),
  instances: clusters,
  margin: clusterMargin,
  controls: [
    {
      name: "two inputs a sample",
      subject: (subject) => (problem) => {
        const n = problem.targets.length
        const sizes = { samples: n, inputs: 2, width: problem.start.length, seed: 7 }
        const wide = expand(sizes, problem.kernels)
        return subject({
          ...problem,
          architecture: wide.architecture,
          features: wide.features,
          start: wide.start,
        })
      },
    },
  ],
})
