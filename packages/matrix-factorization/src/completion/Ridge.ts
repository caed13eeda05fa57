import * as Elementary from "@nonconvex/numerics/Elementary"
import * as AlternatingLeastSquares from "./AlternatingLeastSquares.ts"
import * as Effects from "./Effects.ts"
import * as CrossValidation from "./CrossValidation.ts"
import type { Model } from "./Models.ts"
import { countsOf, type Observations } from "./Table.ts"

/** Maximum number of steps for effects only; every fit so far needed a small part of it. */
const most = 200

/** Effects only, at their ridges, from others as the start. */
export const effectsOf = (
  observations: Observations,
  ridge: Model["ridge"],
  start: AlternatingLeastSquares.Factors,
  tolerance: number,
): AlternatingLeastSquares.Factors => {
  const factors = AlternatingLeastSquares.copy(start)
  Effects.improve(observations, factors.rows, factors.columns, ridge, tolerance, most)
  return factors
}

/** Relative change of the variances of noise and effects, whose ratios are the ridges, at which the iteration ends. */
const [rounds, settled] = [50, 0.02]

/** Range of the ridges. */
const range = [1e-6, 1e6] as const

const within = (ridge: number): number =>
  Number.isFinite(ridge) ? Math.min(range[1], Math.max(range[0], ridge)) : range[1]

/** The mean square of effects, and of their uncertainty, for noise of variance `noise`. */
const spreadOf = (effects: Float64Array, counts: Float64Array, ridge: number, noise: number) => {
  let [square, unknown, seen] = [0, 0, 0]
  counts.forEach((count, k) => {
    if (count === 0) return
    const variance = noise / (count + ridge)
    square += effects[k]! * effects[k]! + variance
    unknown += count * variance
    seen++
  })
  return { variance: square / seen, unknown }
}

/** Ridges from the estimated sizes of the effects: variance components by expectation-maximisation, mean-field. */
const estimated = (observations: Observations): Model["ridge"] => {
  const counts = countsOf(observations)
  let ridge: Model["ridge"] = [4, 4]
  let factors = AlternatingLeastSquares.nothing(observations)
  let noise = 0
  for (let round = 0; round < rounds; round++) {
    factors = effectsOf(observations, ridge, factors, 1e-3)
    const residual = Effects.residuals(observations.byRow, factors.rows, factors.columns)
    if (round === 0) noise = residual / observations.count
    const rows = spreadOf(factors.rows, counts.rows, ridge[0], noise)
    const columns = spreadOf(factors.columns, counts.columns, ridge[1], noise)
    noise = (residual + rows.unknown + columns.unknown) / observations.count
    const next = [within(noise / rows.variance), within(noise / columns.variance)] as const
    const moved = Math.max(...next.map((value, k) => Math.abs(Elementary.log2(value / ridge[k]!))))
    ridge = next
    if (moved < settled) break
  }
  return ridge
}

/** Number of held-out entries that distinguish ridges; if a fold has fewer, several folds are used. */
const enough = 2000

/** Number of standard errors of the difference by which another ridge must be better. */
const clearly = 2

/** Factors by which a ridge is changed, coarsest first. */
const steps = [8, 4, 2]

/** Ridges of the effects: those from the estimated sizes, or others with a clearly lower held-out error. */
export const ridgeOf = (heldOut: CrossValidation.HeldOut): Model["ridge"] => {
  const { folds, observed, table } = heldOut
  const asked = Math.min(folds, Math.ceil((enough * folds) / table.values.length))
  const list = Array.from({ length: asked }, (_, fold) => heldOut.at(fold))
  let starts = list.map(({ training }) => AlternatingLeastSquares.nothing(training))
  const tried = (at: Model["ridge"]) => {
    const score = CrossValidation.empty(heldOut)
    const found = list.map(({ training }, fold) => effectsOf(training, at, starts[fold]!, 1e-5))
    found.forEach((factors, fold) => CrossValidation.add(heldOut, score, list[fold]!, factors))
    return { score, found }
  }
  let ridge = estimated(observed.observations)
  let best = tried(ridge)
  const isBetter = (at: Model["ridge"]): boolean => {
    if (Math.min(...at) < range[0] || Math.max(...at) > range[1]) return false
    const other = tried(at)
    if (!(CrossValidation.excess(best.score, other.score) > clearly)) return false
    ;[ridge, best, starts] = [at, other, other.found]
    return true
  }
  for (const step of steps) {
    const moves = [
      [step, 1],
      [1 / step, 1],
      [1, step],
      [1, 1 / step],
    ] as const
    while (moves.some(([r, c]) => isBetter([ridge[0] * r, ridge[1] * c]))) continue
  }
  return ridge
}
