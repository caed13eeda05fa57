/** Operation `solve-exactly`: takes a payoff matrix, and returns an equilibrium in fractions, as a job. */
import { Count, Float64s, Share } from "@nonconvex/problems/Fields"
import { operation } from "@nonconvex/problems/Operation"
import { ArenaFull } from "@nonconvex/numerics/ArenaFull"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as Require from "@nonconvex/numerics/Require"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Schema from "effect/Schema"
import { exactBounds, exactEquilibrium } from "../exact/ExactEquilibrium.ts"
import { equilibrium } from "../game/Equilibria.ts"

const Fraction = Schema.Struct({ numerator: Schema.BigInt, denominator: Schema.BigInt })

const Mixed = Schema.Struct({
  played: Schema.Array(Schema.Int),
  weights: Schema.Array(Schema.BigInt),
  total: Schema.BigInt,
})

export const SolveExactlyInput = Schema.Struct({
  /** Rows x columns and row-major, paid to the row player. */
  payoffs: Float64s,
  rows: Count,
  columns: Count,
  /** Failure probability of the answer in doubles, where fractions would be too long: see `equilibrium`. */
  failure: Share,
  seed: Schema.Union([Schema.Finite, Schema.String]),
})
export type SolveExactlyInput = typeof SolveExactlyInput.Type

export const ExactlySolved = Schema.Struct({
  rows: Mixed,
  columns: Mixed,
  /** Guaranteed payoff of the rows, and the most that the columns pay. */
  least: Fraction,
  most: Fraction,
  isOnly: Schema.Boolean,
  exchanges: Schema.Int,
  /**
   * Bits of each number of the exact equilibrium if there are too many to compute; the strategies are then those of
   * `equilibrium`, with exact bounds. Absent if the equilibrium was computed.
   */
  bits: Schema.optionalKey(Schema.Finite),
})
export type ExactlySolved = typeof ExactlySolved.Type

export const SolveExactlyProgress = Schema.Struct({
  stage: Schema.Literals(["steps", "exchanges", "digits"]),
  done: Schema.Int,
  most: Schema.Int,
})
export type SolveExactlyProgress = typeof SolveExactlyProgress.Type

export const SolveExactlyFailure = Schema.Union([InvalidInput, ArenaFull])
export type SolveExactlyFailure = typeof SolveExactlyFailure.Type

/** Solves a matrix game in fractions: see `exactEquilibrium` of this package. */
export const solveExactly = operation({
  id: "reproducible-minimax/solve-exactly",
  input: SolveExactlyInput,
  output: ExactlySolved,
  failure: SolveExactlyFailure,
  progress: SolveExactlyProgress,
  run: ({ columns, failure, payoffs, rows, seed }, { kernels, report }): ExactlySolved => {
    Require.array("solveExactly", "payoffs", payoffs, rows * columns)
    const found = exactEquilibrium({ payoffs, columns, kernels, onStep: report })
    if ("isOnly" in found) return found
    const root = Seed.root(seed).child("solve")
    const { point } = equilibrium({ payoffs, columns, failure, seed: root, kernels }).published
    return { ...exactBounds(payoffs, columns, point), isOnly: false, exchanges: 0, ...found }
  },
})
