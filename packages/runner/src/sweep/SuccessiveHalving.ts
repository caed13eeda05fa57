/**
 * Successive halving: many candidates on a small budget, the best of them on a larger one, and so on. K. Jamieson and A. Talwalkar,
 * Non-stochastic best arm identification and hyperparameter optimization, 2016; with `eta` in place of 2, as in Hyperband, 2018.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Competition, Sweep } from "./Sweep.ts"

/** One round of the competition. */
export interface Rung {
  /** Budget of each trial in the rung. */
  readonly resource: number
  /** Number of configurations in it. */
  readonly candidates: number
}

/**
 * Rungs of a competition, smallest budget first; the last has the budget `most`. Each rung has 1/`eta` of the candidates of
 * the previous one and `eta` times the budget, so that all cost about the same. Their number is limited by `candidates` and
 * the smallest budget. Budgets are rounded if `most` is an integer.
 */
export const rungs = (
  candidates: number,
  most: number,
  { eta, least = 1 }: Pick<Competition, "eta" | "least">,
): ReadonlyArray<Rung> => {
  let last = 0
  while (
    candidates >= Elementary.pow(eta, last + 1) &&
    most / Elementary.pow(eta, last + 1) >= least
  )
    last++
  const whole = Number.isInteger(most) ? Math.round : (budget: number) => budget
  return Array.from({ length: last + 1 }, (_, rung) => ({
    candidates: Math.floor(candidates / Elementary.pow(eta, rung)),
    resource: whole(most / Elementary.pow(eta, last - rung)),
  }))
}

/**
 * Indices of the `count` best scores, in ascending order. Among equal scores the first wins; NaN (a failed trial or one
 * without a value) loses to any number.
 */
export const promoted = (
  scores: ReadonlyArray<number>,
  count: number,
  goal: Sweep["goal"],
): ReadonlyArray<number> => {
  const sign = goal === "least" ? 1 : -1
  const before = (a: number, b: number): number => {
    const [first, second] = [sign * scores[a]!, sign * scores[b]!]
    if (Number.isNaN(first) || Number.isNaN(second)) {
      return Number(Number.isNaN(first)) - Number(Number.isNaN(second)) || a - b
    }
    return first < second ? -1 : first > second ? 1 : a - b
  }
  return scores
    .map((_, place) => place)
    .toSorted(before)
    .slice(0, count)
    .toSorted((a, b) => a - b)
}
