/** Learning rate, noise and batch of label-noise SGD for a goal, under the stability limits. */
import * as Require from "@nonconvex/numerics/Require"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import { flatLimit } from "./FlatLimit.ts"
import { Geometry } from "./Geometry.ts"
import { stabilityLimit } from "./LabelNoiseSgd.ts"
import { factorAt, flowTimeTo } from "./StepBudget.ts"
import * as Theory from "./Theory.ts"
import type { TwoLayer } from "./TwoLayer.ts"

export interface PlanOptions {
  /** The share of the largest deviation from the flat limit that may be left; 0.1 unless told. */
  readonly share?: number
  /** "half" unless told. */
  readonly convention?: Theory.Convention
  /** The learning rate over its stability limit; 0.4 unless told. Above 0.5 the flat limit need not be what it minimises. */
  readonly stability?: number
  /** Steps to take. Unless told, as many as noise needs that keeps `fluctuation` at 0.1. */
  readonly steps?: number
}

/** A setting of label-noise SGD that reaches the goal. */
export interface Plan {
  readonly learningRate: number
  readonly noise: number
  readonly batch: number
  readonly sampling: "full" | "replacement"
  readonly steps: number
  /** `steps * batch`. */
  readonly visits: number
  readonly flowTime: number
  readonly finiteStepFactor: number
  /** Of all data or of one, whichever the sampling has: learning rate times the largest eigenvalue, 2 at the limit. */
  readonly etaLambda: number
  /**
   * By which share noise changes a slope: the standard deviation of a pre-activation times `|phi''|` two of them away, over `phi'`;
   * the largest of all at start and limit. The theory wants it small.
   */
  readonly fluctuation: number
  readonly warnings: ReadonlyArray<string>
}

const quiet = 0.1
const loud = 0.3

/** A pre-activation and its standard deviation under noise of standard deviation 1. */
interface Wobble {
  readonly z: number
  readonly deviation: number
}

/** All of a point, from the stationary variance `eta c / (2 - eta lambda)` of each eigendirection of the Hessian. */
const wobbles = (
  network: TwoLayer,
  theta: Float64Array,
  step: Omit<Theory.StepSetting, "noise">,
): ReadonlyArray<Wobble> => {
  const { gram, neurons: m, size: n } = network
  const { p, tangentGram, z } = new Geometry(network).atParameters(theta)
  const { values, vectors } = SymmetricEigen.eigen(tangentGram, n)
  const c = Theory.noiseScale(step.convention, 1, step.batch)
  const kappa = Theory.gradientFactor(step.convention)
  return Array.from(z, (here, at) => {
    const [l, j] = [Math.floor(at / m), at % m]
    let variance = 0
    for (let k = 0; k < n; k++) {
      // the change of z_lj along the k-th eigendirection, J^T u / sqrt(lambda)
      let change = 0
      for (let i = 0; i < n; i++) change += gram[l * n + i]! * p[i * m + j]! * vectors[k * n + i]!
      // few data a step are as unstable as one, n times more than all of them
      const lambda = (kappa * values[k]!) / step.batch
      const room = Math.max(1e-3, 2 - step.learningRate * lambda)
      variance += (((step.learningRate * c) / room) * (change * change)) / values[k]!
    }
    return { z: here, deviation: Math.sqrt(variance) }
  })
}

const fluctuationOf = (
  { first, second }: TwoLayer["activation"],
  points: ReadonlyArray<Wobble>,
  noise: number,
): number =>
  points.reduce((most, { deviation, z }) => {
    const sd = noise * deviation
    const bend = Math.max(Math.abs(second(z + 2 * sd)), Math.abs(second(z - 2 * sd)))
    return Math.max(most, (sd * bend) / first(z))
  }, 0)

/** The noise at which the fluctuation is `quiet`: it grows with the noise. */
const quietNoise = (activation: TwoLayer["activation"], points: ReadonlyArray<Wobble>): number => {
  let [low, high] = [-100, 100]
  while (high - low > 1e-9) {
    const middle = (low + high) / 2
    if (fluctuationOf(activation, points, 2 ** middle) < quiet) low = middle
    else high = middle
  }
  return 2 ** low
}

/**
 * Plans for all data a step and for one a step, the one with fewer visits of a datum first.
 *
 * Throws as `flatLimit`, NotInterpolating unless `theta` fits, and InvalidInput on options out of range.
 */
export const plan = (
  network: TwoLayer,
  theta: Float64Array,
  options: PlanOptions = {},
): readonly [Plan, ...Plan[]] => {
  const { convention = "half", share = 0.1, stability = 0.4 } = options
  Require.fraction("plan", "share", share)
  Require.fraction("plan", "stability", stability)
  if (options.steps !== undefined) Require.count("plan", "steps", options.steps)
  const limit = flatLimit(network, theta)
  const flowTime = flowTimeTo(network, theta, limit, share)
  const size = network.size

  const planFor = (sampling: Plan["sampling"]): Plan => {
    const batch = sampling === "full" ? size : 1
    const at = (point: Float64Array) => stabilityLimit(network, point, { convention, sampling })
    const learningRate = stability * Math.min(at(theta), at(limit.theta))
    // of noise 1 first: the steps fall with its square
    const unit = { convention, learningRate, noise: 1, batch, size }
    const finiteStepFactor = factorAt(limit.sharpness, unit)
    const needed = Theory.stepsFor(flowTime, unit) / finiteStepFactor
    const points = [theta, limit.theta].flatMap((point) => wobbles(network, point, unit))
    const noise =
      options.steps === undefined
        ? quietNoise(network.activation, points)
        : Math.sqrt(needed / options.steps)
    const steps = options.steps ?? Math.ceil(needed / noise ** 2)
    const etaLambda = 2 * stability
    const fluctuation = fluctuationOf(network.activation, points, noise)
    const warnings = [
      ...(etaLambda > 1
        ? [
            `eta lambda is ${etaLambda}, above 1: on correlated data the flat limit need not minimise what such a step minimises`,
          ]
        : []),
      ...(fluctuation > loud
        ? [`the noise changes slopes by a share of ${fluctuation.toPrecision(2)}: take more steps`]
        : []),
    ]
    return {
      learningRate,
      noise,
      batch,
      sampling,
      steps,
      visits: steps * batch,
      flowTime,
      finiteStepFactor,
      etaLambda,
      fluctuation,
      warnings,
    }
  }
  const all = planFor("full")
  const one = planFor("replacement")
  return one.visits < all.visits ? [one, all] : [all, one]
}
