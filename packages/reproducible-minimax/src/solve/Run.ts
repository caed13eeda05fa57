/** Planned solve: its state, which is plain data except for the problem, and its step. */
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import * as Seed from "@nonconvex/numerics/Seed"
import { acceleratedStronglyConvex } from "../methods/AcceleratedGradient.ts"
import * as Average from "../methods/Average.ts"
import { extragradient, type ExtragradientState } from "../methods/Extragradient.ts"
import type { Limits, Scheme, SchemeState } from "../methods/Scheme.ts"
import { answerAt, type Problem, regularisedAround, sizeOf } from "../problem/Problem.ts"
import * as Theory from "../theory/Theory.ts"
import { NotCertified, NotMonotone } from "./Failures.ts"
import type { Plan } from "./Plan.ts"
import { errorOf } from "./Refusal.ts"

/** The certified answer of one run. */
export interface Certified {
  readonly point: Float64Array
  /** Proved bound on the distance to the common target of all runs of the plan, including this run's rounding. */
  readonly distance: number
  /** Bound on the distance to the answer of any other certified run of the plan. */
  readonly deviation: number
  /** The error of the oracle that the bound allows for, and the rounding of everything else. */
  readonly error: number
  readonly steps: number
  readonly evaluations: number
}

/** Run of a plan: solves strongly monotone problems one after another (its stages), each to a certified distance. */
export interface Run {
  readonly problem: Problem
  readonly plan: Plan
  readonly scheme: Scheme
  /** The largest distance of two points of the set. */
  readonly reach: number
  /** Error of the oracle, and the rounding of everything else. */
  readonly error: number
  /** Residual required for a certificate, and the maximum steps of a stage. */
  readonly target: number
  readonly budget: number
  /** The centre of the regularisation in this stage. */
  readonly center: Float64Array
  /** The problem of this stage, regularised around `center`. */
  readonly whole: Problem
  /** State of the method, on the problem of this stage. */
  stage: SchemeState
  /** The best certified candidate of this stage, with its residual (Infinity: none yet) and the step of the first one. */
  readonly best: Float64Array
  bestResidual: number
  certifiedAt: number
  /** Average of the answers of all finished stages. */
  readonly average: Average.Average
  finished: number
  /** Bound on the distance of the last answer from the exact proximal step, and the sum over all steps. */
  drift: number
  distance: number
  steps: number
  /** Calls of the oracle in the stages that are finished. */
  evaluations: number
}

/** Number of pairs of points at which an operator is checked in advance. */
const probes = 24

/**
 * Tests at random pairs of feasible points whether the operator can be monotone. This spot check complements the checks of
 * each step. A run on the boundary may never detect that a game is not convex-concave.
 */
const probe = (problem: Problem, center: Float64Array, reach: number, error: number): void => {
  const size = center.length
  const stream = RandomStream.make(Seed.root("monotonicity"))
  const draw = () => {
    const z = new Float64Array(size)
    stream.fillSphere(z)
    for (let i = 0; i < size; i++) z[i] = center[i]! + reach * stream.uniform() * z[i]!
    problem.feasible.project(z, 0, size)
    return { z, answer: answerAt(problem, z) }
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
 * The oracle's error must be within the plan: see `requirePossible`. Throws NotMonotone where two probes show it, InvalidInput on a start
 * of the wrong length.
 */
export const begin = (problem: Problem, start: Float64Array, plan: Plan): Run => {
  const size = sizeOf(problem)
  Require.vector("begin", "start", start, size)
  const { strength } = plan
  const reach = problem.feasible.diameter(size)
  const center = start.slice()
  problem.feasible.project(center, 0, size)
  const error = errorOf(problem, center, plan)
  probe(problem, center, reach, error)
  const target = strength * plan.distance - error
  // residuals shrink as VI residuals do, but for sqrt2 D; an error of the oracle may slow the last steps
  const budget =
    reach === 0
      ? 1
      : 4 *
        Theory.extragradientSteps(problem.smoothness, strength, reach, Math.SQRT2 * reach * target)
  const whole = regularisedAround(problem, strength, center)
  const { smoothness } = whole
  const scheme: Scheme =
    problem.dimensions[1] === 0
      ? acceleratedStronglyConvex({ smoothness, strongConvexity: strength })
      : extragradient({ step: 0.5 / smoothness })
  return {
    problem,
    plan,
    scheme,
    reach,
    error,
    target,
    budget,
    center,
    whole,
    stage: scheme.init(whole, center),
    best: new Float64Array(size),
    bestResidual: Number.POSITIVE_INFINITY,
    certifiedAt: 0,
    average: Average.make(size),
    finished: 0,
    drift: 0,
    distance: 0,
    steps: 0,
    evaluations: 0,
  }
}

/** Residual of the last step; Infinity before the first step of a stage, NaN after an answer that was not finite. */
export const residual = ({ scheme, stage }: Run): number =>
  stage.status === "running" ? scheme.residual(stage) : Number.NaN

/** Requires that the last step of extragradient does not disprove the declared strong monotonicity. */
const requireMonotone = ({ error, plan, whole }: Run, stage: ExtragradientState): void => {
  const { monotonicity, moved, status, steps } = stage
  const { strength } = plan
  const least = strength * moved * moved - 2 * error * moved
  if (status === "running" && monotonicity < least) {
    throw new NotMonotone({
      problem: whole.name,
      step: steps,
      modulus: monotonicity / (moved * moved) - strength,
      least: (-2 * error) / moved,
    })
  }
}

/** Share of the target below which a better candidate is not useful. */
const enough = 2 ** -10

/** Step after which a stage ends that was certified at an earlier step. */
const lastStep = (certifiedAt: number): number => 2 * certifiedAt + 16

/**
 * Records a certified candidate; true if a better one would not be useful. After a certificate, a run continues for as many
 * steps again, or until the residual is a thousand times smaller. Runs are then much closer to each other than certified.
 */
const settles = (run: Run): boolean => {
  const { best, plan, reach, stage, target } = run
  const found = residual(run)
  if (found <= target || reach <= plan.distance) {
    if (run.bestResidual === Number.POSITIVE_INFINITY) run.certifiedAt = stage.steps
    if (found < run.bestResidual) {
      run.bestResidual = found
      best.set(stage.candidate)
    }
  }
  if (run.bestResidual === Number.POSITIVE_INFINITY) return false
  return run.bestResidual <= enough * target || stage.steps >= lastStep(run.certifiedAt)
}

/** Ends a stage: its error remains in all later ones, because a proximal step is nonexpansive. */
const finishStage = (run: Run): void => {
  const { average, best, center, error, plan, reach, scheme, stage, whole } = run
  run.drift += Math.min(reach, Theory.distanceFromResidual(run.bestResidual, error, plan.strength))
  run.distance += run.drift
  run.finished++
  run.evaluations += stage.evaluations
  Average.add(average, best)
  if (run.finished === plan.outer) return
  center.set(best)
  run.stage = scheme.init(whole, best)
  run.bestResidual = Number.POSITIVE_INFINITY
}

/**
 * Takes up to `most` steps of a stage by the twin of its method, as long as they settle nothing and are sufficiently
 * monotone.
 */
const leap = (run: Run, most: number): void => {
  const { bestResidual, budget, certifiedAt, error, plan, reach, scheme, stage, target } = run
  if (!(reach > plan.distance) || scheme.twin === undefined) return
  const isFirst = bestResidual === Number.POSITIVE_INFINITY
  const best = { residual: bestResidual, point: run.best, goal: target }
  const limits: Limits = {
    until: isFirst ? target : enough * target,
    monotone: { modulus: plan.strength, doubt: 2 * error },
    ...(!isFirst && { best }),
  }
  const last = isFirst ? budget : lastStep(certifiedAt)
  run.steps += scheme.twin([stage], Math.min(most, last - 1 - stage.steps), undefined, limits)
  run.bestResidual = best.residual
}

/**
 * Takes a step, after up to `most` steps that settle nothing and that a kernel takes together; does nothing once the run is
 * certified. Throws NotMonotone and NotCertified.
 */
export const step = (run: Run, most = 0): void => {
  if (run.finished === run.plan.outer) return
  leap(run, most)
  const { problem, scheme, stage, target } = run
  scheme.step(stage)
  if (problem.dimensions[1] !== 0) requireMonotone(run, stage as ExtragradientState)
  run.steps++
  if (settles(run)) finishStage(run)
  else {
    const found = residual(run)
    const none = run.bestResidual === Number.POSITIVE_INFINITY
    if ((none && !(stage.steps < run.budget)) || Number.isNaN(found)) {
      throw new NotCertified({ problem: problem.name, steps: run.steps, residual: found, target })
    }
  }
}

/** Answer of a certified run; undefined before. */
export const certified = (run: Run): Certified | undefined => {
  const { average, error, evaluations, finished, plan, reach, steps } = run
  if (finished < plan.outer) return undefined
  const distance = Math.min(reach, run.distance / plan.outer)
  return {
    point: Average.mean(average),
    distance,
    deviation: Theory.certifiedDeviation(distance, plan.deviation / 2),
    error,
    steps,
    evaluations,
  }
}

/** Steps that are taken together, at most. */
const together = 2 ** 16

/** Runs `plan` to its end. Throws as `begin` and `step` do. */
export const certify = (problem: Problem, start: Float64Array, plan: Plan): Certified => {
  const run = begin(problem, start, plan)
  for (;;) {
    const answer = certified(run)
    if (answer !== undefined) return answer
    step(run, together)
  }
}
