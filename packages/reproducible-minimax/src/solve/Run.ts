/** A planned solve as something that advances step by step, so that a caller may pause, interrupt and report. */
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Average from "../methods/Average.ts"
import { acceleratedStronglyConvex } from "../methods/Accelerated.ts"
import { extragradient } from "../methods/Extragradient.ts"
import { NotCertified, NotMonotone } from "./Failures.ts"
import type { Plan } from "./Plan.ts"
import { type Problem, regularised, sizeOf } from "../problem/Problem.ts"
import { errorOf } from "./Refusal.ts"
import type { SchemeState } from "../methods/Scheme.ts"
import * as Theory from "../theory/index.ts"

/** The certified answer of one run. */
export interface Certified {
  readonly point: Float64Array
  /** Bound on the distance to the point that every run of the plan aims at: proved, rounding of this run included. */
  readonly distance: number
  /** Bound on the distance to the answer of any other certified run of the plan. */
  readonly deviation: number
  /** The error of the oracle that the bound allows for, and the rounding of everything else. */
  readonly error: number
  readonly steps: number
  readonly evaluations: number
}

export interface Run {
  /** Takes up to `count` steps; true once the answer is certified. Throws NotMonotone and NotCertified. */
  advance(count: number): boolean
  readonly steps: number
  /** The residual of the last step, and the one that certifies. */
  readonly residual: number
  readonly target: number
  /** Undefined before `advance` has returned true. */
  result(): Certified | undefined
}

/** One strongly monotone problem that is solved to a certified distance. */
interface Stage {
  step(): void
  readonly residual: number
  readonly steps: number
  readonly evaluations: number
  readonly candidate: Float64Array
}

const stageOf = (state: SchemeState, step: () => void): Stage => ({
  step,
  get residual() {
    return state.status === "running" ? state.residual : Number.NaN
  },
  get steps() {
    return state.steps
  },
  get evaluations() {
    return state.evaluations
  },
  candidate: state.candidate,
})

const accelerate = (whole: Problem, strength: number, center: Float64Array): Stage => {
  const scheme = acceleratedStronglyConvex({
    smoothness: whole.smoothness,
    strongConvexity: strength,
  })
  const state = scheme.init(whole, center)
  return stageOf(state, () => scheme.step(state))
}

/** Extragradient that looks at every step whether the operator can be as strongly monotone as it should. */
const watchedExtragradient = (
  whole: Problem,
  strength: number,
  center: Float64Array,
  error: number,
): Stage => {
  const scheme = extragradient({ step: 0.5 / whole.smoothness })
  const state = scheme.init(whole, center)
  return stageOf(state, () => {
    scheme.step(state)
    const { moved, monotonicity } = state
    const least = strength * moved * moved - 2 * error * moved
    if (state.status === "running" && monotonicity < least) {
      throw new NotMonotone({
        problem: whole.name,
        step: state.steps,
        modulus: monotonicity / (moved * moved) - strength,
        least: (-2 * error) / moved,
      })
    }
  })
}

/** Pairs of points at which an operator is asked before it is trusted. */
const probes = 24

/**
 * Asks at random pairs of feasible points whether the operator can be monotone. A spot check: the steps of a run look at theirs as
 * well, but a run that stays on the boundary may never see where a game is not convex-concave.
 */
const probe = (problem: Problem, center: Float64Array, reach: number, error: number): void => {
  const size = center.length
  const stream = RandomStream.make(Seed.root("monotonicity"))
  const draw = () => {
    const z = new Float64Array(size)
    stream.fillSphere(z)
    for (let i = 0; i < size; i++) z[i] = center[i]! + reach * stream.uniform() * z[i]!
    problem.feasible.project(z, 0, size)
    const answer = new Float64Array(size)
    problem.operator(z, answer)
    return { z, answer }
  }
  for (let k = 0; k < probes; k++) {
    const [one, two] = [draw(), draw()]
    let [product, square] = [0, 0]
    for (let i = 0; i < size; i++) {
      const apart = one.z[i]! - two.z[i]!
      product += (one.answer[i]! - two.answer[i]!) * apart
      square += apart * apart
    }
    const least = -2 * error * Math.sqrt(square)
    if (product < least) {
      throw new NotMonotone({
        problem: problem.name,
        step: 0,
        modulus: product / square,
        least: least / square,
      })
    }
  }
}

/**
 * Begins a run of `plan` from `start`, the same start for every machine.
 *
 * The oracle must err by no more than the plan allows: see `requirePossible`. Throws NotMonotone where two probes show it,
 * InvalidInput on a start of the wrong length.
 */
export const begin = (problem: Problem, start: Float64Array, plan: Plan): Run => {
  const size = sizeOf(problem)
  Require.vector("begin", "start", start, size)
  const { deviation, outer, strength } = plan
  const reach = problem.feasible.diameter(size)
  const center = start.slice()
  problem.feasible.project(center, 0, size)
  const isMinimisation = problem.dimensions[1] === 0
  const error = errorOf(problem, center, plan)
  probe(problem, center, reach, error)
  const target = strength * plan.distance - error
  // residuals shrink as VI residuals do, but for sqrt2 D; an error of the oracle may slow the last steps
  const budget =
    reach === 0
      ? 1
      : 4 *
        Theory.extragradientSteps(problem.smoothness, strength, reach, Math.SQRT2 * reach * target)
  const stageAt = (from: Float64Array): Stage => {
    const whole = regularised(problem, strength, from)
    return isMinimisation
      ? accelerate(whole, strength, from)
      : watchedExtragradient(whole, strength, from, error)
  }
  const average = Average.make(size)
  const best = new Float64Array(size)
  let stage = stageAt(center)
  let [steps, evaluations, finished, drift, distance] = [0, 0, 0, 0, 0]
  // of the best candidate of the stage that is certified, and when the first one was
  let [least, since] = [Number.POSITIVE_INFINITY, 0]
  let done: Certified | undefined
  /** Ends a stage: its error stays in all later ones, for a proximal step does not expand. */
  const finish = (): void => {
    drift += Math.min(reach, Theory.distanceFromResidual(least, error, strength))
    distance += drift
    finished++
    evaluations += stage.evaluations
    Average.add(average, best)
    if (finished < outer) {
      stage = stageAt(best)
      least = Number.POSITIVE_INFINITY
      return
    }
    const own = Math.min(reach, distance / outer)
    done = {
      point: Average.mean(average),
      distance: own,
      deviation: Theory.certifiedDeviation(own, deviation / 2),
      error,
      steps,
      evaluations,
    }
  }
  /**
   * Notes a certified candidate; true once there is no point in a better one. A certificate is no reason to stop: as many steps
   * again, up to a residual a thousand times less, bring real runs far nearer to each other than the certificates say.
   */
  const settles = (): boolean => {
    if (stage.residual <= target || reach <= plan.distance) {
      if (least === Number.POSITIVE_INFINITY) since = stage.steps
      if (stage.residual < least) {
        least = stage.residual
        best.set(stage.candidate)
      }
    }
    if (least === Number.POSITIVE_INFINITY) return false
    return least <= 2 ** -10 * target || stage.steps >= 2 * since + 16
  }
  return {
    get steps() {
      return steps
    },
    get residual() {
      return stage.residual
    },
    target,
    advance: (count) => {
      for (let k = 0; k < count; k++) {
        if (done !== undefined) return true
        stage.step()
        steps++
        if (settles()) finish()
        else if (
          (least === Number.POSITIVE_INFINITY && !(stage.steps < budget)) ||
          Number.isNaN(stage.residual)
        ) {
          throw new NotCertified({ problem: problem.name, steps, residual: stage.residual, target })
        }
      }
      return done !== undefined
    },
    result: () => done,
  }
}
