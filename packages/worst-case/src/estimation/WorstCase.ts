/**
 * The worst case of a method over classes of functions.
 *
 * Y. Drori, M. Teboulle, Performance of first-order methods for smooth convex minimization: a novel approach, 2014; A. Taylor,
 * J. Hendrickx, F. Glineur, 2017.
 */
import * as Kernels from "@nonconvex/numerics/Kernels"
import { InvalidMethod, NoInstance, NotSolved } from "../method/Failures.ts"
import type { Method } from "../method/Method.ts"
import * as Semidefinite from "../semidefinite/Semidefinite.ts"
import { doubles } from "./Field.ts"
import { performanceEstimation, type PerformanceEstimation } from "./PerformanceEstimation.ts"
import { program } from "./Program.ts"
import { alongDirection, withoutMultipliers } from "./Unbounded.ts"

/** Worst case of a method in floating-point arithmetic. */
export interface Estimate {
  /**
   * Bound that the multipliers prove, up to the residual: no member of the class is worse. It comes from the dual; only a
   * certificate in fractions makes it a theorem.
   */
  readonly bound: number
  /** Value of the worst instance found; never a guarantee. */
  readonly found: number
  /** Largest of residuals and relative gap of the solver. */
  readonly error: number
  /**
   * "exact": some function of the class attains the bound, in as many dimensions as there are vectors. "upper bound": possibly
   * none does.
   */
  readonly kind: "exact" | "upper bound"
  /** Measure in words. */
  readonly measure: string
  /** Names of the unknown vectors, and their inner products at the worst case, row-major. */
  readonly vectors: ReadonlyArray<string>
  readonly gram: Float64Array
  readonly values: ReadonlyArray<{ readonly name: string; readonly value: number }>
  /** Conditions with their multipliers in the proof, which are at least 0. */
  readonly multipliers: ReadonlyArray<{ readonly condition: string; readonly multiplier: number }>
  readonly iterations: number
}

export interface Options {
  readonly kernels?: Kernels.Kernels
  /** Tolerance for the solver's residuals and gap, relative to the size of the data; default 1e-9. */
  readonly tolerance?: number
  /** Called before each step of the solver. */
  readonly onStep?: (() => void) | undefined
}

/**
 * Exact worst case of a method with fixed steps. Throws InvalidMethod, NoInterpolation, TooLarge, UnboundedWorstCase, NoInstance
 * and NotSolved.
 *
 * @example
 * ```ts import.meta.vitest
 * import { worstCase } from "@nonconvex/worst-case"
 *
 * // one step of gradient descent on smooth convex functions: L D^2 / (4 N L rate + 2) = 1/6
 * const estimate = worstCase({
 *   functions: { f: { class: "smooth-convex", L: 1 } },
 *   start: ["x"],
 *   steps: [{ step: "x", of: "f", rate: 1 }],
 *   given: [{ bound: { squaredDistance: ["x@0", "x*"] }, atMost: 1 }],
 *   measure: { gap: "x" },
 * })
 * estimate.bound // ≈ 0.1667
 * ```
 */
export const worstCase = (method: Method, options: Options = {}): Estimate => {
  const { kernels = Kernels.standard(), onStep, tolerance = 1e-9 } = options
  const model = performanceEstimation(doubles, method)
  const problem = program(model)
  if (
    ![problem.rows, problem.cost, problem.bounds].every((numbers) => numbers.every(Number.isFinite))
  ) {
    throw new InvalidMethod({
      place: "the method",
      problem: "its numbers overflow double precision: scale them towards 1",
    })
  }
  const answer = Semidefinite.solve(problem, { kernels, tolerance, onStep })
  const constant = model.objective.constant
  if (answer.status === "unbounded") throw alongDirection(model, problem, kernels)
  if (answer.status === "infeasible") throw contradiction(model, answer)
  const error = Math.max(answer.primalResidual, answer.dualResidual, answer.gap)
  const bound = constant - answer.dualObjective
  // a stall near the tolerance is reported as the error that it is
  if (answer.status === "stalled" && error > 1000 * tolerance) {
    const endless = withoutMultipliers(model, problem, kernels)
    if (endless !== undefined) throw endless
    throw new NotSolved({ bound, reached: error, tolerance })
  }
  const order = model.vectors.length
  return {
    bound,
    found: constant - answer.primalObjective,
    error,
    kind: model.isExact ? "exact" : "upper bound",
    measure: model.measure,
    vectors: model.vectors,
    gram: answer.primal.slice(0, order * order),
    values: model.values.map((name, i) => ({ name, value: answer.primal[order * order + i]! })),
    multipliers: model.conditions.map(({ inequality }, i) => ({
      condition: inequality,
      multiplier: Math.max(0, -answer.multipliers[i]!),
    })),
    iterations: answer.iterations,
  }
}

const contradiction = (
  model: PerformanceEstimation<number>,
  { multipliers }: Semidefinite.Infeasible,
) => {
  const order = [...multipliers.keys()].toSorted((a, b) => multipliers[a]! - multipliers[b]!)
  const most = Math.abs(multipliers[order[0]!] ?? 0)
  const heavy = order.filter((i) => Math.abs(multipliers[i]!) > 1e-3 * most)
  return new NoInstance({ conditions: heavy.map((i) => model.conditions[i]!.inequality) })
}
