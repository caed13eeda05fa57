/** A certificate of flatness: what can be said of a point, with error bars, and no more. */
import { Lanczos, Operator, type Seed, SymmetricEigen, Vector } from "@nonconvex/numerics"
import { HessianVector, type Objective } from "@nonconvex/problems"
import { Schema } from "effect"
import * as Flatness from "./Flatness.ts"
import { checkHessian } from "./HessianCheck.ts"
import { requireCount, requirePoint, requirePositive } from "./Input.ts"
import * as TangentProjection from "./TangentProjection.ts"
import * as Theory from "./Theory.ts"
import * as Traces from "./Traces.ts"

const Estimate = Schema.Struct({ estimate: Schema.Number, standardError: Schema.Number })

export const Certificate = Schema.Struct({
  verdict: Schema.Literals(["flat", "not flat", "undetermined"]),
  /** Why, in one sentence. */
  because: Schema.String,
  dimension: Schema.Int,
  loss: Schema.Number,
  gradientNorm: Schema.Number,
  /** `|G|^2 / (2 mu)`, mu the smallest eigenvalue above the gap: a local bound. Absent without a gap. */
  lossGapBound: Schema.optionalKey(Schema.Number),
  /** `|P grad tr Hess| / d`. Absent without a gap. */
  residual: Schema.optionalKey(Estimate),
  trace: Estimate,
  topEigenvalue: Schema.Number,
  /** An eigenvalue lies this close to `topEigenvalue`. */
  topEigenvalueResidual: Schema.Number,
  smallestEigenvalue: Schema.Number,
  /** The factor between the eigenvalues above and below the cut; absent where no cut was found. */
  gap: Schema.optionalKey(Schema.Number),
  /** Eigenvalues above the cut. */
  rank: Schema.optionalKey(Schema.Int),
})
export type Certificate = typeof Certificate.Type

export interface CertifyOptions {
  /** Largest loss above the minimum, eps. */
  readonly lossTolerance: number
  /** Largest flatness residual, eps'; the theorems take sqrt(eps), which is the default. */
  readonly residualTolerance?: number
  readonly seed: Seed.Seed
  /** Smallest factor between the eigenvalues above and below the cut; default 1000. */
  readonly gap?: number
  /** Eigenvalues below the cut are at most this times the largest; default 1e-5. */
  readonly zero?: number
  /** Up to this dimension the spectrum is computed in full; default 400. */
  readonly dense?: number
  /** Products for the trace where the dimension is larger; default 60. */
  readonly products?: number
  /** Antithetic pairs for the residual where the dimension is larger; default 100. */
  readonly pairs?: number
  /** A trace that is known exactly, such as `ExactTrace` gives. */
  readonly exactTrace?: number
}

type Spectral = Pick<
  Certificate,
  "trace" | "topEigenvalue" | "topEigenvalueResidual" | "smallestEigenvalue"
> & {
  readonly test: TangentProjection.GapTest
}

const inFull = (objective: Objective, point: Float64Array, options: CertifyOptions): Spectral => {
  const n = objective.dimension
  const h = TangentProjection.denseHessian(objective, point)
  const eigen = SymmetricEigen.eigen(h, n)
  let trace = 0
  for (let i = 0; i < n; i++) trace += h[i * n + i]!
  const top = eigen.vectors.subarray((n - 1) * n, n * n)
  const product = new Float64Array(n)
  HessianVector.of(objective)(point, top, product)
  Vector.axpy(-eigen.values[n - 1]!, top, product)
  return {
    trace: { estimate: trace, standardError: 0 },
    topEigenvalue: eigen.values[n - 1]!,
    topEigenvalueResidual: Vector.norm(product),
    smallestEigenvalue: eigen.values[0]!,
    test: TangentProjection.fromEigen(eigen, options),
  }
}

const atEnds = (objective: Objective, point: Float64Array, options: CertifyOptions): Spectral => {
  const n = objective.dimension
  const product = HessianVector.of(objective)
  const operator: Operator.Operator = (v, out) => product(point, v, out)
  const ends = Lanczos.bothEnds(operator, {
    dimension: n,
    count: 1,
    seed: options.seed.child("ends"),
    tolerance: 1e-4,
    maxProducts: 400,
  })
  return {
    trace: Traces.hutchPlusPlus(operator, {
      dimension: n,
      products: options.products ?? 60,
      seed: options.seed.child("trace"),
    }),
    topEigenvalue: ends.values[1]!,
    topEigenvalueResidual: ends.residuals[1]!,
    smallestEigenvalue: ends.values[0]!,
    // the ends alone cannot show where the spectrum would part
    test: { _tag: "NoGap", largestGap: Number.NaN },
  }
}

/** Standard errors by which a verdict must clear its tolerance. */
const confidence = 3

const judge = (
  certificate: Omit<Certificate, "verdict" | "because">,
  eps: number,
  epsPrime: number,
): Pick<Certificate, "verdict" | "because"> => {
  const { gap, lossGapBound, residual, smallestEigenvalue, topEigenvalue } = certificate
  if (gap === undefined || residual === undefined || lossGapBound === undefined) {
    return {
      verdict: "undetermined",
      because:
        "the spectrum has no gap that tells the tangent space of the minima from its normal space",
    }
  }
  if (smallestEigenvalue < -1e-3 * topEigenvalue) {
    return {
      verdict: "undetermined",
      because: `the Hessian has the eigenvalue ${show(smallestEigenvalue)}: this is not near a minimum`,
    }
  }
  const error = confidence * residual.standardError
  if (residual.estimate - error > epsPrime) {
    return {
      verdict: "not flat",
      because: `the flatness residual ${show(residual.estimate)} is above ${show(epsPrime)}`,
    }
  }
  if (lossGapBound > eps) {
    return {
      verdict: "undetermined",
      because: `the loss may be ${show(lossGapBound)} above its minimum, more than ${show(eps)}`,
    }
  }
  if (residual.estimate + error > epsPrime) {
    return {
      verdict: "undetermined",
      because: `the error bar of the flatness residual ${show(residual.estimate)} reaches over ${show(epsPrime)}`,
    }
  }
  return {
    verdict: "flat",
    because: `the loss is within ${show(lossGapBound)} of its minimum and the flatness residual is ${show(residual.estimate)}`,
  }
}

const show = (value: number): string => value.toPrecision(3)

/**
 * The certificate of `point`. It never says "flat" without a gap in the spectrum.
 *
 * Up to dimension `dense` the whole spectrum is computed and the trace is exact; beyond it only its ends are, no gap can be shown,
 * and the verdict is "undetermined" with the trace, its error bar and the top eigenvalue. Throws HessianMismatch where
 * `hessianVector` contradicts the gradient, InvalidInput on a bad point or bad options.
 */
export const certify = (
  objective: Objective,
  point: Float64Array,
  options: CertifyOptions,
): Certificate => {
  const { dense = 400, exactTrace, lossTolerance, pairs = 100, seed } = options
  const residualTolerance = options.residualTolerance ?? Math.sqrt(lossTolerance)
  requirePoint("certify", point, objective.dimension)
  requirePositive("certify", "lossTolerance", lossTolerance)
  requirePositive("certify", "residualTolerance", residualTolerance)
  requireCount("certify", "dense", dense)
  checkHessian(objective, point, { seed: seed.child("check") })
  const gradient = new Float64Array(point.length)
  const loss = objective.valueAndGradient(point, gradient)
  const gradientNorm = Vector.norm(gradient)
  const full = point.length <= dense
  const { test, trace, ...ends } = (full ? inFull : atEnds)(objective, point, options)
  const measured = {
    dimension: point.length,
    loss,
    gradientNorm,
    ...ends,
    trace:
      exactTrace === undefined
        ? { estimate: trace.estimate, standardError: trace.standardError }
        : { estimate: exactTrace, standardError: 0 },
    ...(test._tag === "Gap" && {
      gap: test.projection.gap,
      rank: test.projection.rank,
      lossGapBound: Theory.lossGapBound(gradientNorm, test.smallestKept),
      residual: residualOf(objective, point, test.projection, { pairs, seed }),
    }),
  }
  return { ...measured, ...judge(measured, lossTolerance, residualTolerance) }
}

/** Exact up to differences where `2 d` gradients are few; the difference of two steps is then the error bar. */
const residualOf = (
  objective: Objective,
  point: Float64Array,
  projection: TangentProjection.Projection,
  { pairs, seed }: { readonly pairs: number; readonly seed: Seed.Seed },
): Flatness.Estimate => {
  if (point.length > pairs * 4) {
    return Flatness.estimateResidual(objective, point, projection, {
      pairs,
      seed: seed.child("residual"),
    })
  }
  const fine = Flatness.residual(objective, point, projection, { step: 1e-2 })
  const coarse = Flatness.residual(objective, point, projection, { step: 2e-2 })
  return { estimate: fine, standardError: Math.abs(fine - coarse) }
}
