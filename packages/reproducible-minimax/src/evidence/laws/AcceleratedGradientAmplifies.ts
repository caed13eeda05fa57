import { claim, Draw, Margin } from "@nonconvex/evidence"
import type { Scheme, SchemeState } from "../../methods/Scheme.ts"
import { regularised } from "../../problem/Problem.ts"
import { derived } from "../support/Paper.ts"
import { adversary, onTheLine } from "../support/PiecewiseLinear.ts"
import { mutant, reproducibleMinimax } from "../support/Subject.ts"

/** Largest distance of the iterates of two runs, and of the points at which they query the oracle. */
const drivenApart = (
  scheme: Scheme<SchemeState & { readonly ahead?: Float64Array }>,
  delta: number,
  strength = 0,
) => {
  const { f, minimiser, steps } = adversary(delta)
  const line = onTheLine(f)
  const states = [0, delta].map((x) => {
    const start = Float64Array.of(x)
    return scheme.init(strength === 0 ? line : regularised(line, strength, start), start)
  })
  let largest = 0
  for (let t = 0; t < steps + 3; t++) {
    for (const state of states) scheme.step(state)
    const [one, two] = states.map(({ ahead, point }) => [point[0]!, (ahead ?? point)[0]!])
    for (const k of [0, 1]) largest = Math.max(largest, Math.abs(one![k]! - two![k]!))
  }
  return { largest, rounding: 2 ** -48 * minimiser }
}

export const acceleratedGradientAmplifies = claim({
  id: "reproducible-minimax/accelerated-gradient-amplifies",
  statement:
    "There is a 1-smooth convex function of one variable on which accelerated gradient descent drives starts delta apart to a distance of a million delta. Gradient descent keeps them within delta, and the regularised method (r = 1e-3) within 2 delta.",
  inFloatingPoint: "run",
  extent: { dimension: 1 },
  source: derived("Table 1, the exponential entry, made visible"),
  subject: reproducibleMinimax,
  instances: Draw.record({ delta: Draw.logarithmic(1e-8, 1e-10) }),
  margin: ({ instance: { delta }, subject }) => {
    const fast = drivenApart(subject.accelerated(1), delta)
    const slow = drivenApart(subject.gradient(1), delta)
    const calm = drivenApart(subject.acceleratedStronglyConvex(1.001, 1e-3), delta, 1e-3)
    return Margin.all(
      Margin.of(
        "largest deviation of the accelerated method",
        Margin.atLeast(fast.largest, 1e6 * delta),
      ),
      Margin.atMost(slow.largest, delta * (1 + 1e-6) + slow.rounding),
      Margin.atMost(calm.largest, 2 * delta + calm.rounding),
    )
  },
  controls: [
    mutant("gradient descent in place of the accelerated method", (subject) => ({
      accelerated: (l) => subject.gradient(1 / l),
    })),
    mutant("the accelerated method in place of gradient descent", (subject) => ({
      gradient: (step) => subject.accelerated(1 / step),
    })),
  ],
})
