import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { Geometry } from "../../geometry/Geometry.ts"
import * as Theory from "../../theory/Theory.ts"
import { direction, growth } from "../support/LinearGrowth.ts"
import { derived } from "../support/Paper.ts"
import { expand, randomNetwork } from "../support/RandomNetwork.ts"

export const transientBound = claim({
  id: "label-noise/transient-bound",
  statement:
    "Gradient descent without noise and with a small learning rate takes log(1 / share) / (eta lambda_min) steps until the distance from the minima has shrunk to a given share.",
  inFloatingPoint: "run",
  source: derived("linear convergence to a minimum"),
  instances: Draw.record({
    problem: randomNetwork({ share: 0.4 }),
    share: Draw.logarithmic(0.5, 0.05),
  }),
  value: Theory.transientSteps,
  margin: ({ instance: { problem, share }, kernels, value: predict }) => {
    const { network, theta } = expand(problem, { kernels })
    const { size: n } = network
    const { values, vectors } = new Geometry(network).atParameters(theta).tangentEigen()
    const slowest = values[0]! / n
    const product = 0.02
    // the others shrink faster, and stay stable
    const learningRate = Math.min(product / slowest, (1 / values[n - 1]!) * n)
    const along = direction(network, theta, vectors.subarray(0, n))
    const each = growth(network, theta, along, [...Array(n).keys()], learningRate)
    const steps = predict(learningRate, slowest, share)
    // -log(1 - x) is between x and x / (1 - x)
    return Margin.equal(Elementary.pow(each, steps), share, { relative: 0.1 })
  },
  controls: [
    { name: "twice the steps", value: (...given) => 2 * Theory.transientSteps(...given) },
    {
      name: "the largest eigenvalue of the loss that is divided by n",
      value: (rate, value, share) => Theory.transientSteps(rate, 2 * value, share),
    },
  ],
})
