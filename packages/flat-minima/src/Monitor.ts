/** Trace and top eigenvalue along a training run: exact where there is a formula, with common probes elsewhere. */
import { Lanczos, type Operator, RandomStream, type Seed, Trace, Vector } from "@nonconvex/numerics"
import { HessianVector, type Objective } from "@nonconvex/problems"
import type { Estimate } from "./Flatness.ts"
import { requireCount, requirePositive } from "./Input.ts"

export interface Reading {
  /** Its standard error is 0 where the objective has a formula for it. */
  readonly trace: Estimate
  readonly topEigenvalue: number
  readonly topEigenvalueResidual: number
  /** Trace minus that of the checkpoint before; absent at the first. */
  readonly change?: Estimate
  /** Products with the Hessian that the trace took; 0 where it is exact. */
  readonly products: number
}

export interface Monitor {
  /** Measures at `point`. */
  readonly read: (point: Float64Array) => Reading
}

/** Probes that all checkpoints have in common; fewer say too little about their own spread. */
const common = 8

const summary = (samples: Float64Array): Estimate => {
  const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length
  const square = samples.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return {
    estimate: mean,
    standardError: Math.sqrt(square / (samples.length - 1) / samples.length),
  }
}

const difference = (a: Estimate, b: Estimate): Estimate => ({
  estimate: a.estimate - b.estimate,
  standardError: Math.hypot(a.standardError, b.standardError),
})

interface Found {
  readonly trace: Estimate
  /** Values of the common probes; empty where the trace is exact. */
  readonly samples: Float64Array
  readonly products: number
}

/** The change between two checkpoints, by the common probes or by the two traces, whichever has the smaller error. */
const changeOf = (now: Found, before: Found): Estimate => {
  const apart = difference(now.trace, before.trace)
  if (now.samples.length === 0) return apart
  const paired = summary(now.samples.map((value, k) => value - before.samples[k]!))
  return paired.standardError <= apart.standardError ? paired : apart
}

/**
 * A monitor of `objective`. Where the objective has a formula for the trace, as a piecewise linear network has, it is exact.
 * Elsewhere 8 probes that are the same at every checkpoint come first; where their standard error is above `relativeError` of the
 * trace, Hutch++ goes on with more and more products until its own is not, or `maxProducts` are spent: not until two running means
 * happen to agree. The eigenvector of the last checkpoint starts the next search.
 *
 * Memory is that of at most `maxProducts / 3` vectors during a reading and of one between readings, whatever their number.
 * Throws InvalidInput.
 */
export const monitor = (
  objective: Objective,
  options: {
    readonly seed: Seed.Seed
    readonly relativeError?: number
    readonly maxProducts?: number
    readonly tolerance?: number
  },
): Monitor => {
  const { maxProducts = 100, relativeError = 0.05, seed, tolerance = 1e-3 } = options
  requirePositive("monitor", "relativeError", relativeError)
  requirePositive("monitor", "tolerance", tolerance)
  requireCount("monitor", "maxProducts", maxProducts, common)
  const n = objective.dimension
  const product = HessianVector.of(objective)
  const z = new Float64Array(n)
  const out = new Float64Array(n)

  const traceAt = (point: Float64Array, operator: Operator.Operator): Found => {
    if (objective.hessianTrace !== undefined) {
      const estimate = objective.hessianTrace.value(point)
      return { trace: { estimate, standardError: 0 }, samples: new Float64Array(0), products: 0 }
    }
    const samples = Float64Array.from({ length: common }, (_, k) => {
      RandomStream.make(seed.child("probe").child(k)).fillRademacher(z)
      operator(z, out)
      return Vector.dot(z, out)
    })
    const first = { trace: summary(samples), samples, products: common }
    const errorBar = relativeError * Math.abs(first.trace.estimate)
    const left = maxProducts - common
    if (first.trace.standardError <= errorBar || left < 12) return first
    const { estimate, products, standardError } = Trace.hutchPlusPlusUntil(operator, {
      dimension: n,
      seed: seed.child("sketch"),
      errorBar,
      maxProducts: left,
    })
    const total = common + products
    return standardError < first.trace.standardError
      ? { trace: { estimate, standardError }, samples, products: total }
      : { ...first, products: total }
  }

  let before: Found | undefined
  const start = new Float64Array(n)
  return {
    read: (point) => {
      const operator: Operator.Operator = (v, into) => product(point, v, into)
      const found = traceAt(point, operator)
      const top = Lanczos.topEigenpairs(operator, {
        dimension: n,
        count: 1,
        seed: seed.child("eigenvalue"),
        tolerance,
        ...(before !== undefined && { start }),
      })
      start.set(top.vectors.subarray(0, n))
      const reading = {
        trace: found.trace,
        topEigenvalue: top.values[0]!,
        topEigenvalueResidual: top.residuals[0]!,
        products: found.products,
        ...(before !== undefined && { change: changeOf(found, before) }),
      }
      before = found
      return reading
    },
  }
}
