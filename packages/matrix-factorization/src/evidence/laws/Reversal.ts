import { claim, Kind, Margin } from "@nonconvex/evidence"
import { distance, expand, instances } from "../support/Instances.ts"
import { derived } from "../support/Paper.ts"
import { matrixFactorization } from "../support/Subject.ts"
import { trained } from "../support/TrainedLayers.ts"
import * as Transformations from "../support/Transformations.ts"

export const reversal = claim({
  id: "matrix-factorization/reversal",
  statement:
    "Transposing all layers and measurements and reversing the order of the layers changes neither descent nor sharpness.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("metamorphic")),
  subject: matrixFactorization,
  instances: instances(),
  value: true,
  margin: ({ instance, kernels, subject, value: transposesData }) => {
    const { measurements, shape, targets, widths, x } = expand(instance, kernels)
    const backwards = widths.toReversed()
    if (!transposesData && shape.rows !== shape.columns) return Margin.holds(true)
    const data = transposesData ? Transformations.transposed(measurements) : measurements
    const start = Transformations.reversedLayers(shape, x)
    const sharp = subject.layerSharpness(measurements, widths, x)
    return Margin.all(
      Margin.atMost(
        distance(
          trained(subject, data, targets, backwards, start),
          Transformations.reversedLayers(shape, trained(subject, measurements, targets, widths, x)),
        ),
        1e-10,
      ),
      Margin.atMost(
        distance(subject.layerSharpness(data, backwards, start), sharp.toReversed()),
        1e-11,
      ),
    )
  },
  controls: [{ name: "measurements not transposed", value: false }],
})
