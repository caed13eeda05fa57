import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as Matrix from "../../internal/Matrix.ts"
import { distance, expand, instances, rotation } from "../support/Instances.ts"
import { derived } from "../support/Paper.ts"
import { matrixFactorization } from "../support/Subject.ts"
import { trained } from "../support/TrainedLayers.ts"
import * as Transformations from "../support/Transformations.ts"

export const outerRotations = claim({
  id: "matrix-factorization/outer-rotations",
  statement:
    "Gradient descent commutes with rotations of inputs and outputs together with the measurements, A -> P A Q'.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("metamorphic")),
  subject: matrixFactorization,
  instances: instances(),
  value: false,
  margin: ({ instance, kernels, subject, value: forgetsData }) => {
    const { measurements, seed, shape, targets, widths, x } = expand(instance, kernels)
    const { columns, depth, rows } = shape
    const p = rotation(rows, seed.child("P"))
    const q = rotation(columns, seed.child("Q"))
    const plain = widths.map((width) => Matrix.identity(width))
    const rotateLayers = Transformations.turnedLayers(
      shape,
      plain.with(depth, p),
      plain.with(0, Matrix.transpose(q, columns, columns)),
      kernels,
    )
    const data = forgetsData ? measurements : Transformations.turned(measurements, p, q)
    return Margin.atMost(
      distance(
        trained(subject, data, targets, widths, rotateLayers(x)),
        rotateLayers(trained(subject, measurements, targets, widths, x)),
      ),
      1e-10,
    )
  },
  controls: [{ name: "measurements left as they are", value: true }],
})
