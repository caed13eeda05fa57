/** Flat descent, our own method and not the paper's. It separates the two tasks of a perturbed step. */
import * as Schedule from "@nonconvex/problems/Schedule"
import type { Method, MethodState } from "@nonconvex/problems/Method"
import type { Objective } from "@nonconvex/problems/Objective"
import * as Require from "@nonconvex/numerics/Require"
import * as Vector from "@nonconvex/numerics/Vector"
import type * as Draws from "./Draws.ts"
import { normOf, projectOff } from "./PerturbedStep.ts"
import type { SampleModel } from "../problems/SampleModel.ts"
import { type Basis, orthonormalise } from "../minima/Orthonormalise.ts"

export interface FlatDescentState<Problem extends Objective = Objective> extends MethodState {
  readonly objective: Problem
  readonly gradient: Float64Array
  /** w: estimated gradient of the trace, after the projection. */
  readonly drift: Float64Array
  readonly rows: Float64Array
  readonly basis: Basis
  readonly perturbed: Float64Array
  readonly perturbedGradient: Float64Array
  readonly direction: Float64Array
  /** Rank of the Jacobian at the last step; below the number of samples if it is singular. */
  rank: number
  loss: number
}

interface Rates {
  /** Step size along the gradient. */
  readonly learningRate: number
  /** Step size along the gradient of the trace, independent of the radius. */
  readonly flatteningRate: number | Schedule.Schedule
  /** Radius of the differences, in units of the parameters. */
  readonly radius: number
}

export interface SmoothedFlatDescentState extends FlatDescentState {
  /** Position of the run in its draws. */
  readonly place: object
}

const initial = <Problem extends Objective>(
  objective: Problem,
  start: Float64Array,
  rows: number,
): FlatDescentState<Problem> => {
  Require.vector("flatDescent", "start", start, objective.dimension)
  const { length } = start
  return {
    objective,
    point: start.slice(),
    gradient: new Float64Array(length),
    drift: new Float64Array(length),
    rows: new Float64Array(rows * length),
    basis: { rank: rows, kept: 0, dropped: 0 },
    perturbed: new Float64Array(length),
    perturbedGradient: new Float64Array(length),
    direction: new Float64Array(length),
    rank: rows,
    loss: Number.NaN,
    steps: 0,
    status: "running",
  }
}

const requireRates = (options: Rates): void => {
  Require.positive("flatDescent", "learningRate", options.learningRate)
  Require.positive("flatDescent", "radius", options.radius)
  if (typeof options.flatteningRate === "number") {
    Require.positive("flatDescent", "flatteningRate", options.flatteningRate)
  }
}

const finish = (state: FlatDescentState, learningRate: number, flatteningRate: number): void => {
  const { drift, gradient, point } = state
  if (!Number.isFinite(state.loss) || !Vector.isFinite(gradient) || !Vector.isFinite(drift)) {
    state.status = "diverged"
    return
  }
  for (let j = 0; j < point.length; j++) {
    point[j]! -= learningRate * gradient[j]! + flatteningRate * drift[j]!
  }
  state.steps++
}

/** A row counts as dependent on those before it if its new part is below this. */
const dependent = 1e-8

/**
 * `x <- x - eta G - s Q w`, with `w = (2 / rho^2) (1 / 2n) sum_i sum_+- (grad f_i(x +- rho u_i) - grad f_i(x))`. Here u_i lies
 * along row i of the Jacobian, and Q is the projection off all rows. Ours.
 *
 * On the minima the drift is the gradient of the trace itself, without a factor rho^2 and without noise. Its fixed points are
 * exactly the flat minima of definition 2, since `Q G = 0`. Costs 3 gradients of the sum and `O(n^2 d)` a step.
 * `projection: "gradient"` projects off G alone, as the paper's methods do. This is cheaper, but stalls before the flat minimum.
 * Default "normal space". Throws InvalidInput on rates and radii that are not positive.
 *
 * @example
 * ```ts import.meta.vitest
 * import { flatDescent, scalarModel } from "@nonconvex/flat-minima"
 *
 * const method = flatDescent({ learningRate: 0.05, flatteningRate: 0.05, radius: 0.1 })
 * const state = method.init(scalarModel(), Float64Array.of(3, 1 / 3))
 * for (let t = 0; t < 1000; t++) method.step(state)
 * Array.from(state.point, (x) => x.toFixed(6)) // => ["1.000000", "1.000000"]
 * ```
 */
export const flatDescent = (
  options: Rates & { readonly projection?: "normal space" | "gradient" },
): Method<FlatDescentState<SampleModel>, SampleModel> => {
  const { learningRate, projection = "normal space", radius } = options
  requireRates(options)
  const rate = Schedule.from("flatDescent", "flatteningRate", options.flatteningRate)

  const addSample = (state: FlatDescentState<SampleModel>, i: number): void => {
    const { direction, drift, objective, perturbed, perturbedGradient, point, rows } = state
    const n = point.length
    const scale = 1 / (radius * radius * objective.size)
    objective.predictionGradient(i, point, direction)
    const norm = normOf(direction)
    for (let j = 0; j < n; j++) rows[i * n + j] = direction[j]!
    if (norm === 0) return
    for (let side = -1; side <= 1; side += 2) {
      const length = (side * radius) / norm
      for (let j = 0; j < n; j++) perturbed[j] = point[j]! + length * direction[j]!
      objective.sampleValueAndGradient(i, perturbed, perturbedGradient)
      for (let j = 0; j < n; j++) drift[j]! += scale * perturbedGradient[j]!
    }
    objective.sampleValueAndGradient(i, point, perturbedGradient)
    for (let j = 0; j < n; j++) drift[j]! -= 2 * scale * perturbedGradient[j]!
  }

  return {
    name: "flat descent",
    init: (objective, start) => initial(objective, start, objective.size),
    step: (state) => {
      const { drift, gradient, objective, point, rows } = state
      const n = point.length
      state.loss = objective.valueAndGradient(point, gradient)
      drift.fill(0)
      for (let i = 0; i < objective.size; i++) addSample(state, i)
      if (projection === "gradient")
        projectOff(drift, gradient, normOf(gradient), Vector.norm(drift))
      else {
        orthonormalise(rows, n, dependent, state.basis)
        state.rank = state.basis.rank
        for (let pass = 0; pass < 2; pass++) {
          for (let k = 0; k < state.rank; k++) {
            let product = 0
            for (let j = 0; j < n; j++) product += rows[k * n + j]! * drift[j]!
            for (let j = 0; j < n; j++) drift[j]! -= product * rows[k * n + j]!
          }
        }
      }
      finish(state, learningRate, rate(state.steps))
      return state.loss
    },
  }
}

/**
 * Flat descent for an objective without samples: w comes from `pairs` random antithetic pairs, projected off G. Ours.
 *
 * One pair leaves a noise floor, so use a decaying schedule as `flatteningRate`. Throws like `flatDescent`.
 */
export const smoothedFlatDescent = (
  options: Rates & {
    readonly draws: Draws.Draws
    /** Antithetic pairs averaged in a step; default 1. */
    readonly pairs?: number
  },
): Method<SmoothedFlatDescentState> => {
  const { draws, learningRate, pairs = 1, radius } = options
  requireRates(options)
  Require.count("smoothedFlatDescent", "pairs", pairs)
  const rate = Schedule.from("smoothedFlatDescent", "flatteningRate", options.flatteningRate)
  return {
    name: "smoothed flat descent",
    init: (objective, start) => ({
      ...initial(objective, start, 0),
      place: draws.begin(),
    }),
    step: (state) => {
      const { direction, drift, gradient, objective, perturbed, perturbedGradient, point } = state
      const n = point.length
      state.loss = objective.valueAndGradient(point, gradient)
      drift.fill(0)
      // the mean over the sphere of grad f(x + rho g) - G is rho^2 / (2 d) times the gradient of the trace
      const scale = n / (radius * radius * pairs)
      for (let k = 0; k < pairs; k++) {
        draws.fillSphere(state.place, direction)
        for (let side = -1; side <= 1; side += 2) {
          for (let j = 0; j < n; j++) perturbed[j] = point[j]! + side * radius * direction[j]!
          objective.valueAndGradient(perturbed, perturbedGradient)
          for (let j = 0; j < n; j++) drift[j]! += scale * (perturbedGradient[j]! - gradient[j]!)
        }
      }
      projectOff(drift, gradient, normOf(gradient), Vector.norm(drift))
      finish(state, learningRate, rate(state.steps))
      return state.loss
    },
  }
}
