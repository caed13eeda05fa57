import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Factorisation from "../../factorisation/Factorisation.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { expand, instances } from "../support/Instances.ts"
import { derived } from "../support/Paper.ts"
import { matrixFactorization } from "../support/Subject.ts"

/** `W_(j+1)' W_(j+1) - W_j W_j'`, one after another. */
const imbalance = (shape: Factorisation.Shape, x: Float64Array, kernels: Kernels.Kernels) => {
  const parts = Factorisation.layers(shape, x)
  return parts.slice(1).map((next, k) => {
    const [width, before, after] = [shape.widths[k + 1]!, shape.widths[k]!, shape.widths[k + 2]!]
    const gram = Matrix.multiply(
      Matrix.transpose(next, after, width),
      next,
      width,
      after,
      width,
      kernels,
    )
    const own = parts[k]!
    Vector.axpy(
      -1,
      Matrix.multiply(own, Matrix.transpose(own, width, before), width, before, width, kernels),
      gram,
    )
    return gram
  })
}

export const balance = claim({
  id: "matrix-factorization/balance",
  statement:
    "W_(j+1)' grad_(j+1) = grad_j W_j', so that a gradient step changes W_(j+1)' W_(j+1) - W_j W_j' by exactly eta^2 times the same of the gradient.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("balancedness")),
  subject: matrixFactorization,
  instances: instances(),
  value: 2,
  margin: ({ instance, kernels, subject, value: power }) => {
    const eta = 0.1
    const { measurements, shape, targets, widths, x } = expand(instance, kernels)
    const gradient = new Float64Array(x.length)
    subject.objective(measurements, targets, widths).valueAndGradient(x, gradient)
    const stepped = x.slice()
    Vector.axpy(-eta, gradient, stepped)
    // a step moves the balance by eta^2 (G_(j+1)' G_(j+1) - G_j G_j'), the balance of the gradient, and by nothing of first order
    const moved = imbalance(shape, gradient, kernels)
    const size = Vector.norm(x) + eta * Vector.norm(gradient)
    const before = imbalance(shape, x, kernels)
    return Margin.all(
      ...imbalance(shape, stepped, kernels).map((after, k) => {
        const expected = before[k]!.slice()
        Vector.axpy(Elementary.pow(eta, power), moved[k]!, expected)
        return Margin.atMost(Vector.distance(after, expected), 1e-12 * size * size)
      }),
    )
  },
  controls: [{ name: "a change of first order", value: 1 }],
})
