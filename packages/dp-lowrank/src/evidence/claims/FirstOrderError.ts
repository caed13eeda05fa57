import { claim, type Given, Margin } from "@nonconvex/evidence"
import * as NoiseEnsemble from "../../theory/NoiseEnsemble.ts"
import * as TruncationError from "../../theory/TruncationError.ts"
import { type Errors, errors, measured } from "../support/MeasuredErrors.ts"
import { derived } from "../support/Paper.ts"

/** The ratios to the rate and to the formula for `beta`. */
export const errorMargin = (
  instance: Errors,
  given: Given,
  beta: NoiseEnsemble.Beta,
  trials = 60,
): Margin.Comparison => {
  const { complex, plain, real, spectrum } = measured(instance, given, trials)
  const { rank } = instance
  const rate = TruncationError.printedRate(1, spectrum, rank)
  const predicted = (b: NoiseEnsemble.Beta) =>
    TruncationError.firstOrderError(b, NoiseEnsemble.ensembleVariance(b, 1), spectrum, rank)
  // where nothing is left out there is no gap to fall into
  const whole = TruncationError.printedRate(1, spectrum.subarray(0, rank), rank)
  return Margin.all(
    Margin.equal(whole, rank, { relative: 1e-9 }),
    Margin.atMost(complex / rate, 3.6),
    Margin.atMost(real / rate, 2.6),
    Margin.atMost(plain / rate, 2.6),
    Margin.atLeast(complex / predicted(beta), 0.85),
    Margin.atMost(complex / predicted(beta), 1.3),
    Margin.atLeast(plain / predicted(1), 0.85),
    Margin.atMost(plain / predicted(1), 1.3),
  )
}

export const firstOrderError = claim({
  id: "dp-lowrank/first-order-error",
  statement:
    "Above the gap condition the error is 0.85 to 1.3 times its first-order value, v (k^2 + 2 S) for complex and v (k (k + 1) + 2 S) for real noise. It is at most 3.6 and 2.6 times the rate of Theorem 2 without logarithms.",
  inFloatingPoint: "statistical",
  source: derived("sharp form of Theorems 1 and 2"),
  instances: errors,
  value: 2,
  margin: ({ instance, kernels, value: beta }) => errorMargin(instance, { kernels }, beta),
  controls: [{ name: "the real formula for complex noise", value: 1 }],
})
