import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as ClassicalGaussian from "../../privacy/ClassicalGaussian.ts"
import * as GaussianPrivacy from "../../privacy/GaussianPrivacy.ts"
import { logDelta } from "../../privacy/GaussianTail.ts"
import { recalled } from "../support/Paper.ts"
import { asked } from "../support/PrivacyTargets.ts"

export const calibration = claim({
  id: "dp-lowrank/calibration",
  statement:
    "The noise multiplier satisfies its delta, 1 - 1e-9 times it does not, and it grows as epsilon or delta shrinks.",
  inFloatingPoint: "functions",
  source: recalled("Balle, Wang 2018", "Theorem 8, evaluated in the log domain"),
  instances: asked(),
  value: 1,
  margin: ({ instance: { digits, epsilon }, value: factor }) => {
    const delta = Elementary.pow(10, -digits)
    const sigma = factor * GaussianPrivacy.noiseMultiplier({ epsilon, delta })
    const bar = Elementary.log(delta)
    const smaller = GaussianPrivacy.noiseMultiplier({ epsilon: epsilon * 0.99, delta })
    const stricter = GaussianPrivacy.noiseMultiplier({ epsilon, delta: delta * 0.9 + 1e-300 * 0.1 })
    return Margin.all(
      Margin.atMost(logDelta(1 / sigma, epsilon), bar, 1e-13),
      Margin.holds(logDelta(1 / (sigma * (1 - 1e-9)), epsilon) > bar),
      Margin.holds(smaller > sigma / factor),
      Margin.holds(digits > 299.9 || stricter > sigma / factor),
    )
  },
  controls: [
    { name: "a part in a million less noise", value: 1 - 1e-6 },
    {
      name: "the classical formula at large epsilon",
      instances: asked(Draw.linear(100, 10)),
      margin: ({ instance: { digits, epsilon } }) => {
        const delta = Elementary.pow(10, -Math.min(digits, 6))
        const sigma = Math.sqrt(ClassicalGaussian.printedVariance({ epsilon, delta }))
        return Margin.atMost(logDelta(1 / sigma, epsilon), Elementary.log(delta))
      },
    },
  ],
})
