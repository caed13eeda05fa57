/** Certificate of flatness: a verdict on a point, with error bars. */
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import type { Objective } from "@nonconvex/problems/Objective"
import { Schema } from "effect"
import { End } from "../minima/NewtonDescent.ts"
import type { CertifyOptions } from "./CertifyOptions.ts"
import { checkHessian } from "./HessianCheck.ts"
import { byDescent, byGap } from "./Judgement.ts"
import { look, type Settings } from "./Measurement.ts"
import * as Spectrum from "./Spectrum.ts"

const Estimate = Schema.Struct({ estimate: Schema.Number, standardError: Schema.Number })

export const Certificate = Schema.Struct({
  verdict: Schema.Literals(["flat", "not flat", "undetermined"]),
  /** Reason for the verdict, in one sentence. */
  because: Schema.String,
  dimension: Schema.Int,
  /** Basis in which the gap was searched for; the two extreme eigenvalues alone cannot show a gap. */
  basis: Schema.Literals(Spectrum.bases),
  loss: Schema.Number,
  gradientNorm: Schema.Number,
  /**
   * Upper bound on the excess of the loss over the minimum below the point. With a gap it is `|G|^2 / (2 mu)`, where mu is the
   * smallest eigenvalue above the gap. Otherwise it is the decrease of the loss on the descent, or the loss itself. Absent if no
   * bound is known.
   */
  lossGapBound: Schema.optionalKey(Schema.Number),
  /** Decrease of the loss on the descent from the point; the point is at least this far above the minimum below. */
  fall: Schema.Number,
  /** Place of residual and gap: the point, or the end of the descent. */
  judgedAt: Schema.Literals(["the point", "the end of the descent"]),
  /** End of the descent; absent if none was needed. */
  descent: Schema.optionalKey(End),
  /** `|P grad tr Hess| / d`; without a gap, its bounds are three errors away. */
  residual: Estimate,
  /** Its standard error is 0 where it is exact. */
  trace: Estimate,
  topEigenvalue: Schema.Number,
  /** The largest few, descending; some eigenvalue lies within the residual of each. */
  topEigenvalues: Schema.Array(Schema.Struct({ value: Schema.Number, residual: Schema.Number })),
  /** Some eigenvalue is this close to `topEigenvalue`. */
  topEigenvalueResidual: Schema.Number,
  smallestEigenvalue: Schema.Number,
  /** Some eigenvalue is this close to `smallestEigenvalue`. */
  smallestEigenvalueResidual: Schema.Number,
  /** Status of the two eigenvalues: "budget" if the products ran out before an accuracy of 1e-4 of the larger one. */
  eigenvalueStatus: Schema.Literals(["converged", "budget"]),
  /** Ratio of the eigenvalues above and below the cut; absent if no cut was found. */
  gap: Schema.optionalKey(Schema.Number),
  /** Number of eigenvalues above the cut. */
  rank: Schema.optionalKey(Schema.Int),
  /** Bound on the norm of the Hessian minus the Gauss-Newton matrix; it fails with probability at most 1e-6. */
  remainder: Schema.optionalKey(Schema.Number),
})
export type Certificate = typeof Certificate.Type

/**
 * Certifies whether `point` is flat in the sense of the paper's definition 3 (as recalled). A point is flat if its loss is
 * within `lossTolerance` of the minimum below it, and the residual is at most `residualTolerance`. The residual is the length of
 * the gradient of the trace of the Hessian over d, along the minima.
 *
 * A gap in the spectrum identifies the directions along the minima. Up to dimension `dense` the gap is searched for in the whole
 * spectrum. In larger dimensions it is searched for in the Gauss-Newton matrix, if the objective gives a factor of up to `rows`
 * rows (see FactoredGap). Without a gap, the directions are those with curvature at most `zero` times the largest, and two
 * bounds of the residual decide (see Valley). If the point alone is inconclusive, `descend` starts from it. The point is not
 * flat if the loss decreases by more than its tolerance, or if the point is a saddle. Otherwise the verdict is that of the end
 * of the descent. All other cases are "undetermined": the budget of gradients ran out, or the error bars include the tolerance.
 *
 * Trace and residual are exact if the objective has a formula for the trace (piecewise linear networks), and have error bars
 * otherwise. Throws HessianMismatch if `hessianVector` contradicts the gradient, InvalidInput on a bad point or bad options, and
 * ArenaFull if the spectrum exceeds the memory.
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
  const { lossTolerance, seed } = options
  const settings: Settings = {
    residualTolerance: Math.sqrt(lossTolerance),
    zero: 1e-5,
    dense: 1000,
    rows: 2000,
    pairs: 100,
    descent: 5000,
    ...options,
    kernels: options.kernels ?? Kernels.standard(),
  }
  Require.seed("certify", "seed", seed)
  Require.vector("certify", "point", point, objective.dimension)
  Require.positive("certify", "lossTolerance", lossTolerance)
  Require.positive("certify", "residualTolerance", settings.residualTolerance)
  Require.count("certify", "dense", settings.dense)
  Require.count("certify", "rows", settings.rows)
  Require.count("certify", "descent", settings.descent, 0)
  options.onPhase?.("Hessian")
  if (options.isChecked !== true) checkHessian(objective, point, { seed: seed.child("check") })
  const here = look(objective, point, settings)
  const { cut, gradientNorm, loss, residual, spectrum } = here
  const { gap, rank } = cut ?? {}
  const minimum = objective.constants?.minimum
  const lossGapBound = cut?.lossGapBound ?? (minimum && loss - minimum.value)
  return {
    dimension: point.length,
    loss,
    gradientNorm,
    ...spectrum,
    residual,
    fall: 0,
    judgedAt: "the point",
    ...(gap !== undefined && { gap }),
    ...(rank !== undefined && { rank }),
    ...(lossGapBound !== undefined && { lossGapBound }),
    ...(byGap(here, settings) ?? byDescent(objective, point, here, settings)),
  }
}
