import { claim, Draw, Margin } from "@nonconvex/evidence"
import { measureError } from "../../oracle/ErrorMeter.ts"
import { derived } from "../support/Paper.ts"
import { fields, oracles } from "../support/RoundedOracles.ts"

export const roundingErrorsAreBounded = claim({
  id: "reproducible-minimax/rounding-errors-are-bounded",
  statement:
    "The measured errors of float32 products, permuted sums, float32 storage and a coarse grid never exceed the errors that these oracles declare.",
  inFloatingPoint: "agreement",
  source: derived("Higham, Accuracy and Stability, section 3.1"),
  instances: Draw.record(fields),
  value: 1,
  margin: ({ instance, kernels, value: factor }) => {
    const { center, exact, root, rounding } = oracles(instance, { kernels })
    return Margin.all(
      ...Object.values(rounding).map((other) => {
        const reading = measureError(exact, other, { center, spread: 0.3, points: 20, seed: root })
        return Margin.atMost(reading.largest, factor * (other.error + exact.error))
      }),
    )
  },
  controls: [{ name: "a tenth of the declared error", value: 0.1 }],
})
