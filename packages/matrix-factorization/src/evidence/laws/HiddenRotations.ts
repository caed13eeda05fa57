import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Matrix from "../../internal/Matrix.ts"
import { distance, expand, instances, rotation } from "../support/Instances.ts"
import { derived } from "../support/Paper.ts"
import { matrixFactorization } from "../support/Subject.ts"
import { trained } from "../support/TrainedLayers.ts"
import * as Transformations from "../support/Transformations.ts"

export const hiddenRotations = claim({
  id: "matrix-factorization/hidden-rotations",
  statement:
    "Gradient descent commutes with rotations of the hidden units, W_j -> Q_j W_j Q_(j-1)'.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("metamorphic")),
  subject: matrixFactorization,
  instances: instances(),
  value: true,
  margin: ({ instance, kernels, subject, value: isOrthogonal }) => {
    const { measurements, seed, shape, targets, widths, x } = expand(instance, kernels)
    const { depth } = shape
    const rotations = widths.map((width, j) => {
      if (j === 0 || j === depth) return Matrix.identity(width)
      const q = rotation(width, seed.child("Q").child(j))
      if (!isOrthogonal) Vector.scale(2, q)
      return q
    })
    const inverses = rotations.map((q, j) => Matrix.inverse(q, widths[j]!, kernels))
    const rotateLayers = Transformations.turnedLayers(shape, rotations, inverses, kernels)
    return Margin.atMost(
      distance(
        trained(subject, measurements, targets, widths, rotateLayers(x)),
        rotateLayers(trained(subject, measurements, targets, widths, x)),
      ),
      1e-10,
    )
  },
  controls: [{ name: "hidden units scaled as well", value: false }],
})
