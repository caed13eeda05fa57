/** Common part of Hutch++ and XTrace: the range of an operator, from its products with random probes. */
import { invalid } from "../InvalidInput.ts"
import { orthonormalise, views } from "./Orthonormalise.ts"
import type { Probe } from "./Probes.ts"
import * as Require from "../Require.ts"
import type { Seed } from "../Seed.ts"
import { type Stop, type StoppedTraceEstimate, type TraceEstimate, until } from "./TraceEstimate.ts"
import * as Vector from "../Vector.ts"

export interface Options {
  readonly dimension: number
  /** Products with the operator. */
  readonly products: number
  readonly seed: Seed
}

export type OptionsUntil = Omit<Options, "products"> & Stop

/** Estimate from at most a given number of products; it may reuse earlier ones. */
export type Estimator = (products: number) => TraceEstimate

/** One estimate from `products` products, at least `fewest`. Throws InvalidInput. */
export const once = (
  operation: string,
  { dimension, products }: Options,
  fewest: number,
  estimator: () => Estimator,
): TraceEstimate => {
  Require.count(operation, "dimension", dimension, 0)
  Require.count(operation, "products", products, fewest)
  return estimator()(products)
}

/** Estimates from `first` products on until the error bar is small enough. Throws InvalidInput. */
export const repeated = (
  operation: string,
  { dimension, errorBar, maxProducts }: OptionsUntil,
  fewest: number,
  first: number,
  estimator: () => Estimator,
): StoppedTraceEstimate => {
  Require.count(operation, "dimension", dimension, 0)
  Require.count(operation, "maxProducts", maxProducts, fewest)
  if (!(errorBar >= 0)) invalid(operation, "errorBar must be at least 0", { errorBar })
  return until({ errorBar, maxProducts }, first, estimator())
}

export interface Range {
  /** An orthonormal basis of the products. */
  readonly basis: ReadonlyArray<Float64Array>
  /** rank x count, row-major: column j has the coefficients of product j in the basis. */
  readonly coefficients: Float64Array
}

/** The range of the products of `probes`. Throws InvalidInput where a product is not finite. */
export const range = (operation: string, probes: ReadonlyArray<Probe>, n: number): Range => {
  const count = probes.length
  const block = new Float64Array(count * n)
  const q = views(block, n, count)
  probes.forEach(({ product }, i) => q[i]!.set(product))
  if (!Vector.isFinite(block)) {
    invalid(operation, "the operator must return finite numbers", { probes: count })
  }
  const r = new Float64Array(count * count)
  const rank = orthonormalise(q, [], r)
  return { basis: q.slice(0, rank), coefficients: r.subarray(0, rank * count) }
}
