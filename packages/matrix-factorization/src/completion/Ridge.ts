import type * as Kernels from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Alternation from "./Alternation.ts"
import * as HeldOut from "./HeldOut.ts"
import { type Model, weightsOf } from "./Models.ts"
import type { Observations } from "./Table.ts"

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

/** Held-out entries on which ridges can be told apart: where a fold has fewer, several are asked. */
const enough = 2000

/** A gain in error below this part is none. */
const worthwhile = 1e-4

/** Factors by which a ridge moves, from the coarsest, and between what. */
const steps = [8, 4, 2]
const range = [1e-6, 1e6] as const

/** The ridges of the effects with the least held-out error, by moves of one at a time. */
export const ridgeOf = (
  heldOut: HeldOut.HeldOut,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
): Model["ridge"] => {
  const { folds, table } = heldOut
  const asked = Math.min(folds, Math.ceil((enough * folds) / table.values.length))
  const list = Array.from({ length: asked }, (_, fold) => heldOut.at(fold))
  let starts = list.map(({ training }) => Alternation.nothing(training))
  let ridge: Model["ridge"] = [4, 4]
  let least = Infinity
  const isBetter = (at: Model["ridge"]): boolean => {
    if (Math.min(...at) < range[0] || Math.max(...at) > range[1]) return false
    const score = HeldOut.empty(heldOut)
    const found = list.map(({ training }, fold) =>
      effectsOf(training, at, starts[fold]!, 1e-5, seed, kernels),
    )
    found.forEach((factors, fold) => HeldOut.add(heldOut, score, list[fold]!, factors))
    const { error } = HeldOut.errorOf(score, asked)
    if (!(error < least * (1 - worthwhile))) return false
    ;[least, ridge, starts] = [error, at, found]
    return true
  }
  isBetter(ridge)
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
