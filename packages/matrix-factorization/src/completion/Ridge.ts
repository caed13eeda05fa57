import * as Elementary from "@nonconvex/numerics/Elementary"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Alternation from "./Alternation.ts"
import * as HeldOut from "./HeldOut.ts"
import { centred, type Model, weightsOf } from "./Models.ts"
import { countsOf, type Observations } from "./Table.ts"

/** Effects alone at their ridges. */
export const effectsOf = (
  observations: Observations,
  ridge: Model["ridge"],
  start: Alternation.Factors,
  tolerance: number,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
): Alternation.Factors => {
  const factors = Alternation.copy(start)
  const weights = weightsOf(observations, 0, observations.count)
  const penalties = { ridge, penalty: Infinity, weights }
  Alternation.improve(
    observations,
    factors,
    penalties,
    0,
    { tolerance, sweeps: 200 },
    seed,
    kernels,
  )
  return factors
}

/** The variance of the noise and of effects, of which the ridges are ratios: rounds until they move by no more than this part. */
const [rounds, settled] = [50, 0.02]

/** Where ridges stay. */
const range = [1e-6, 1e6] as const

const within = (ridge: number): number =>
  Number.isFinite(ridge) ? Math.min(range[1], Math.max(range[0], ridge)) : range[1]

/** The mean square of effects, and of the entries' share in what is not known of them, where the noise has variance `noise`. */
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

/** The sum of squares of residuals, each counted as much as it counts. */
const squareOf = ({ byRow: { confidence } }: Observations, weighed: Float64Array): number =>
  Elementary.square(
    Vector.norm(
      confidence === undefined ? weighed : weighed.map((y, e) => y / Math.sqrt(confidence[e]!)),
    ),
  )

/** The ridges at which effects are as large as they seem to be: variance components by expectation and maximisation, mean-field. */
const estimated = (
  observations: Observations,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
): Model["ridge"] => {
  const counts = countsOf(observations)
  let ridge: Model["ridge"] = [4, 4]
  let factors = Alternation.nothing(observations)
  let noise = 0
  for (let round = 0; round < rounds; round++) {
    factors = effectsOf(observations, ridge, factors, 1e-3, seed, kernels)
    const residual = squareOf(observations, Alternation.residualsOf(observations, factors, kernels))
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

/** Held-out entries on which ridges can be told apart: where a fold has fewer, several are asked. */
const enough = 2000

/** Standard errors of the difference by which another ridge must be better. */
const clearly = 2

/** Factors by which a ridge moves, from the coarsest. */
const steps = [8, 4, 2]

/** The ridges of the effects: those that the sizes of the effects tell, or others that predict held-out entries clearly better. */
export const ridgeOf = (
  heldOut: HeldOut.HeldOut,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
): Model["ridge"] => {
  const { folds, table } = heldOut
  const asked = Math.min(folds, Math.ceil((enough * folds) / table.values.length))
  const list = Array.from({ length: asked }, (_, fold) => heldOut.at(fold))
  let starts = list.map(({ training }) => Alternation.nothing(training))
  const tried = (at: Model["ridge"]) => {
    const score = HeldOut.empty(heldOut)
    const found = list.map(({ training }, fold) =>
      effectsOf(training, at, starts[fold]!, 1e-5, seed, kernels),
    )
    found.forEach((factors, fold) => HeldOut.add(heldOut, score, list[fold]!, factors))
    return { score, found }
  }
  let ridge = estimated(centred(table).observations, seed, kernels)
  let best = tried(ridge)
  const isBetter = (at: Model["ridge"]): boolean => {
    if (Math.min(...at) < range[0] || Math.max(...at) > range[1]) return false
    const other = tried(at)
    if (!(HeldOut.excess(best.score, other.score) > clearly)) return false
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
