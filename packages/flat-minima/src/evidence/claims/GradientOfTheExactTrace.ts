import { claim, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { expand, networkInstance } from "../support/Networks.ts"
import { derived } from "../support/Paper.ts"

export const gradientOfTheExactTrace = claim({
  id: "flat-minima/gradient-of-the-exact-trace",
  statement:
    "On its linear piece, the gradient of that trace has two parts. One is 2 / n times the sum of Hess (s_k . f_i) grad (s_k . f_i), s_k s_k' the factors of the output's curvature. The other comes from the change of the factors.",
  inFloatingPoint: "agreement",
  source: derived("the gradient of a squared gradient"),
  instances: networkInstance("dense", "convolution", "residual"),
  value: (_gradient: Float64Array): void => {},
  /** Compares the slope of the exact trace along its gradient with the squared gradient; `change` alters the gradient. */
  margin: ({ instance, kernels, value: change }) => {
    const { objective, point } = expand(instance, { kernels }, "relu")
    const { gradient, value } = objective.hessianTrace!
    const slope = new Float64Array(point.length)
    gradient(point, slope)
    const direction = slope.slice()
    Vector.normalise(direction)
    change(slope)
    const expected = Vector.dot(slope, direction)
    // where a kink lies between two points a smaller step has none
    const errors = [1e-4, 1e-5, 1e-6, 1e-7].map((h) => {
      const [ahead, behind] = [h, -h].map((t) => value(point.map((x, j) => x + t * direction[j]!)))
      return Math.abs((ahead! - behind!) / (2 * h) - expected)
    })
    return Margin.atMost(Math.min(...errors), 1e-5 * (1 + value(point) + Math.abs(expected)))
  },
  controls: [{ name: "half of it", value: (gradient) => Vector.scale(0.5, gradient) }],
})
