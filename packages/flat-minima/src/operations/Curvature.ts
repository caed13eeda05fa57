/** Trace and top eigenvalue along the points of a training: the quick part of a certificate. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { Schema } from "effect"
import { partCurvatures } from "../flatness/Parts.ts"
import { type Found, monitor } from "../monitor/Monitor.ts"
import { counted, type WithProducts } from "./CertifiedNetwork.ts"
import { LossOverflows } from "./NetworkOnData.ts"

const Estimate = Schema.Struct({ estimate: Schema.Number, standardError: Schema.Number })

/** Curvature at one point. */
export const Curvature = Schema.Struct({
  loss: Schema.Number,
  gradientNorm: Schema.Number,
  /** Its standard error is 0 where it is exact. */
  trace: Estimate,
  topEigenvalue: Schema.Number,
  /** Some eigenvalue is this close to `topEigenvalue`. */
  topEigenvalueResidual: Schema.Number,
  /** Change of the trace since the point before; absent at the first. */
  change: Schema.optionalKey(Estimate),
})
export type Curvature = typeof Curvature.Type

/** Results so far: of all earlier points and of the current one. */
export const Measured = Schema.Struct({
  network: Schema.String,
  readings: Schema.Array(Curvature),
  now: Schema.Struct({
    loss: Schema.optionalKey(Schema.Number),
    gradientNorm: Schema.optionalKey(Schema.Number),
    trace: Schema.optionalKey(Estimate),
    topEigenvalue: Schema.optionalKey(Schema.Number),
    topEigenvalueResidual: Schema.optionalKey(Schema.Number),
  }),
  /** Number of gradients so far; a Hessian product counts as two. */
  gradients: Schema.Int,
})
export type Measured = typeof Measured.Type

/** Largest dimension in which all products together make the whole Hessian: trace and eigenvalue are exact. */
const whole = 256

/** Relative standard error at which the probes of a trace end, and their largest number. */
const probing = { relativeError: 0.05, maxProducts: 100 } as const

/** Largest relative residual of the eigenvalue, whose error is about its square. */
const tolerance = 1e-2

/** The objective and the point of each measurement. */
interface Place {
  readonly objective: WithProducts
  readonly point: Float64Array
}

/**
 * The curvature at each of the places, which have one dimension. Up to a dimension of 256 it is exact; beyond that see
 * `monitor`, whose probes all places share. Throws LossOverflows where a loss is not finite.
 */
export const curvatures = (
  places: ReadonlyArray<() => Place>,
  {
    kernels,
    report,
    seed,
  }: {
    readonly kernels: Kernels.Kernels
    readonly report: (measured: Measured) => void
    readonly seed: Seed.Seed
  },
): Measured => {
  const readings: Array<Curvature> = []
  let gradients = 0
  let network = ""
  let found: Measured["now"] = {}
  const tell = (more: Found & Partial<Pick<Curvature, "gradientNorm" | "loss">> = {}): void => {
    found = { ...found, ...more }
    report({ network, readings, now: found, gradients })
  }
  let place: Place | undefined
  let watch: ReturnType<typeof monitor> | undefined
  const readAt = (point: Float64Array, objective: WithProducts) => {
    if (point.length > whole) {
      watch ??= monitor(
        following(() => place!.objective, objective),
        {
          ...probing,
          tolerance,
          lookEvery: 2,
          seed,
          kernels,
          onFound: tell,
        },
      )
      const { products: _products, topEigenvalueStatus: _status, ...reading } = watch.read(point)
      return reading
    }
    const all = [{ begin: 0, end: point.length }]
    const [exact] = partCurvatures(objective, point, all, { seed, kernels, dense: whole })
    const { residual, topEigenvalue, trace } = exact!
    const before = readings.at(-1)
    return {
      trace,
      topEigenvalue,
      topEigenvalueResidual: residual,
      ...(before !== undefined && {
        change: { estimate: trace.estimate - before.trace.estimate, standardError: 0 },
      }),
    }
  }
  for (const make of places) {
    const { objective: of, point } = make()
    const objective = counted(of, (cost) => {
      gradients += cost
      tell()
    })
    place = { objective, point }
    network ||= of.name ?? "objective"
    found = {}
    const gradient = new Float64Array(point.length)
    const loss = objective.valueAndGradient(point, gradient)
    const gradientNorm = Vector.norm(gradient)
    if (!Number.isFinite(loss + gradientNorm)) throw new LossOverflows({ loss })
    tell({ loss, gradientNorm })
    readings.push({ loss, gradientNorm, ...readAt(point, objective) })
  }
  return { network, readings, now: {}, gradients }
}

/** Objective with the operations of `like` that passes each call to the current objective. */
const following = (current: () => WithProducts, like: WithProducts): WithProducts => ({
  dimension: like.dimension,
  ...(like.precision !== undefined && { precision: like.precision }),
  valueAndGradient: (x, gradient) => current().valueAndGradient(x, gradient),
  hessianVector: (x, v, out) => current().hessianVector(x, v, out),
  ...(like.hessianTrace !== undefined && {
    hessianTrace: {
      value: (x) => current().hessianTrace!.value(x),
      gradient: (x, out) => current().hessianTrace!.gradient(x, out),
    },
  }),
  ...(like.gaussNewton?.split !== undefined && {
    gaussNewton: {
      ...like.gaussNewton,
      split: {
        trace: (x) => current().gaussNewton!.split!.trace(x),
        rest: (x, v) => current().gaussNewton!.split!.rest(x, v),
      },
    },
  }),
})
