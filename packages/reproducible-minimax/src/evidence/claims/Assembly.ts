/** That Algorithms 1 and 2 are the methods, strengths, accuracies and steps that their theorems name, to the bit. */
import { Draw, Margin, parametrised } from "@nonconvex/evidence"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import * as Vector from "@nonconvex/numerics/Vector"
import { correct, regularisedMinimax } from "../../algorithms/RegularisedMinimax.ts"
import { regularisedMinimisation } from "../../algorithms/RegularisedMinimisation.ts"
import { acceleratedStronglyConvex, inexactAccelerated } from "../../methods/Accelerated.ts"
import * as Average from "../../methods/Average.ts"
import { extragradient } from "../../methods/Extragradient.ts"
import { answerAt, answering, type Problem, regularised } from "../../problem/Problem.ts"
import { viResidual } from "../../problem/ViResidual.ts"
import * as Theory from "../../theory/index.ts"
import { same } from "../support/ChangedGame.ts"
import { derived } from "../support/Paper.ts"
import * as Random from "../support/RandomProblem.ts"

/** A problem whose answers, and so its smoothness, are `l` times as large. */
const steeper = (problem: Problem, l: number): Problem => ({
  ...answering(problem, (answer) => Vector.scale(l, answer)),
  smoothness: l * problem.smoothness,
})

const shared = {
  l: Draw.oneOf(1, 4, 0.25),
  gap: Draw.logarithmic(1, 0.1),
  delta: Draw.logarithmic(0.1, 1e-3),
  inexact: Draw.oneOf("start", "gradient"),
  stop: Draw.oneOf("certified", "fixed"),
  error: Draw.oneOf(0, 1e-4),
}

const quadratics = Draw.record({
  ...Random.fewCoordinates,
  ...shared,
  isBounded: Draw.oneOf(false, true),
})

/** What ends a run: so many steps, or a bound within the accuracy. */
const outcome = (isCertified: boolean, isWithin: boolean) =>
  isCertified ? "certified" : isWithin ? "fixed" : "stalled"

export const algorithmOne = parametrised({
  id: "reproducible-minimax/algorithm-1-of-its-parts",
  statement:
    "Algorithm 1 takes the steps of its method on the regularised objective, up to those of its theorem or to the first whose bound on the gap is within its accuracy, and its distance is the residual and the error by the strength; on a set its initial gap is from the gradient.",
  source: derived("Theorems 3.3 and 3.5, put together"),
  instances: quadratics,
  /** The strength as a multiple of that of the theory. */
  margin: (instance, _, times: number) => {
    const { error, inexact, isBounded, l, stop } = instance
    const { D, problem: plain, start } = Random.expandQuadratic(instance)
    const feasible = isBounded
      ? FeasibleSet.product([FeasibleSet.ball(1), start.length])
      : plain.feasible
    const problem = { ...steeper(plain, l), feasible, error }
    const eps = instance.gap * l * D * D
    const delta = inexact === "start" ? instance.delta * D : (instance.delta * eps) / D
    const found = regularisedMinimisation(problem, start, {
      gap: eps,
      distance: D,
      inexact,
      delta,
      stop,
    })
    const r = times * Theory.regularisation(eps, D)
    const off = inexact === "start" ? error : Math.max(error, delta)
    const initial = isBounded
      ? (Vector.norm(answerAt(problem, start)) + off) * D + r * D * D
      : Theory.initialGap(l, D, r)
    const constants = { smoothness: l + r, strongConvexity: r }
    const ofStart = Theory.minimisationAccuracyOfStart(eps, delta, D)
    const [scheme, accuracy, steps, ahead] =
      inexact === "start"
        ? [
            acceleratedStronglyConvex(constants),
            ofStart,
            Theory.acceleratedSteps(l, r, initial, ofStart),
            2,
          ]
        : [
            inexactAccelerated(constants),
            Theory.minimisationAccuracyOfGradient(eps, delta, D, l),
            Theory.inexactAcceleratedSteps(l, r, initial, delta),
            1.5,
          ]
    const state = scheme.init(regularised(problem, r, start), start)
    const isWithin = () =>
      (off === 0
        ? Theory.gapFromMapping(state.residual, r, l + r)
        : Theory.gapFromResidual(ahead * state.residual, off, r)) <= accuracy
    let isCertified = false
    while (state.steps < steps && !isCertified) {
      scheme.step(state)
      isCertified = stop === "certified" && isWithin()
    }
    return Margin.all(
      Margin.holds(same(found.point, state.point)),
      isBounded ? Margin.atMost(Vector.norm(found.point), 1, 1e-12) : 1,
      Margin.equal(found.steps, state.steps, {}),
      Margin.equal(found.evaluations, state.steps, {}),
      Margin.equal(found.distance, (state.residual + off) / r, { relative: 1e-12 }),
      Margin.holds(found.status === outcome(isCertified, isWithin())),
    )
  },
  holds: 1,
  fails: [["half of the strength", 0.5]],
})

export const algorithmTwo = parametrised({
  id: "reproducible-minimax/algorithm-2-of-its-parts",
  statement:
    "Algorithm 2 takes steps of extragradient of length 1 / (2 (l + r)) on the regularised game, up to those of its theorem, to the first half step whose VI residual and error are within its accuracy, or to a correction of length 1 / (2 (l + r)) whose residual gives the distance.",
  source: derived("Theorems 4.4 and 4.6, put together"),
  instances: Draw.record({ ...Random.gameFields, ...shared, set: Draw.oneOf("ball") }),
  margin: (instance, given, times: number) => {
    const { error, inexact, l, stop } = instance
    const { D, problem: plain, start } = Random.expand(instance, given)
    const problem = { ...steeper(plain, l), error }
    const eps = instance.gap * l * D * D
    const delta = inexact === "start" ? instance.delta * D : (instance.delta * eps) / D
    const found = regularisedMinimax(problem, start, {
      gap: eps,
      distance: D,
      inexact,
      delta,
      stop,
    })
    const r = times * Theory.regularisation(eps, D)
    const off = inexact === "start" ? error : Math.max(error, delta)
    const whole = regularised(problem, r, start)
    const scheme = extragradient({ step: 0.5 / (l + r) })
    const state = scheme.init(whole, start)
    if (inexact === "gradient") {
      const steps = Theory.inexactExtragradientSteps(l, r, D, delta)
      while (state.steps < steps) scheme.step(state)
      const point = state.point.slice()
      const before = state.point.slice()
      const answer = answerAt(whole, before)
      correct(whole, 2 * (l + r), point)
      // the projection of a step is its point and a normal
      const after = answerAt(whole, point)
      const rest = after.map((x, i) => x + 2 * (l + r) * (before[i]! - point[i]!) - answer[i]!)
      return Margin.all(
        Margin.holds(same(found.point, point)),
        Margin.equal(found.evaluations, 2 * steps + 2, {}),
        Margin.equal(found.distance, (Vector.norm(rest) + off) / r, { relative: 1e-9 }),
        Margin.holds(found.status === "fixed"),
      )
    }
    const accuracy = Theory.minimaxAccuracyOfStart(eps, delta, D)
    const steps = Theory.extragradientSteps(l, r, D, accuracy)
    const scratch = start.slice()
    let isCertified = false
    while (state.steps < steps && !isCertified) {
      scheme.step(state)
      const residual = viResidual(whole, state.candidate, state.halfAnswer, scratch)
      isCertified = stop === "certified" && residual + Math.SQRT2 * D * off <= accuracy
    }
    return Margin.all(
      Margin.holds(same(found.point, state.candidate)),
      Margin.equal(found.steps, state.steps, {}),
      Margin.equal(found.distance, (state.residual + off) / r, { relative: 1e-12 }),
      Margin.holds(found.status === outcome(isCertified, stop === "fixed")),
    )
  },
  holds: 1,
  fails: [["half of the strength", 0.5]],
})

const free = Draw.record({
  ...Random.gameFields,
  set: Draw.oneOf("ball"),
  step: Draw.linear(0.1, 1),
})

export const residualOfStep = parametrised({
  id: "reproducible-minimax/extragradient-residual",
  statement:
    "Without constraints the residual of a step of extragradient is the norm of the operator at the half step, its change along the half step is what the state says, and running means keep digits that a plain sum loses.",
  source: derived("the normal of a projection that does nothing is 0"),
  instances: free,
  /** The step of the method as a multiple of the one that the half step is compared with. */
  margin: (instance, given, times: number) => {
    const { problem, start } = Random.expand(instance, given)
    const whole = { ...problem, feasible: FeasibleSet.wholeSpace }
    const scheme = extragradient({ step: times * instance.step })
    const state = scheme.init(whole, start)
    scheme.step(state)
    const before = answerAt(whole, start)
    const half = start.map((x, i) => x - instance.step * before[i]!)
    const there = answerAt(whole, half)
    const moved = half.map((x, i) => x - start[i]!)
    const change = there.map((x, i) => x - before[i]!)
    const near = { relative: 1e-9, absolute: 1e-12 }
    const average = Average.make(1)
    for (const x of [1, 1e16, 1, -1e16]) Average.add(average, Float64Array.of(x))
    return Margin.all(
      Margin.equal(scheme.residual(state), Vector.norm(there), near),
      Margin.equal(state.monotonicity, Vector.dot(change, moved), near),
      Margin.equal(state.moved, Vector.norm(moved), near),
      Margin.equal(Average.mean(average)[0]!, 0.5, {}),
    )
  },
  holds: 1,
  fails: [["twice the step", 2]],
})
