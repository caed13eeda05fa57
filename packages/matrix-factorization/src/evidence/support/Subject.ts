/** Subject of the laws of this package: any implementation of deep factorisations and of the nuclear-norm problem. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type { Objective } from "@nonconvex/problems/Objective"
import {
  deepFactorisation,
  Factorisation,
  flattestIsotropic,
  minimiseNuclearNorm,
  rescale,
  sharpness,
} from "../../index.ts"
import { type NuclearNormSolution } from "../../recovery/NuclearNorm.ts"
import { type Measurements } from "../../measurements/Measurements.ts"

export interface Subject {
  /** The mean square loss over the layers in one flat array, W_1 first. */
  readonly objective: (
    measurements: Measurements,
    targets: Float64Array,
    widths: ReadonlyArray<number>,
  ) => Objective
  /** T_1, ..., T_L. */
  readonly layerSharpness: (
    measurements: Measurements,
    widths: ReadonlyArray<number>,
    x: Float64Array,
  ) => Float64Array
  /** The flattest layers with product M for an isotropic design; `kernels` is optional. */
  readonly flattest: (
    widths: ReadonlyArray<number>,
    m: Float64Array,
    kernels: Kernels.Kernels,
  ) => Float64Array
  /** Layers times factors with product 1, chosen so that all T_j are equal. */
  readonly rescale: (
    measurements: Measurements,
    widths: ReadonlyArray<number>,
    x: Float64Array,
  ) => Float64Array
  /** Interpolant, lower bound of the least nuclear norm, and whether the two agree. */
  readonly leastNuclearNorm: (
    measurements: Measurements,
    targets: Float64Array,
  ) => Pick<NuclearNormSolution, "matrix" | "lowerBound" | "status">
}

/** The implementation of this package. */
export const matrixFactorization: Subject = {
  objective: (measurements, targets, widths) =>
    deepFactorisation({ measurements, targets, widths }),
  layerSharpness: (measurements, widths, x) =>
    sharpness(measurements, Factorisation.shape(widths)).layers(x),
  flattest: (widths, m, kernels) => flattestIsotropic(Factorisation.shape(widths), m, kernels),
  rescale: (measurements, widths, x) => rescale(measurements, Factorisation.shape(widths), x),
  leastNuclearNorm: (measurements, targets) =>
    minimiseNuclearNorm(measurements, targets, { tolerance: 1e-10 }),
}
