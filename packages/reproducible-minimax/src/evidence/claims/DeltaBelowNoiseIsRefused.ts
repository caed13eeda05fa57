import { claim, Draw, Margin } from "@nonconvex/evidence"
import { quadratic } from "@nonconvex/problems/Quadratic"
import { requireRequest } from "../../algorithms/Solution.ts"
import { minimisation } from "../../problem/Problem.ts"
import { BelowNoise } from "../../solve/Failures.ts"
import { derived } from "../support/Paper.ts"
import { thrown } from "../support/Thrown.ts"

export const deltaBelowNoiseIsRefused = claim({
  id: "reproducible-minimax/delta-below-noise-is-refused",
  statement:
    "Starts that differ by less than 2^-53 D, and gradients by less than 2^-53 l D sqrt(d), are refused with that noise; what is above is not.",
  inFloatingPoint: "program",
  source: derived("the rounding of a point, and of an answer coordinate by coordinate"),
  instances: Draw.record({
    l: Draw.logarithmic(0.1, 10),
    distance: Draw.logarithmic(0.1, 10),
    dimension: Draw.integer(2, 9),
    inexact: Draw.oneOf("start", "gradient"),
  }),
  value: 0.99,
  /** Refused delta, in multiples of the noise. */
  margin: ({ instance: { dimension, distance, inexact, l }, value: times }) => {
    const problem = minimisation(quadratic({ spectrum: new Float64Array(dimension).fill(l) }))
    const rounding = (Number.EPSILON / 2) * distance
    const noise = inexact === "start" ? rounding : rounding * l * Math.sqrt(dimension)
    const refusal = (delta: number) =>
      thrown(() => requireRequest("request", problem, { gap: l, distance, inexact, delta }))
    const error = refusal(times * noise)
    if (!(error instanceof BelowNoise)) return Margin.holds(false)
    return Margin.all(
      Margin.equal(error.noise, noise, { relative: 1e-12 }),
      Margin.equal(error.requested, times * noise, {}),
      Margin.holds(refusal(1.01 * noise) === undefined),
    )
  },
  controls: [{ name: "a delta above the noise", value: 1.01 }],
})
