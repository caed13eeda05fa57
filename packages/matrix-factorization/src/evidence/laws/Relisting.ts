import { claim, Kind, Margin } from "@nonconvex/evidence"
import { range } from "../support/Combinations.ts"
import { distance, expand, instances } from "../support/Instances.ts"
import { derived } from "../support/Paper.ts"
import { matrixFactorization } from "../support/Subject.ts"
import { trained } from "../support/TrainedLayers.ts"
import * as Transformations from "../support/Transformations.ts"

export const relisting = claim({
  id: "matrix-factorization/relisting",
  statement:
    "Full-batch descent does not change when the measurements are permuted, nor when all are listed twice.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("metamorphic")),
  subject: matrixFactorization,
  instances: instances(),
  value: (count: number) => [...range(count).toReversed(), ...range(count)],
  margin: ({ instance, kernels, subject, value: list }) => {
    const { measurements, targets, widths, x } = expand(instance, kernels)
    const order = list(measurements.count)
    const labels = Float64Array.from(order, (i) => targets[i]!)
    return Margin.atMost(
      distance(
        trained(subject, Transformations.selected(measurements, order), labels, widths, x),
        trained(subject, measurements, targets, widths, x),
      ),
      1e-10,
    )
  },
  controls: [{ name: "only the first listed twice", value: (count) => [0, ...range(count)] }],
})
