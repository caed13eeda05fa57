/** Spectral data of the Hessian for a certificate, by the cheapest method available. */
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import type * as Operator from "@nonconvex/numerics/Operator"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Trace from "@nonconvex/numerics/Trace"
import * as Vector from "@nonconvex/numerics/Vector"
import * as HessianVector from "@nonconvex/problems/HessianVector"
import type { Objective } from "@nonconvex/problems/Objective"
import type { Estimate } from "../flatness/Estimate.ts"
import type { Search } from "./CertifyOptions.ts"
import * as FactoredGap from "./FactoredGap.ts"
import { defaultStep, estimateGradientOfTrace } from "../flatness/GradientOfTrace.ts"
import * as Residual from "../flatness/Residual.ts"
import * as TangentProjection from "../minima/TangentProjection.ts"

export const bases = ["whole spectrum", "Gauss-Newton factor", "ends of the spectrum"] as const

export interface Ends {
  readonly topEigenvalue: number
  /** The largest few, descending. */
  readonly topEigenvalues: ReadonlyArray<{ readonly value: number; readonly residual: number }>
  readonly topEigenvalueResidual: number
  readonly smallestEigenvalue: number
  readonly smallestEigenvalueResidual: number
  /** Status of the two eigenvalues; "budget" if Lanczos ran out of products before it reached its tolerance. */
  readonly eigenvalueStatus: Lanczos.Eigenpairs["status"]
}

export interface Measured extends Ends {
  readonly basis: (typeof bases)[number]
  readonly trace: Estimate
  readonly remainder?: number
  readonly test: TangentProjection.GapTest
}

interface Options extends FactoredGap.Options {
  readonly dense: number
  readonly rows: number
  readonly products?: number
  readonly search?: Search
}

/** Number of top eigenvalues to report. */
const several = 5

/** Maximum number of entries of a Gauss-Newton factor: 1 GiB. */
const largestFactor = 2 ** 27

/** Trace by the objective's own formula, or by Hutch++. */
const traceOf = (objective: Objective, point: Float64Array, estimate: () => Estimate): Estimate => {
  if (objective.hessianTrace !== undefined) {
    return { estimate: objective.hessianTrace.value(point), standardError: 0 }
  }
  const { estimate: value, standardError } = estimate()
  return { estimate: value, standardError }
}

const measureInFull = (objective: Objective, point: Float64Array, options: Options): Measured => {
  const n = objective.dimension
  const h = TangentProjection.denseHessian(objective, point)
  const eigen = SymmetricEigen.eigen(h, n, options.kernels)
  const multiply = HessianVector.of(objective)
  const product = new Float64Array(n)
  const pairAt = (k: number) => {
    const value = eigen.values[k]!
    const vector = SymmetricEigen.vector(eigen, k)
    multiply(point, vector, product)
    Vector.axpy(-value, vector, product)
    return { value, residual: Vector.norm(product) }
  }
  const topEigenvalues = Array.from({ length: Math.min(several, n) }, (_, k) => pairAt(n - 1 - k))
  const smallest = pairAt(0)
  return {
    basis: "whole spectrum",
    trace: traceOf(objective, point, () => {
      let trace = 0
      for (let i = 0; i < n; i++) trace += h[i * n + i]!
      return { estimate: trace, standardError: 0 }
    }),
    topEigenvalue: topEigenvalues[0]!.value,
    topEigenvalueResidual: topEigenvalues[0]!.residual,
    topEigenvalues,
    smallestEigenvalue: smallest.value,
    smallestEigenvalueResidual: smallest.residual,
    eigenvalueStatus: "converged",
    test: TangentProjection.fromEigen(eigen, options),
  }
}

const endsOf = (
  operator: Operator.Operator,
  dimension: number,
  { kernels, search, seed }: Options,
): Ends => {
  const bounded = (products: number, wanted: number) => ({
    maxProducts: search?.products ?? products,
    ...(search !== undefined && { subspace: Math.min(search.vectors, 2 * wanted + 20) }),
    kernels,
  })
  const { residuals, status, values } = Lanczos.bothEnds(operator, {
    dimension,
    count: 1,
    seed: seed.child("ends"),
    tolerance: 1e-4,
    ...bounded(400, 2),
  })
  const count = Math.min(several, dimension, (search?.vectors ?? Infinity) - 2)
  const top = Lanczos.topEigenpairs(operator, {
    dimension,
    count,
    seed: seed.child("top"),
    tolerance: 1e-3,
    ...bounded(200, count),
  })
  return {
    topEigenvalue: values[1]!,
    topEigenvalueResidual: residuals[1]!,
    topEigenvalues: Array.from(top.values, (value, k) => ({ value, residual: top.residuals[k]! })),
    smallestEigenvalue: values[0]!,
    smallestEigenvalueResidual: residuals[0]!,
    eigenvalueStatus: status,
  }
}

const measureByFactor = (objective: Objective, point: Float64Array, options: Options): Measured => {
  const { dimension, gaussNewton } = objective
  const { products = 60, rows, search, seed } = options
  const product = HessianVector.of(objective)
  const operator: Operator.Operator = (v, out) => product(point, v, out)
  const sketchedTrace = (matrix: Operator.Operator) => {
    const asked = { dimension, seed: seed.child("trace") }
    // where the basis of a search has less room than the sketch would take
    return search !== undefined && products > 3 * search.vectors
      ? Trace.hutchinson(matrix, { ...asked, probes: products })
      : Trace.hutchPlusPlus(matrix, { ...asked, products })
  }
  const found = endsOf(operator, dimension, options)
  if (
    gaussNewton === undefined ||
    gaussNewton.rows > rows ||
    gaussNewton.rows * dimension > largestFactor
  ) {
    return {
      basis: "ends of the spectrum",
      ...found,
      trace: traceOf(objective, point, () => sketchedTrace(operator)),
      // the ends alone cannot show where the spectrum would part
      test: { _tag: "NoGap", largestGap: Number.NaN },
    }
  }
  const factored = FactoredGap.fromFactor(objective, gaussNewton, point, {
    ...options,
    seed: seed.child("remainder"),
  })
  return {
    basis: "Gauss-Newton factor",
    ...found,
    // all of the trace but that of the remainder is exact
    trace: traceOf(objective, point, () => {
      const { estimate, standardError } = sketchedTrace(factored.rest)
      return { estimate: factored.trace + estimate, standardError }
    }),
    remainder: factored.remainder,
    test: factored.test,
  }
}

/**
 * The whole spectrum up to dimension `dense`; else the Gauss-Newton factor if it has at most `rows` rows; else the extreme
 * eigenvalues alone.
 */
export const measure = (objective: Objective, point: Float64Array, options: Options): Measured =>
  (objective.dimension <= options.dense ? measureInFull : measureByFactor)(
    objective,
    point,
    options,
  )

/**
 * The flatness residual `|P grad tr Hess| / d` and its error. It is exact if the objective has a formula for the trace.
 * Otherwise it comes from differences along all coordinates or along random directions. The error includes the tilt of P.
 */
export const residual = (
  objective: Objective,
  point: Float64Array,
  { projection, tilt }: Extract<TangentProjection.GapTest, { readonly _tag: "Gap" }>,
  options: { readonly pairs: number; readonly seed: Seed.Seed; readonly everyDirection: boolean },
): Estimate => {
  const n = point.length
  const { everyDirection, pairs, seed } = options
  if (objective.hessianTrace !== undefined) {
    const gradient = new Float64Array(n)
    objective.hessianTrace.gradient(point, gradient)
    const whole = Vector.norm(gradient) / n
    projection.apply(gradient)
    return { estimate: Vector.norm(gradient) / n, standardError: tilt * whole }
  }
  if (everyDirection) {
    const step = defaultStep(point)
    const fine = Residual.residual(objective, point, projection, { step })
    const coarse = Residual.residual(objective, point, projection, { step: 2 * step })
    return { estimate: fine, standardError: Math.abs(fine - coarse) }
  }
  const { estimate, standardError } = Residual.estimateResidual(objective, point, projection, {
    pairs,
    seed,
  })
  if (tilt === 0) return { estimate, standardError }
  const whole = estimateGradientOfTrace(objective, point, {
    pairs: 10,
    seed: seed.child("whole"),
  }).estimate
  return { estimate, standardError: standardError + (tilt * Vector.norm(whole)) / n }
}
