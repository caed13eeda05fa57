import { claim, Margin } from "@nonconvex/evidence"
import { topEigenvalue, topOfKernel } from "../../network/TangentKernel.ts"
import { expand } from "../support/Expand.ts"
import { largest, nearVector } from "../support/Near.ts"
import { converted } from "../support/Paper.ts"
import { clusters, setUp } from "../support/ScalarClusters.ts"
import { ours } from "../support/Subject.ts"

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

export const twoIndependentClusters = claim({
  id: "catapults/two-independent-clusters",
  statement:
    "With one input per sample, the tangent kernel of the two-layer quadratic model has rank at most 2, the residual outside its range never moves, and the inputs of either sign evolve independently.",
  inFloatingPoint: "agreement",
  source: converted("Theorem 3, Propositions 7 and 9"),
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
