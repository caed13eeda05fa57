import { Draw, Margin, type MarginInput } from "@nonconvex/evidence"
import * as Theory from "../../theory/Theory.ts"
import { deviation, follow } from "./Follow.ts"
import * as RegularisedGame from "./RegularisedGame.ts"
import type { Subject } from "./Subject.ts"

interface Divisors {
  readonly shorter?: number
  readonly less?: number
}

/** Compares a scheme with steps shorter than `stepOf` by a factor with the bound for an error smaller by a factor. */
export const distanceMargin =
  (
    scheme: "gradient" | "extragradient",
    stepOf: (l: number, mu: number, shorter: number) => number,
    bound: typeof Theory.inexactDescentAscent,
  ) =>
  ({
    instance,
    kernels,
    subject,
    value: { less = 1, shorter = 1 },
  }: MarginInput<RegularisedGame.InexactGame, Divisors, Subject>): Margin.Comparison => {
    const { oracle, solution, start, whole } = RegularisedGame.solved(instance, { kernels })
    const { delta, steps: T, strength: mu } = instance
    const l = whole.smoothness
    const state = follow(subject[scheme](stepOf(l, mu, shorter)), oracle, start, T)
    const allowed = bound(deviation(start, solution), { l, mu, delta: delta / less, T })
    return Margin.atMost(deviation(state.point, solution), allowed + 1e-18, 1e-9)
  }

export const quick = Draw.record({
  ...RegularisedGame.inexactGameFields,
  strength: Draw.linear(0.5, 1),
  delta: Draw.logarithmic(1e-3, 1e-4),
})
