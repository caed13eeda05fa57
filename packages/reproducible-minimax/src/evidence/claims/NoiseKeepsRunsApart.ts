/** Lower bounds under noisy gradients, on the slopes from which the bound is constructed. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { deviationOfNoiseAtLeast } from "../../theory/LowerBounds.ts"
import { derived } from "../support/Paper.ts"

/** The answers on [-1, 1] for a mean of the gradients, in units of the width: odd, and never rising. */
const answers = {
  /** The minimiser of the mean slope, regularised. */
  regularised: (slope: number) => -Math.min(1, Math.max(-1, slope)),
  smooth: (slope: number) => -Elementary.tanh(slope),
  /** A step of the regularised one, half way to the sign. */
  bold: (slope: number) => -(Math.min(1, Math.max(-1, slope)) + Math.sign(slope)) / 2,
}

/** Points of the quadrature per standard deviation, and the number of standard deviations on each side of the mean. */
const [fineness, reach] = [16, 9]

/** Mean and variance of the answer for the slope `slope`, if the mean of its gradients has this standard deviation. */
const moments = (answer: (slope: number) => number, slope: number, deviation: number) => {
  let [weight, first, second] = [0, 0, 0]
  for (let i = -fineness * reach; i <= fineness * reach; i++) {
    const z = i / fineness
    const w = Elementary.exp(-(z * z) / 2)
    const x = answer(slope + deviation * z)
    weight += w
    first += w * x
    second += w * x * x
  }
  const mean = first / weight
  return { mean, variance: second / weight - mean * mean }
}

const fields = {
  answer: Draw.oneOf("regularised", "smooth", "bold"),
  D: Draw.logarithmic(1, 100),
  /** Slope at which the regularised answer reaches the boundary of the set. */
  width: Draw.logarithmic(1, 100),
  /** Standard deviation of the mean of the gradients, in units of the width. */
  noise: Draw.logarithmic(0.02, 2),
  T: Draw.integer(1, 1000),
}

/** Tested slopes in units of the width; half the width is the worst case for the regularised answer. */
const tried = 32

export const noiseKeepsRunsApart = claim({
  id: "reproducible-minimax/noise-keeps-runs-apart",
  statement:
    "Three methods, regularised, smooth and bold, have a gap of at most eps on linear functions. Two runs of one of them, each of T noisy gradients, have a mean squared distance of at least 2 (D^2 / (16 eps))^2 delta^2 / T. The regularised minimiser attains it as the noise falls.",
  inFloatingPoint: "statistical",
  source: derived("Theorem 5.1 states that SGDA is optimal, but gives only the order"),
  instances: Draw.record(fields),
  value: 1,
  /** Factor on the bound, and whether it must be attained for small noise. */
  margin: ({ instance: { D, T, answer, noise, width }, value: factor }) => {
    let [eps, deviation] = [0, 0]
    for (let i = 0; i <= tried * (2 + 4 * Math.ceil(noise)); i++) {
      const slope = i / tried
      const { mean, variance } = moments(answers[answer], slope, noise)
      eps = Math.max(eps, slope * width * (D / 2) * (1 + mean))
      deviation = Math.max(deviation, (variance * D * D) / 2)
    }
    const bound = factor * deviationOfNoiseAtLeast(eps, noise * width * Math.sqrt(T), D, T)
    const isAttained = answer === "regularised" && noise < 0.05
    return Margin.all(
      Margin.atLeast(deviation, bound, 1e-9),
      isAttained ? Margin.atMost(deviation, bound, 1e-9) : Margin.holds(true),
    )
  },
  controls: [
    { name: "twice the bound", value: 2 },
    { name: "half of it", value: 0.5 },
  ],
})
