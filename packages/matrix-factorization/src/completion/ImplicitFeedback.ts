/**
 * Factorisation of implicit feedback: counts such as clicks, plays or purchases, where a cell without a count is weak evidence
 * against (Hu, Koren and Volinsky 2008, as recalled).
 *
 * The objective is `sum q_ij (p_ij - <x_i, y_j>)^2 + penalty (|X|^2 + |Y|^2)` over all cells, with preference p = 1 and
 * confidence q = 1 + alpha r where a count r was observed, else p = 0 and q = 1.
 */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import type { Compressed, Observations } from "./Table.ts"

/** Parameters of the objective. */
export interface ImplicitModel {
  readonly rank: number
  /** Confidence that one unit of a count adds to that of an unobserved cell, which is 1. */
  readonly alpha: number
  /** Ridge of the factors. */
  readonly penalty: number
}

/** Factors of a table of counts. */
export interface ImplicitFit {
  readonly model: ImplicitModel
  /** rows x rank and columns x rank, row-major; preferences are `left right'`. */
  readonly left: Float64Array
  readonly right: Float64Array
  readonly objective: number
  /** Relative decrease of the objective in the last sweep. */
  readonly decrease: number
  readonly sweeps: number
  /** "limited": the sweeps ran out before the decrease fell below the tolerance. */
  readonly status: "converged" | "limited"
}

/** Stopping rule of a fit. */
export interface ImplicitEffort {
  readonly sweeps: number
  /** Relative decrease of the objective below which the sweeps end. */
  readonly tolerance: number
}

/** The Gram matrix of factors; over cells without a count it is the quadratic form of all rows alike. */
const gramOf = (
  factors: Float64Array,
  rank: number,
  gram: Float64Array,
  kernels: Kernels.Kernels,
): void => kernels.syrk(true, rank, factors.length / rank, 1, factors, 0, gram)

const dot = (x: Float64Array, y: Float64Array, at: number): number => {
  let sum = 0
  for (let a = 0; a < x.length; a++) sum += x[a]! * y[at + a]!
  return sum
}

const add = (times: number, y: Float64Array, at: number, x: Float64Array): void => {
  for (let a = 0; a < x.length; a++) x[a]! += times * y[at + a]!
}

/** Steps of conjugate gradients for each row and sweep: exact solutions of many sweeps gain less than more sweeps do. */
const steps = 3

/**
 * Improves the factors of one side, given the other, by conjugate gradients from their current values (Takács, Pilászy and Tikk
 * 2011, as recalled). A step never raises the objective, and its cost depends on the observed cells and the squared rank.
 */
const improve = (
  own: Float64Array,
  { others, starts, values }: Compressed,
  other: Float64Array,
  gram: Float64Array,
  { alpha, penalty, rank }: ImplicitModel,
): void => {
  const [residual, direction, product] = [
    new Float64Array(rank),
    new Float64Array(rank),
    new Float64Array(rank),
  ]
  for (let k = 0; k + 1 < starts.length; k++) {
    const [from, to, place] = [starts[k]!, starts[k + 1]!, k * rank]
    if (from === to) {
      // without counts the minimiser is 0
      own.fill(0, place, place + rank)
      continue
    }
    const x = own.subarray(place, place + rank)
    /** The quadratic form times a vector, in `product`. */
    const multiply = (vector: Float64Array) => {
      for (let a = 0; a < rank; a++) product[a] = penalty * vector[a]! + dot(vector, gram, a * rank)
      for (let e = from; e < to; e++) {
        const at = others[e]! * rank
        add(alpha * values[e]! * dot(vector, other, at), other, at, product)
      }
    }
    multiply(x)
    residual.fill(0)
    for (let e = from; e < to; e++) add(1 + alpha * values[e]!, other, others[e]! * rank, residual)
    add(-1, product, 0, residual)
    direction.set(residual)
    let square = dot(residual, residual, 0)
    for (let step = 0; step < steps && square > 0; step++) {
      multiply(direction)
      const length = square / dot(direction, product, 0)
      add(length, direction, 0, x)
      add(-length, product, 0, residual)
      const next = dot(residual, residual, 0)
      for (let a = 0; a < rank; a++) direction[a] = residual[a]! + (next / square) * direction[a]!
      square = next
    }
  }
}

const squares = (values: Float64Array): number => dot(values, values, 0)

/** The objective, in time that depends on the observed cells alone. */
const objectiveAt = (
  left: Float64Array,
  right: Float64Array,
  { byRow: { others, starts, values } }: Observations,
  { alpha, penalty, rank }: ImplicitModel,
  [ofLeft, ofRight]: readonly [Float64Array, Float64Array],
): number => {
  let sum = penalty * (squares(left) + squares(right)) + dot(ofLeft, ofRight, 0)
  for (let k = 0; k + 1 < starts.length; k++) {
    const x = left.subarray(k * rank, (k + 1) * rank)
    for (let e = starts[k]!; e < starts[k + 1]!; e++) {
      const value = dot(x, right, others[e]! * rank)
      sum += (1 + alpha * values[e]!) * (1 - value) * (1 - value) - value * value
    }
  }
  return sum
}

/** Deviation of the factors at the start. */
const start = 0.1

/**
 * Fits the factors by alternating least squares, from normal ones. All counts must be positive, and the rank at least 1.
 */
export const fitImplicit = (
  observations: Observations,
  model: ImplicitModel,
  { sweeps: most, tolerance }: ImplicitEffort,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
): ImplicitFit => {
  const { byColumn, byRow, columns, rows } = observations
  const { rank } = model
  const normals = (count: number, side: string) =>
    RandomStream.make(seed.child(side))
      .normals(count * rank)
      .map((value) => start * value)
  const [left, right] = [normals(rows, "rows"), normals(columns, "columns")]
  const grams = [new Float64Array(rank * rank), new Float64Array(rank * rank)] as const
  gramOf(right, rank, grams[1], kernels)
  let [objective, decrease, sweeps] = [Infinity, Infinity, 0]
  while (sweeps < most && decrease > tolerance) {
    improve(left, byRow, right, grams[1], model)
    gramOf(left, rank, grams[0], kernels)
    improve(right, byColumn, left, grams[0], model)
    gramOf(right, rank, grams[1], kernels)
    const after = objectiveAt(left, right, observations, model, grams)
    decrease = objective === Infinity ? Infinity : (objective - after) / after
    objective = after
    sweeps++
  }
  return {
    model,
    left,
    right,
    objective,
    decrease,
    sweeps,
    status: decrease <= tolerance ? "converged" : "limited",
  }
}
