/** How curved the training loss is where a training ended, and what that says about its learning rate and radius. */
import type { Kernels } from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Trace from "@nonconvex/numerics/Trace"
import type { SmoothFiniteSum } from "@nonconvex/problems/LinearModel"
import { Schema } from "effect"
import { advise } from "../../advice/Advice.ts"

/** The Hessian of the mean training loss at a point. */
export const Sharpness = Schema.Struct({
  topEigenvalue: Schema.Number,
  /** The eigenvalue lies within this of the number above. */
  residual: Schema.Number,
  trace: Schema.Number,
  /** 0 where the trace is exact: the activations are piecewise linear. */
  traceStandardError: Schema.Number,
  /** 0 where the trace is exact. */
  traceProbes: Schema.Int,
  /** Of plain gradient descent; momentum and AdamW have thresholds of their own. */
  advice: Schema.Struct({
    stable: Schema.Boolean,
    usamStable: Schema.Boolean,
    floor: Schema.Number,
    suggestedRadius: Schema.Number,
    summary: Schema.String,
  }),
})
export type Sharpness = typeof Sharpness.Type

const probes = 16

/** Exact where the network has a formula for it, by random probes elsewhere. */
const traceAt = (network: SmoothFiniteSum, point: Float64Array, seed: Seed.Seed) =>
  network.hessianTrace === undefined
    ? Trace.hutchinson((v, out) => network.hessianVector(point, v, out), {
        dimension: network.dimension,
        probes,
        seed,
      })
    : { estimate: network.hessianTrace.value(point), standardError: 0, probes: 0 }

/** Measures the Hessian of the whole training loss at `point`. Throws InvalidInput where its products are not finite. */
export const measure = (
  network: SmoothFiniteSum,
  point: Float64Array,
  options: {
    readonly learningRate: number
    readonly radius: number
    readonly tolerance: number
    readonly seed: Seed.Seed
    readonly kernels: Kernels
  },
): Sharpness => {
  const { floor, residual, stable, suggestedRadius, summary, topEigenvalue, usamStable } = advise(
    network,
    point,
    { ...options, seed: options.seed.child("advice") },
  )
  const trace = traceAt(network, point, options.seed.child("trace"))
  return {
    topEigenvalue,
    residual,
    trace: trace.estimate,
    traceStandardError: trace.standardError,
    traceProbes: trace.probes,
    advice: { stable, usamStable, floor, suggestedRadius, summary },
  }
}
