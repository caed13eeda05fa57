/** A certificate of flatness: what can be said of a point, with error bars, and no more. */
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Objective } from "@nonconvex/problems/Objective"
import { Schema } from "effect"
import { confidence } from "../flatness/Residual.ts"
import { checkHessian } from "./HessianCheck.ts"
import * as Spectrum from "./Spectrum.ts"
import * as Theory from "../theory/Theory.ts"

const Estimate = Schema.Struct({ estimate: Schema.Number, standardError: Schema.Number })

export const Certificate = Schema.Struct({
  verdict: Schema.Literals(["flat", "not flat", "undetermined"]),
  /** Why, in one sentence. */
  because: Schema.String,
  dimension: Schema.Int,
  /** What the gap was looked for in; the ends alone cannot show one. */
  basis: Schema.Literals(Spectrum.bases),
  loss: Schema.Number,
  gradientNorm: Schema.Number,
  /**
   * `|G|^2 / (2 mu)`, mu the smallest eigenvalue above the gap: a local bound. Absent without a gap, and where an eigenvalue above
   * it is negative.
   */
  lossGapBound: Schema.optionalKey(Schema.Number),
  /** `|P grad tr Hess| / d`. Absent without a gap. */
  residual: Schema.optionalKey(Estimate),
  /** Its standard error is 0 where it is exact. */
  trace: Estimate,
  topEigenvalue: Schema.Number,
  /** An eigenvalue lies this close to `topEigenvalue`. */
  topEigenvalueResidual: Schema.Number,
  smallestEigenvalue: Schema.Number,
  /** Of the two eigenvalues: "budget" where the products ran out before they were found to 1e-4 of the larger. */
  eigenvalueStatus: Schema.Literals(["converged", "budget"]),
  /** The factor between the eigenvalues above and below the cut; absent where no cut was found. */
  gap: Schema.optionalKey(Schema.Number),
  /** Eigenvalues above the cut. */
  rank: Schema.optionalKey(Schema.Int),
  /** Of the Gauss-Newton factor: a bound for the norm of the Hessian minus that matrix, wrong with probability 1e-6 at most. */
  remainder: Schema.optionalKey(Schema.Number),
})
export type Certificate = typeof Certificate.Type

export interface CertifyOptions {
  /** Largest loss above the minimum, eps of the theorems, in units of the loss. */
  readonly lossTolerance: number
  /** Largest flatness residual, eps' of the theorems; default `sqrt(lossTolerance)`, as they have it. */
  readonly residualTolerance?: number
  readonly seed: Seed.Seed
  /** Smallest factor between the eigenvalues above and below the cut; default 1000. */
  readonly gap?: number
  /** Eigenvalues below the cut are at most this times the largest; default 1e-5. */
  readonly zero?: number
  /** Up to this dimension the spectrum is computed in full; default 1000. */
  readonly dense?: number
  /** Beyond it a Gauss-Newton factor of up to so many rows is searched for a gap; default 2000. */
  readonly rows?: number
  /** Products for the trace where the dimension is larger; default 60. */
  readonly products?: number
  /** Antithetic pairs for the residual where the dimension is larger; default 100. */
  readonly pairs?: number
  /** Default the strict kernels of this thread. */
  readonly kernels?: Kernels.Kernels
}

/** Near the minima the gradient is normal to them, to first order; so much of it may be along them. */
const largestObliqueness = 0.1

/** At so small a share of the loss tolerance the gradient's direction is rounding. */
const negligibleShare = 1e-6

/** Negative eigenvalues that the gap drops are 0 only up to this share of the largest. */
const allowedNegative = 1e-3

/** Whether a negative eigenvalue counts: it is above the gap, or too large for a minimum. */
const isIndefinite = (
  { smallestEigenvalue, topEigenvalue }: Spectrum.Ends,
  smallestKept: number,
): boolean => -smallestEigenvalue >= Math.min(smallestKept, allowedNegative * topEigenvalue)

const judge = (
  certificate: Omit<Certificate, "verdict" | "because">,
  /** The norm of the gradient's part along the minima. */
  tangential: number,
  noGap: string,
  eps: number,
  epsPrime: number,
): Pick<Certificate, "verdict" | "because"> => {
  const { gradientNorm, lossGapBound, residual, smallestEigenvalue } = certificate
  if (residual === undefined) return { verdict: "undetermined", because: noGap }
  if (lossGapBound === undefined) {
    return {
      verdict: "undetermined",
      because: `the Hessian has the eigenvalue ${shown(smallestEigenvalue)}: this is not near a minimum`,
    }
  }
  // what is flat is the minimum that the flow leads to: away from it, the residual here says nothing of the one there
  if (!(lossGapBound <= eps)) {
    return {
      verdict: "undetermined",
      because: `the loss may be ${shown(lossGapBound)} above its minimum, more than ${shown(eps)}; train on, or take the point to its minimum with settle`,
    }
  }
  if (lossGapBound > negligibleShare * eps && !(tangential <= largestObliqueness * gradientNorm)) {
    return {
      verdict: "undetermined",
      because: `the gradient has a part of ${shown(tangential)} of ${shown(gradientNorm)} where the Hessian has none: this is not near a minimum`,
    }
  }
  const error = confidence * residual.standardError
  if (residual.estimate - error > epsPrime) {
    return {
      verdict: "not flat",
      because: `the flatness residual ${shown(residual.estimate)} is above ${shown(epsPrime)}`,
    }
  }
  // also where a number overflowed and nothing is known
  if (!(residual.estimate + error <= epsPrime)) {
    return {
      verdict: "undetermined",
      because: `the error bar of the flatness residual ${shown(residual.estimate)} reaches over ${shown(epsPrime)}`,
    }
  }
  return {
    verdict: "flat",
    because: `the loss is within ${shown(lossGapBound)} of its minimum and the flatness residual is ${shown(residual.estimate)}`,
  }
}

/** Why there is no gap. */
const withoutGap = (
  objective: Objective,
  { basis, remainder, topEigenvalue }: Pick<Certificate, "basis" | "remainder" | "topEigenvalue">,
): string => {
  if (basis === "ends of the spectrum") {
    const { dimension, gaussNewton } = objective
    return gaussNewton === undefined
      ? `the spectrum of ${dimension} parameters is too large to be searched for a gap`
      : `the spectrum of ${dimension} parameters and ${gaussNewton.rows} predictions is too large to be searched for a gap`
  }
  return remainder === undefined
    ? "the spectrum has no gap that tells the tangent space of the minima from its normal space"
    : `no gap can be shown: the Hessian differs from its Gauss-Newton matrix by up to ${shown(remainder)}, with a top eigenvalue of ${shown(topEigenvalue)}`
}

const shown = (value: number): string => value.toPrecision(3)

/**
 * The certificate of `point`. It never says "flat" without a gap in the spectrum, nor where an eigenvalue above it is negative.
 *
 * The gap is looked for in the whole spectrum up to dimension `dense`; beyond it in the Gauss-Newton matrix, where the objective
 * gives a factor of up to `rows` rows (see FactoredGap); beyond that the verdict is "undetermined". Trace and residual are exact
 * where the objective has a formula for the trace (piecewise linear networks), and have error bars elsewhere. They are those of
 * the point, and the definition asks for those of the minimum that the gradient flow leads to: where the loss may be above its
 * tolerance, or the gradient is not normal to the kernel of the Hessian, the verdict is "undetermined". Throws
 * HessianMismatch where `hessianVector` contradicts the gradient, InvalidInput on a bad point or bad options, ArenaFull where no memory
 * can hold the spectrum. Ours, of the paper's definition 3 (as recalled).
 *
 * @example
 * ```ts import.meta.vitest
 * import { certify, scalarModel } from "@nonconvex/flat-minima"
 * import { Seed } from "@nonconvex/numerics"
 *
 * const options = { lossTolerance: 0.01, seed: Seed.root(1) }
 * certify(scalarModel(), Float64Array.of(1, 1), options).verdict // => "flat"
 * certify(scalarModel(), Float64Array.of(3, 1 / 3), options).verdict // => "not flat"
 * ```
 */
export const certify = (
  objective: Objective,
  point: Float64Array,
  options: CertifyOptions,
): Certificate => {
  const { dense = 1000, lossTolerance, pairs = 100, rows = 2000, seed } = options
  const { kernels = Kernels.standard() } = options
  const residualTolerance = options.residualTolerance ?? Math.sqrt(lossTolerance)
  Require.vector("certify", "point", point, objective.dimension)
  Require.positive("certify", "lossTolerance", lossTolerance)
  Require.positive("certify", "residualTolerance", residualTolerance)
  Require.count("certify", "dense", dense)
  Require.count("certify", "rows", rows)
  checkHessian(objective, point, { seed: seed.child("check") })
  const gradient = new Float64Array(point.length)
  const loss = objective.valueAndGradient(point, gradient)
  const gradientNorm = Vector.norm(gradient)
  const { test, ...spectrum } = Spectrum.measure(objective, point, {
    ...options,
    dense,
    rows,
    kernels,
  })
  const measured = {
    dimension: point.length,
    loss,
    gradientNorm,
    ...spectrum,
    ...(test._tag === "Gap" && {
      gap: test.projection.gap,
      rank: test.projection.rank,
      ...(!isIndefinite(spectrum, test.smallestKept) && {
        lossGapBound: Theory.lossGapBound(gradientNorm, test.smallestKept),
      }),
      residual: Spectrum.residual(objective, point, test, {
        pairs,
        seed: seed.child("residual"),
        everyDirection: spectrum.basis === "whole spectrum" && point.length <= 4 * pairs,
      }),
    }),
  }
  const noGap = withoutGap(objective, measured)
  // the last use of the gradient
  if (test._tag === "Gap") test.projection.apply(gradient)
  const tangential = Vector.norm(gradient)
  return { ...measured, ...judge(measured, tangential, noGap, lossTolerance, residualTolerance) }
}
