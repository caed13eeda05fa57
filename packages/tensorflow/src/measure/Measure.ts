/** Measures of the other packages for a TensorFlow.js model, with settings suited to float32. */
import { significant } from "@nonconvex/numerics/Decimal"
import { type Certificate, certify, type CertifyOptions } from "@nonconvex/flat-minima"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import * as Seed from "@nonconvex/numerics/Seed"
import * as OptimSam from "@nonconvex/optim-sam"
import type * as tf from "@tensorflow/tfjs"
import type { TensorObjective } from "../objective/TensorObjective.ts"
import { type Base, baseOf, preconditioned } from "./Base.ts"
import { topEigenpairs, type Watching } from "./TopEigenpairs.ts"

/**
 * Flatness certificate of the current weights, as in flat-minima: verdict, trace, top eigenvalue, rank and residual, each
 * with its error bar.
 *
 * Up to `dense` weights (default 1000) the whole spectrum is computed. Float32 blurs its lower end to about 1e-5 of the top.
 * Eigenvalues below `zero` (default 1e-3) times the top therefore count as zero if a `gap` (default 30) separates them from
 * the rest. Use an objective with double gradients if its loss supports them. Descent takes 200 gradients (`descent`).
 * Throws as `certify`.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Seed } from "@nonconvex/numerics"
 * import { certifyModel, functionObjective } from "@nonconvex/tensorflow"
 * import * as tf from "@tensorflow/tfjs"
 *
 * const w = tf.variable(tf.tensor1d([0, 2])) // at a minimum of the square of its first number
 * const objective = functionObjective(() => w.slice(0, 1).square().sum(), [w])
 * const { rank, topEigenvalue } = certifyModel(objective, { lossTolerance: 1e-6, seed: Seed.root(1) })
 * rank // => 1
 * topEigenvalue // ≈ 2.00
 * ```
 */
export const certifyModel = (objective: TensorObjective, options: CertifyOptions): Certificate =>
  certify(objective, objective.read(), { gap: 30, zero: 1e-3, descent: 200, ...options })

/** Advice, with its base optimizer. */
export interface RadiusAdvice extends OptimSam.Advice {
  /**
   * "SGD", "momentum", "Nesterov" or "Adam". For Adam `topEigenvalue` belongs to the preconditioned Hessian. The cost of
   * SAM's radius is known only for SGD; for other optimizers floor and radii are NaN, and USAM is not called stable.
   */
  readonly base: string
}

export interface RadiusOptions {
  /** Default the optimizer's. */
  readonly learningRate?: number
  readonly radius: number
  readonly tolerance: number
  /** The optimizer of the training, sharpness-aware or not; default SGD. An Adam must have taken steps. */
  readonly optimizer?: tf.Optimizer
  readonly seed?: Seed.Seed
  /** Default 60: float32 lacks the digits that more products would find. */
  readonly maxProducts?: number
  /** Default the strict kernels of this thread. */
  readonly kernels?: Kernels.Kernels
}

const plain: Base = { name: "SGD", learningRate: Number.NaN, limit: 2, rule: "2" }

/** Advice from a curvature on a base optimizer; `OptimSam.adviseFromCurvature` for SGD. */
const adviceOver = (
  { limit, name, rule }: Base,
  curvature: number,
  residual: number,
  settings: { readonly learningRate: number; readonly radius: number; readonly tolerance: number },
): RadiusAdvice => {
  const advice = OptimSam.adviseFromCurvature(curvature, settings, residual)
  if (name === "SGD") return { ...advice, base: name }
  const stable = !(curvature > 0 && settings.learningRate * curvature >= limit)
  const what =
    name === "Adam"
      ? "the curvature that Adam's steps see, preconditioned by its second moments,"
      : "the top eigenvalue"
  const product = `learning rate times ${what} is ${significant(settings.learningRate * curvature)}`
  return {
    ...advice,
    base: name,
    stable,
    usamStable: false,
    usamRadiusLimit: Number.NaN,
    floor: Number.NaN,
    suggestedRadius: Number.NaN,
    summary: stable
      ? `Over ${name}: ${product}, below ${rule} = ${significant(limit)}: stable. The cost of a radius is known for SGD only: choose it on held-out data, starting from 0.05.`
      : `Over ${name}: ${product}, not below ${rule} = ${significant(limit)}: lower the learning rate before choosing a radius.`,
  }
}

/**
 * Advice from the top eigenvalue at the current weights on a learning rate and a radius, for the base optimizer in use. See
 * `adviseFromCurvature` of optim-sam. Its residual is that after 60 products, because float32 cannot reach 1e-6.
 *
 * With `onProgress` or `signal` it returns a promise: the event loop runs before every product, and an aborted signal
 * rejects it. The limits are 2 for SGD, 2 (1 + m) for momentum, and 2 (1 + beta1) / (1 - beta1) for Adam on its
 * preconditioned Hessian (Cohen et al. 2022). Throws InvalidInput on settings that are negative, on no learning rate, on an
 * Adam without steps, and on other optimizers.
 *
 * @example
 * ```ts import.meta.vitest
 * import { adviseRadius, functionObjective } from "@nonconvex/tensorflow"
 * import * as tf from "@tensorflow/tfjs"
 *
 * const w = tf.variable(tf.tensor1d([1, 2]))
 * const objective = functionObjective(() => w.square().sum(), [w])
 * const { stable, topEigenvalue } = adviseRadius(objective, { learningRate: 0.1, radius: 0.05, tolerance: 1e-3 })
 * topEigenvalue // ≈ 2.00
 * stable // => true
 * ```
 */
export function adviseRadius(
  objective: TensorObjective,
  options: RadiusOptions &
    (Required<Pick<Watching, "onProgress">> | Required<Pick<Watching, "signal">>) &
    Watching,
): Promise<RadiusAdvice>
export function adviseRadius(objective: TensorObjective, options: RadiusOptions): RadiusAdvice
export function adviseRadius(
  objective: TensorObjective,
  options: RadiusOptions & Watching,
): RadiusAdvice | Promise<RadiusAdvice> {
  const { maxProducts = 60, optimizer, radius, tolerance } = options
  const { kernels = Kernels.standard(), seed = Seed.root("advice") } = options
  const base = optimizer === undefined ? plain : baseOf(optimizer, objective.variables)
  const { learningRate = base.learningRate } = options
  const settings = { learningRate, radius, tolerance }
  // what is wrong with them is wrong before minutes have passed
  OptimSam.adviseFromCurvature(1, settings)
  const point = objective.read()
  const hessian = (v: Float64Array, out: Float64Array) => objective.hessianVector(point, v, out)
  const operator = base.divisors === undefined ? hessian : preconditioned(hessian, base.divisors)
  const search = { dimension: objective.dimension, count: 1, seed, maxProducts, kernels }
  if (options.onProgress === undefined && options.signal === undefined) {
    const { residuals, values } = Lanczos.topEigenpairs(operator, { ...search, tolerance: 1e-6 })
    return adviceOver(base, values[0]!, residuals[0]!, settings)
  }
  return topEigenpairs(operator, { ...options, ...search, tolerance: 1e-3 }).then(
    ({ residuals, values }) => adviceOver(base, values[0]!, residuals[0]!, settings),
  )
}

/**
 * SAM and USAM from the current weights, which do not change; see `diagnoseNormalisation` of optim-sam.
 *
 * @example
 * ```ts import.meta.vitest
 * import { diagnoseNormalisation, functionObjective } from "@nonconvex/tensorflow"
 * import * as tf from "@tensorflow/tfjs"
 *
 * const w = tf.variable(tf.tensor1d([1, 2]))
 * const objective = functionObjective(() => w.square().sum(), [w])
 * diagnoseNormalisation(objective, { learningRate: 0.9, radius: 0.1, steps: 20 }).usamUnstable // => true
 * ```
 */
export const diagnoseNormalisation = (
  objective: TensorObjective,
  options: Parameters<typeof OptimSam.diagnoseNormalisation>[2],
): OptimSam.Diagnosis => OptimSam.diagnoseNormalisation(objective, objective.read(), options)
