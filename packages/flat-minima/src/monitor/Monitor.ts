/** Trace and top eigenvalue along a training run: exact if there is a formula, otherwise with common probes. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import type * as Operator from "@nonconvex/numerics/Operator"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Trace from "@nonconvex/numerics/Trace"
import * as Vector from "@nonconvex/numerics/Vector"
import * as HessianVector from "@nonconvex/problems/HessianVector"
import type { Objective } from "@nonconvex/problems/Objective"
import { type Estimate, meanOf } from "../flatness/Estimate.ts"

export interface Reading {
  /** Its standard error is 0 if the objective has a formula for it. */
  readonly trace: Estimate
  readonly topEigenvalue: number
  readonly topEigenvalueResidual: number
  /** "budget" if Lanczos ran out of products before the residual was at most `tolerance` times the eigenvalue. */
  readonly topEigenvalueStatus: Lanczos.Eigenpairs["status"]
  /** Change of the trace since the previous checkpoint; absent at the first. */
  readonly change?: Estimate
  /** Hessian products for the trace; 0 if it is exact. */
  readonly products: number
}

/** Results of a reading so far. */
export type Found = Partial<Pick<Reading, "topEigenvalue" | "topEigenvalueResidual" | "trace">>

export interface MonitorOptions {
  readonly seed: Seed.Seed
  /** Largest relative standard error of the trace; default 0.05. */
  readonly relativeError?: number
  /** Most Hessian products for one trace, at least 8; default 100. */
  readonly maxProducts?: number
  /** Largest residual relative to the top eigenvalue; default 1e-3. */
  readonly tolerance?: number
  /** Steps of the eigenvalue search between two looks at its result; default 10, and fewer for costly products. */
  readonly lookEvery?: number
  /** Called with the result of a reading, whenever it changes. */
  readonly onFound?: (found: Found) => void
  /** Default the strict kernels of this thread. */
  readonly kernels?: Kernels.Kernels
}

export interface Monitor {
  /** Measures at `point`. */
  readonly read: (point: Float64Array) => Reading
}

/** Smallest number of probes whose spread is a usable error estimate. */
const fewest = 8

const difference = (a: Estimate, b: Estimate): Estimate => ({
  estimate: a.estimate - b.estimate,
  standardError: Elementary.hypot(a.standardError, b.standardError),
})

interface FoundTrace {
  readonly trace: Estimate
  /** Values of the probes that all checkpoints share; empty if the trace is exact. */
  readonly samples: ReadonlyArray<number>
  readonly products: number
}

/** The change between two checkpoints, by the common probes or by the two traces, whichever has the smaller error. */
const changeOf = (now: FoundTrace, before: FoundTrace): Estimate => {
  const apart = difference(now.trace, before.trace)
  const common = Math.min(now.samples.length, before.samples.length)
  if (common === 0) return apart
  const paired = meanOf(now.samples.slice(0, common).map((value, k) => value - before.samples[k]!))
  return paired.standardError <= apart.standardError ? paired : apart
}

/**
 * A monitor of `objective`. The trace is exact if the objective has a formula for it, as piecewise linear networks do.
 *
 * Where the objective splits off its Gauss-Newton matrix, the trace of that is exact, and only the rest is probed: in a trained network
 * that is the smaller part by far. Probes are added until their standard error is at most `relativeError` of the trace. Probe k is the same
 * at every checkpoint, so changes have far smaller errors than values. If the spread of the first probes shows that `maxProducts` will not
 * suffice, XTrace gets the remaining products: it is better for a decaying spectrum. Each eigenvalue search starts from the eigenvector of
 * the last checkpoint, and ends at a residual of `tolerance` times the eigenvalue. In float32 it ends after 60 more products at the latest:
 * `maxProducts` is for the trace alone.
 *
 * Memory: at most `maxProducts` vectors during a reading, and one between readings. Throws InvalidInput on options out of range.
 *
 * @example
 * ```ts import.meta.vitest
 * import { monitor } from "@nonconvex/flat-minima"
 * import { Seed } from "@nonconvex/numerics"
 * import { quadratic } from "@nonconvex/problems"
 *
 * const { read } = monitor(quadratic({ spectrum: [3, 1] }), { seed: Seed.root(1) })
 * const { topEigenvalue, trace } = read(Float64Array.of(0, 0))
 * topEigenvalue // ≈ 3.000
 * trace.estimate // ≈ 4.000
 * ```
 */
export const monitor = (objective: Objective, options: MonitorOptions): Monitor => {
  const { maxProducts = 100, relativeError = 0.05, seed, tolerance = 1e-3 } = options
  const { kernels = Kernels.standard(), lookEvery = 10, onFound } = options
  Require.seed("monitor", "seed", seed)
  Require.positive("monitor", "relativeError", relativeError)
  Require.positive("monitor", "tolerance", tolerance)
  Require.count("monitor", "maxProducts", maxProducts, fewest)
  const n = objective.dimension
  const product = HessianVector.of(objective)
  const split = objective.gaussNewton?.split
  const z = new Float64Array(n)
  const out = new Float64Array(n)

  /** Sample of the trace from the signs z; with a split, only its rest is random. */
  const sampleAt = (point: Float64Array, exact: number): number => {
    if (split !== undefined) return exact + split.rest(point, z)
    product(point, z, out)
    return Vector.dot(z, out)
  }
  const traceAt = (
    point: Float64Array,
    operator: Operator.Operator,
    onTrace: (trace: Estimate) => void,
  ): FoundTrace => {
    if (objective.hessianTrace !== undefined) {
      const estimate = objective.hessianTrace.value(point)
      return { trace: { estimate, standardError: 0 }, samples: [], products: 0 }
    }
    const exact = split?.trace(point) ?? 0
    const samples: Array<number> = []
    for (;;) {
      RandomStream.make(seed.child("probe").child(samples.length)).fillRademacher(z)
      samples.push(sampleAt(point, exact))
      if (samples.length < 2) continue
      const trace = meanOf(samples)
      onTrace(trace)
      if (samples.length < fewest) continue
      const found = { trace, samples, products: samples.length }
      const allowed = relativeError * Math.abs(trace.estimate)
      const left = maxProducts - samples.length
      if (trace.standardError <= allowed || left === 0) return found
      if (
        samples.length * Elementary.square(trace.standardError / allowed) > maxProducts &&
        left >= fewest
      ) {
        return sketched(operator, found, left - (left % 2))
      }
    }
  }
  /** The estimate with the remaining products spent on XTrace, if that has the smaller error. */
  const sketched = (
    operator: Operator.Operator,
    found: FoundTrace,
    products: number,
  ): FoundTrace => {
    const { estimate, standardError } = Trace.xTrace(operator, {
      dimension: n,
      products,
      seed: seed.child("sketch"),
      kernels,
    })
    return {
      samples: found.samples,
      products: found.products + products,
      trace: standardError < found.trace.standardError ? { estimate, standardError } : found.trace,
    }
  }

  let before: FoundTrace | undefined
  const start = new Float64Array(n)
  return {
    read: (point) => {
      const operator: Operator.Operator = (v, into) => product(point, v, into)
      const top = Lanczos.topEigenpairs(operator, {
        dimension: n,
        count: 1,
        seed: seed.child("eigenvalue"),
        tolerance,
        lookEvery,
        kernels,
        ...(before !== undefined && { start }),
        // more would only see the rounding
        ...(objective.precision === "float32" && { maxProducts: 60 }),
      })
      start.set(top.vectors.subarray(0, n))
      const eigenvalue = {
        topEigenvalue: top.values[0]!,
        topEigenvalueResidual: top.residuals[0]!,
      }
      onFound?.(eigenvalue)
      const found = traceAt(point, operator, (trace) => onFound?.({ ...eigenvalue, trace }))
      const reading = {
        trace: found.trace,
        ...eigenvalue,
        topEigenvalueStatus: top.status,
        products: found.products,
        ...(before !== undefined && { change: changeOf(found, before) }),
      }
      before = found
      return reading
    },
  }
}
