/** Learning rate, noise and batch size of label-noise SGD for a goal, within the stability limits. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Require from "@nonconvex/numerics/Require"
import { flatLimit } from "../limit/FlatLimit.ts"
import { Geometry } from "../geometry/Geometry.ts"
import { stabilityLimit } from "../descent/LabelNoiseSgd.ts"
import { factorAt, flowTimeTo } from "./FlowTime.ts"
import * as Theory from "../theory/Theory.ts"
import type { TwoLayer } from "../network/TwoLayer.ts"

export interface PlanOptions {
  /** Share of the largest deviation from the flat limit that may remain; default 0.1. */
  readonly share?: number
  /** Convention of the loss; default "half". */
  readonly convention?: Theory.Convention
  /**
   * Learning rate relative to its stability limit; default 0.4. Above 0.5 the minimum that it approaches may not be the flat
   * limit.
   */
  readonly stability?: number
  /** Number of steps; default as many as needed with noise that keeps `fluctuation` at 0.1. */
  readonly steps?: number
}

/** A setting of label-noise SGD that reaches the goal. */
export interface Plan {
  readonly learningRate: number
  readonly noise: number
  readonly batch: number
  readonly sampling: "full" | "replacement"
  readonly steps: number
  /** Number of visits to a datum, `steps * batch`. */
  readonly visits: number
  readonly flowTime: number
  readonly finiteStepFactor: number
  /**
   * Learning rate times the largest eigenvalue of the Hessian, of all data or of one datum by the sampling; 2 at the stability
   * limit.
   */
  readonly etaLambda: number
  /**
   * Relative change of a slope by noise; the larger of its values at the start and at the limit. It is the standard deviation of
   * a pre-activation times `|phi''|` two standard deviations away, over `phi'`. The theory requires a small value.
   */
  readonly fluctuation: number
  readonly warnings: ReadonlyArray<string>
}

/** Fluctuation of a plan with a free number of steps, and the threshold of its warning. */
const quietFluctuation = 0.1
const loudFluctuation = 0.3

/**
 * Pre-activations of a point, and their standard deviations under noise of standard deviation 1. They come from the stationary
 * variance `eta c / (2 - eta lambda)` of each eigendirection of the Hessian.
 */
const noisyPreactivations = (
  network: TwoLayer,
  theta: Float64Array,
  step: Omit<Theory.StepSetting, "noise">,
) => {
  const { gram, neurons: m, size: n } = network
  const geometry = new Geometry(network).atParameters(theta)
  const { p, z } = geometry
  const { values, vectors } = geometry.tangentEigen()
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

type Noisy = ReturnType<typeof noisyPreactivations>

const fluctuationOf = ({ first, second }: TwoLayer["activation"], points: Noisy, noise: number) =>
  points.reduce((most, { deviation, z }) => {
    const sd = noise * deviation
    const bend = Math.max(Math.abs(second(z + 2 * sd)), Math.abs(second(z - 2 * sd)))
    return Math.max(most, (sd * bend) / first(z))
  }, 0)

/** The noise at which the fluctuation is quiet, by bisection: the fluctuation grows with the noise. */
const quietNoise = (activation: TwoLayer["activation"], points: Noisy): number => {
  let [low, high] = [-100, 100]
  while (high - low > 1e-9) {
    const middle = (low + high) / 2
    if (fluctuationOf(activation, points, Elementary.pow(2, middle)) < quietFluctuation)
      low = middle
    else high = middle
  }
  return Elementary.pow(2, low)
}

/**
 * Plans from `theta`, m x d, for full batches and for single data; the one with fewer visits to a datum comes first.
 *
 * Throws like `flatLimit`, NotInterpolating if `theta` does not fit its labels, and InvalidInput on options out of range. The
 * rates come from `Theory`; the stationary variance was derived here.
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
    const points = [theta, limit.theta].flatMap((point) =>
      noisyPreactivations(network, point, unit),
    )
    const noise =
      options.steps === undefined
        ? quietNoise(network.activation, points)
        : Math.sqrt(needed / options.steps)
    const steps = options.steps ?? Math.ceil(needed / (noise * noise))
    const etaLambda = 2 * stability
    const fluctuation = fluctuationOf(network.activation, points, noise)
    const warnings = [
      etaLambda > 1 &&
        `eta lambda is ${etaLambda}, above 1: on correlated data the flat limit may differ from the minimiser of such a step`,
      fluctuation > loudFluctuation &&
        `the noise changes slopes by a relative ${fluctuation.toPrecision(2)}: use more steps`,
    ].filter((each) => each !== false)
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
