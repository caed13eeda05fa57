/** A game, a quadratic or a least-squares problem as data, and the problem that it poses. */
import { Count, Float64s, Positive } from "@nonconvex/problems/Fields"
import type { Workspace } from "@nonconvex/numerics/Workspace"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import { matrixGame } from "@nonconvex/problems/BilinearGame"
import * as Products from "@nonconvex/problems/Products"
import * as Schema from "effect/Schema"
import { room } from "../methods/ExtragradientTwin.ts"
import { type Problem, saddlePoint } from "../problem/Problem.ts"
import {
  leastSquaresOnBall,
  quadraticOnBall,
  type ValuedProblem,
} from "../problem/QuadraticOnBall.ts"

/** Problem to solve. */
export const Posed = Schema.Union([
  /** `payoffs`, rows x columns and row-major, go from the column player to the row player. Coordinates: columns, then rows. */
  Schema.TaggedStruct("MatrixGame", { payoffs: Float64s, rows: Count, columns: Count }),
  /** `x^T H x / 2 - b^T x` over `|x| <= radius`: `hessian` is H, n x n and row-major, `linear` is b. */
  Schema.TaggedStruct("Quadratic", { hessian: Float64s, linear: Float64s, radius: Positive }),
  /** `mean_i (a_i . x - b_i)^2 / 2` over `|x| <= radius`: `features` are the rows a_i, `targets` the b_i. */
  Schema.TaggedStruct("LeastSquares", { features: Float64s, targets: Float64s, radius: Positive }),
])
export type Posed = typeof Posed.Type

/** Precision of the products: a possible difference between machines. */
export const Precision = Schema.Literals(["float64", "float32", "permuted"])

/** Problem whose gap has a closed form. */
type Judged = Problem & Required<Pick<Problem, "gap">>

export interface Ready {
  /** The problem with products in the requested precision; the gap of the published point is computed in float64. */
  readonly problem: Judged
  /** The same in float64. */
  readonly exact: Judged
  readonly start: Float64Array
  /** The value of the game, or the minimum, is between these. */
  readonly value: (point: Float64Array) => { readonly least: number; readonly most: number }
  /** The largest difference of two payoffs, or of two values of the objective at most. */
  readonly scale: number
  /** Quadratic of a minimisation. */
  readonly quadratic?: ValuedProblem & { readonly radius: number }
}

interface Means {
  readonly products: Products.Products
  readonly kernels: Kernels.Kernels
  /** In the memory of the kernels. */
  readonly workspace: Workspace
}

/** The problem that `make` builds with given products, and in float64. */
const inPrecision = <Made extends Judged>(
  products: Products.Products,
  make: (by: Products.Products) => Made,
) => {
  const exact = make(Products.float64)
  if (products === Products.float64) return { problem: exact, exact }
  const { error, operator } = make(products)
  return { problem: { ...exact, error, operator, form: undefined }, exact }
}

/** The column player pays and minimises: x is over the columns, y over the rows. */
const game = (
  { columns, payoffs, rows }: Posed & { readonly _tag: "MatrixGame" },
  { kernels, products, workspace }: Means,
): Ready => {
  Require.array("solve", "payoffs", payoffs, rows * columns)
  const least = payoffs.reduce((a, b) => Math.min(a, b), Infinity)
  const most = payoffs.reduce((a, b) => Math.max(a, b), -Infinity)
  // a constant changes no equilibrium, but smoothness and errors grow with it
  const middle = least / 2 + most / 2
  const matrix = workspace.f64(payoffs.length)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) matrix[j * rows + i] = payoffs[i * columns + j]! - middle
  }
  const { exact, problem } = inPrecision(products, (by) => {
    const played = matrixGame({ matrix, columns: rows, products: by, kernels })
    return { ...saddlePoint(played), gap: played.dualityGap }
  })
  const answer = new Float64Array(rows + columns)
  return {
    problem,
    exact,
    start: new Float64Array(rows + columns).fill(1 / columns, 0, columns).fill(1 / rows, columns),
    // what the row player is sure of, and what the column player is sure to pay at most
    value: (z) => {
      exact.operator(z, answer)
      return {
        least: middle + answer.subarray(0, columns).reduce((a, b) => Math.min(a, b), Infinity),
        most: middle + answer.subarray(columns).reduce((a, b) => Math.max(a, -b), -Infinity),
      }
    },
    scale: most - least || Math.abs(most) || 1,
  }
}

const onBall = (
  posed: Posed & { readonly _tag: "Quadratic" | "LeastSquares" },
  { kernels, products, workspace }: Means,
): Ready => {
  const { radius } = posed
  const held = (values: Float64Array) => {
    const inside = workspace.f64(values.length)
    inside.set(values)
    return inside
  }
  const dimension =
    posed._tag === "Quadratic" ? posed.linear.length : posed.features.length / posed.targets.length
  Require.count("solve", "dimension", dimension)
  const hessian = posed._tag === "Quadratic" ? held(posed.hessian) : undefined
  const { exact, problem } = inPrecision(products, (by) =>
    posed._tag === "Quadratic"
      ? quadraticOnBall({ ...posed, hessian: hessian!, products: by, kernels })
      : leastSquaresOnBall({ ...posed, dimension, products: by, kernels }),
  )
  const start = new Float64Array(dimension)
  return {
    problem,
    exact,
    start,
    value: (x) => {
      const most = exact.value(x)
      return { least: most - Math.max(0, exact.gap(x)), most }
    },
    scale: exact.gap(start) || 1,
    quadratic: { ...exact, radius },
  }
}

/** Bytes for the matrix of a problem in the kernels' memory, with copies of the factors and results of products. */
export const bytesOf = (posed: Posed): number => {
  if (posed._tag === "LeastSquares") return 0
  if (posed._tag === "MatrixGame") {
    const { columns, payoffs, rows } = posed
    return 8 * (payoffs.length + 2 * (rows + columns) + room(rows, columns))
  }
  return 8 * (posed.hessian.length + 2 * posed.linear.length)
}

/** The problem, its matrix in the memory of the kernels. Throws InvalidInput on invalid numbers, ArenaFull without enough memory. */
export const pose = (
  posed: Posed,
  means: Omit<Means, "products"> & {
    readonly precision: typeof Precision.Type
    readonly seed: Seed.Seed
  },
): Ready => {
  const { precision, seed } = means
  const products =
    precision === "permuted"
      ? Products.permuted(RandomStream.make(seed.child("order of summation")))
      : precision === "float32"
        ? Products.float32
        : Products.float64
  return posed._tag === "MatrixGame"
    ? game(posed, { ...means, products })
    : onBall(posed, { ...means, products })
}
