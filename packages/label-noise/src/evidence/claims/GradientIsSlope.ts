import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { Geometry } from "../../geometry/Geometry.ts"
import { alongRetraction, gradientAt } from "../support/AlongRetraction.ts"
import { euclideanGradient } from "../support/EuclideanGradient.ts"
import { derived } from "../support/Paper.ts"
import { expand, problems, randomDirection, withNorms } from "../support/RandomNetwork.ts"

const instances = problems()

export const gradientIsSlope = claim({
  id: "label-noise/gradient-is-slope",
  statement:
    "The derivative of the sharpness along the orthographic retraction of any direction is the inner product with the Riemannian gradient.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("Riemannian gradient and retraction")),
  instances,
  value: gradientAt,
  margin: ({ instance: { problem }, kernels, value: direction }) => {
    const expanded = withNorms(expand(problem, { kernels }))
    const geometry = new Geometry(expanded.network).atParameters(expanded.theta)
    const u = randomDirection(expanded)
    const { h, values } = alongRetraction(expanded, u)
    const [a, b, , c, d] = values as [number, number, number, number, number]
    const measured = (a - 8 * b + 8 * c - d) / (12 * h)
    const expected = Vector.dot(direction(geometry), u)
    const size = Vector.norm(euclideanGradient(geometry)) + geometry.sharpness
    return Margin.equal(measured, expected, { absolute: 1e-6 * size })
  },
  controls: [
    { name: "the Euclidean gradient", value: euclideanGradient },
    { name: "half the gradient", value: (geometry) => gradientAt(geometry).map((g) => g / 2) },
  ],
})
