import { claim, type Given, Kind, Margin } from "@nonconvex/evidence"
import { type Errors, errors, measured } from "../support/MeasuredErrors.ts"
import { derived } from "../support/Paper.ts"

type Taken = "real" | "complex"

/** Error of Y against that of the real mechanism; `taken` is the error used for Y. */
export const advantageMargin = (
  instance: Errors,
  given: Given,
  taken: Taken = "real",
  trials = 60,
): Margin.Comparison => {
  const errorsOf = measured(instance, given, trials)
  const ratio = errorsOf[taken] / errorsOf.plain
  return Margin.all(Margin.atLeast(ratio, 0.85), Margin.atMost(ratio, 1.2))
}

export const complexNoiseDoesNotHelp = claim({
  id: "dp-lowrank/complex-noise-does-not-help",
  statement:
    "At equal T, Y is as far from M_k as the output of the real mechanism: the ratio is in [0.85, 1.2].",
  inFloatingPoint: "statistical",
  source: Kind.observation(derived("comparison of Algorithm 1 and the real mechanism")),
  instances: errors,
  value: "real",
  margin: ({ instance, kernels, value: taken }) => advantageMargin(instance, { kernels }, taken),
  controls: [{ name: "the complex matrix itself", value: "complex" }],
})
