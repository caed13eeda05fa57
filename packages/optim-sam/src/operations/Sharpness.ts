/** Curvature of the training loss at the end of a training, and its implications for learning rate and radius. */
import { significant } from "@nonconvex/numerics/Decimal"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import { hutchinson } from "@nonconvex/numerics/Hutchinson"
import type { SmoothFiniteSum } from "@nonconvex/problems/LinearModel"
import { Schema } from "effect"
import { adviseFromCurvature, type Advice } from "../advice/Advice.ts"
import { topEigenvalue as topEigenvalueAt } from "../advice/TopEigenvalue.ts"
import * as Theory from "../theory/Theory.ts"

/** The Hessian of the mean training loss at a point. */
export const Sharpness = Schema.Struct({
  topEigenvalue: Schema.Number,
  /** Distance from the number above within which the eigenvalue lies. */
  residual: Schema.Number,
  trace: Schema.Number,
  /** Standard error of the trace; 0 if it is exact, as for piecewise linear activations. */
  traceStandardError: Schema.Number,
  /** Number of probes; 0 where the trace is exact. */
  traceProbes: Schema.Int,
  /**
   * Advice for plain gradient descent; momentum and AdamW have other thresholds. It contains no radius, which only
   * validation rows can choose.
   */
  advice: Schema.Struct({
    stable: Schema.Boolean,
    usamStable: Schema.Boolean,
    floor: Schema.Number,
    summary: Schema.String,
  }),
})
export type Sharpness = typeof Sharpness.Type

const probes = 16

/** Exact if the network has a closed formula for it; otherwise estimated by random probes. */
const traceAt = (network: SmoothFiniteSum, point: Float64Array, seed: Seed.Seed) =>
  network.hessianTrace === undefined
    ? hutchinson((v, out) => network.hessianVector(point, v, out), {
        dimension: network.dimension,
        probes,
        seed,
      })
    : { estimate: network.hessianTrace.value(point), standardError: 0, probes: 0 }

const summaryOf = ({
  floor,
  learningRate,
  radius,
  stable,
  topEigenvalue,
  usamStable,
}: Advice): string => {
  if (!(topEigenvalue > 0)) return "no curvature is positive, so no learning rate is too large"
  const limit = significant(Theory.gradientDescentThreshold(topEigenvalue))
  if (!stable) {
    return `the learning rate ${significant(learningRate)} is above the stability limit of 2 / top eigenvalue = ${limit}: lower it`
  }
  const usam = `USAM is ${usamStable ? "stable" : "unstable"} there`
  return `the learning rate ${significant(learningRate)} is stable, since it is below 2 / top eigenvalue = ${limit}; SAM settles ${significant(floor)} above the minimum at radius ${significant(radius)}, and ${usam}`
}

/** Measures the Hessian of the whole training loss at `point`. Throws InvalidInput where its products are not finite. */
export const measure = (
  network: SmoothFiniteSum,
  point: Float64Array,
  {
    kernels,
    seed,
    ...settings
  }: {
    readonly learningRate: number
    readonly radius: number
    readonly seed: Seed.Seed
    readonly kernels: Kernels
  },
): Sharpness => {
  const top = topEigenvalueAt(network, point, { seed: seed.child("advice"), kernels })
  const advice = adviseFromCurvature(top.value, { ...settings, tolerance: 0 }, top.residual)
  const { floor, residual, stable, topEigenvalue, usamStable } = advice
  const trace = traceAt(network, point, seed.child("trace"))
  return {
    topEigenvalue,
    residual,
    trace: trace.estimate,
    traceStandardError: trace.standardError,
    traceProbes: trace.probes,
    advice: { stable, usamStable, floor, summary: summaryOf(advice) },
  }
}
