import { claim, Draw, Exact, Margin } from "@nonconvex/evidence"
import type { Scheme } from "../../methods/Scheme.ts"
import * as Theory from "../../theory/Theory.ts"
import { follow } from "../support/Follow.ts"
import { recalled } from "../support/Paper.ts"
import { huber } from "../support/PiecewiseLinear.ts"
import { mutant, reproducibleMinimax } from "../support/Subject.ts"

/** Huber's function: x^2 / 2 within the width, w |x| - w^2 / 2 outside. */
const exactHuber = (x: Exact.Value, width: Exact.Value): Exact.Value => {
  const size = Exact.absolute(x)
  const half = Exact.of("1/2")
  if (Exact.compare(size, width)! <= 0) return Exact.multiply(half, Exact.square(size))
  return Exact.multiply(width, Exact.subtract(size, Exact.multiply(half, width)))
}

/**
 * Bounds the share of the gap caused by rounding in `steps` steps. Rounding a point of size 1 moves it by 2^-53, and
 * momentum amplifies this during the remaining steps. The total displacement is n^2 / 2 times as large, for each of four
 * roundings per step. The gap is w (x - w / 2) with x - w / 2 near 1 / 2, so its relative error is twice that.
 */
const roundingOf = (steps: number): number => 4 * steps * steps * 2 ** -53

const tight = { steps: Draw.integer(1, 200) }

export const tightBoundsAreAttained = claim({
  id: "reproducible-minimax/tight-bounds-are-attained",
  statement:
    "GD attains l D^2 / (4 n + 2) on the Huber function of width 1 / (2 n + 1). AGD attains 2 l D^2 / (n^2 + 5 n + 6) on that of width 4 / (n^2 + 5 n + 6).",
  source: recalled("the tight bounds that PEPit documents"),
  subject: reproducibleMinimax,
  instances: Draw.record(tight),
  value: 1,
  margin: ({ instance: { steps }, subject, value: factor }) => {
    const attains = (scheme: Scheme, width: number, bound: number) => {
      const { problem, value } = huber(width)
      const gap = value(follow(scheme, problem, Float64Array.of(1), steps).point[0]!)
      return [
        Margin.atMost(gap, factor * bound, 1e-9 + roundingOf(steps)),
        Margin.of("gap after the last step", Margin.atLeast(gap, 0.999 * (factor * bound))),
      ]
    }
    const slow = Theory.gradientDescentHuberWidth(steps)
    const fast = Theory.acceleratedHuberWidth(steps)
    return Margin.all(
      ...attains(subject.gradient(1), slow, Theory.gradientDescentGap(1, 1, steps)),
      ...attains(subject.accelerated(1), fast, Theory.acceleratedGap(1, 1, steps)),
    )
  },
  exactly: ({ instance: { steps }, subject, value: factor }) => {
    const [n, times] = [Exact.of(steps), Exact.of(factor)]
    const over = (top: number, bottom: Exact.Value) =>
      Exact.divide(Exact.multiply(Exact.of(top), times), bottom)
    const slow = Exact.add(Exact.multiply(Exact.of(4), n), Exact.of(2))
    const fast = Exact.sum(Exact.square(n), Exact.multiply(Exact.of(5), n), Exact.of(6))
    const attains = (scheme: Scheme, width: number, bound: Exact.Value) => {
      const reached = follow(scheme, huber(width).problem, Float64Array.of(1), steps).point[0]!
      const gap = exactHuber(Exact.of(reached), Exact.of(width))
      const most = Exact.multiply(Exact.add(Exact.one, Exact.of(1e-9 + roundingOf(steps))), bound)
      return [Exact.atMost(gap, most), Exact.atLeast(gap, Exact.multiply(Exact.of("0.999"), bound))]
    }
    return Exact.worst(
      ...attains(subject.gradient(1), Theory.gradientDescentHuberWidth(steps), over(1, slow)),
      ...attains(subject.accelerated(1), Theory.acceleratedHuberWidth(steps), over(2, fast)),
    )
  },
  controls: [
    { name: "a hundredth less", value: 0.99 },
    mutant("a constant momentum", (subject) => ({
      accelerated: (l) => subject.acceleratedStronglyConvex(l, 0.01),
    })),
  ],
})
