/** That Algorithms 1 to 3 are the methods, strengths, accuracies and steps that their theorems name, to the bit. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import * as Vector from "@nonconvex/numerics/Vector"
import { inexactProximalPoint } from "../../algorithms/InexactProximalPoint.ts"
import { correct, regularisedMinimax } from "../../algorithms/RegularisedMinimax.ts"
import { regularisedMinimisation } from "../../algorithms/RegularisedMinimisation.ts"
import { acceleratedStronglyConvex, inexactAccelerated } from "../../methods/Accelerated.ts"
import * as Average from "../../methods/Average.ts"
import { extragradient } from "../../methods/Extragradient.ts"
import { optimisticGradient } from "../../methods/OptimisticGradient.ts"
import { answerAt, answering, type Problem, regularised } from "../../problem/Problem.ts"
import { viResidual } from "../../problem/ViResidual.ts"
import * as Theory from "../../theory/index.ts"
import { same } from "../support/ChangedGame.ts"
import { follow } from "../support/Follow.ts"
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

const quadraticFields = {
  ...Random.fewCoordinates,
  ...shared,
  error: Draw.oneOf(0, 1e-5, 0.3),
  isBounded: Draw.oneOf(false, true),
}

/** What ends a run: so many steps, or a bound within the accuracy. */
const outcome = (isCertified: boolean, isWithin: boolean) =>
  isCertified ? "certified" : isWithin ? "fixed" : "stalled"

/** What is asked of Algorithms 1 and 2 on a set of diameter D, and how far the gradients are off in all. */
const posed = (
  {
    delta: share,
    error,
    gap,
    inexact,
    l,
    stop,
  }: Omit<Random.Drawn<typeof shared>, "error"> & { readonly error: number },
  D: number,
) => {
  const eps = gap * l * D * D
  const delta = inexact === "start" ? share * D : (share * eps) / D
  const off = inexact === "start" ? error : Math.max(error, delta)
  return { eps, delta, off, options: { gap: eps, distance: D, inexact, delta, stop } }
}

/** Margin of Algorithm 1 being its parts, with a strength that is a multiple of that of the theory. */
const asAlgorithmOne = (
  instance: Random.Drawn<typeof quadraticFields>,
  times: number,
): Margin.Comparison => {
  const { error, inexact, isBounded, l, stop } = instance
  const { D, problem: plain, start } = Random.expandQuadratic(instance)
  const feasible = isBounded
    ? FeasibleSet.product([FeasibleSet.ball(1), start.length])
    : plain.feasible
  const problem = { ...steeper(plain, l), feasible, error }
  const { delta, eps, off, options } = posed(instance, D)
  const found = regularisedMinimisation(problem, start, options)
  const r = times * Theory.regularisation(eps, D)
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
    isBounded ? Margin.atMost(Vector.norm(found.point), 1, 1e-12) : Margin.holds(true),
    Margin.equal(found.steps, state.steps, {}),
    Margin.equal(found.evaluations, state.steps, {}),
    Margin.equal(found.distance, (state.residual + off) / r, { relative: 1e-12 }),
    Margin.holds(found.status === outcome(isCertified, isWithin())),
  )
}

export const algorithmOne = claim({
  id: "reproducible-minimax/algorithm-1-of-its-parts",
  statement:
    "Algorithm 1 takes the steps of its method on the regularised objective, up to those of its theorem or to the first whose bound on the gap is within its accuracy, and its distance is the residual and the error by the strength; on a set its initial gap is from the gradient.",
  inFloatingPoint: "agreement",
  source: derived("Theorems 3.3 and 3.5, put together"),
  instances: Draw.record(quadraticFields),
  value: 1,
  /** The strength as a multiple of that of the theory. */
  margin: ({ instance, value: times }) =>
    Margin.all(
      ...[1, 0.75, 0.5, 0.35].map((share) =>
        asAlgorithmOne({ ...instance, delta: share * instance.delta }, times),
      ),
    ),
  controls: [{ name: "half of the strength", value: 0.5 }],
})

export const algorithmTwo = claim({
  id: "reproducible-minimax/algorithm-2-of-its-parts",
  statement:
    "Algorithm 2 takes steps of extragradient of length 1 / (2 (l + r)) on the regularised game, up to those of its theorem, to the first half step whose VI residual and error are within its accuracy, or to a correction of length 1 / (2 (l + r)) whose residual gives the distance.",
  inFloatingPoint: "agreement",
  source: derived("Theorems 4.4 and 4.6, put together"),
  instances: Draw.record({ ...Random.gameFields, ...shared, set: Draw.oneOf("ball") }),
  value: 1,
  margin: ({ instance, kernels, value: times }) => {
    const { error, inexact, l, stop } = instance
    const { D, problem: plain, start } = Random.expand(instance, { kernels })
    const problem = { ...steeper(plain, l), error }
    const { delta, eps, off, options } = posed(instance, D)
    const found = regularisedMinimax(problem, start, options)
    const r = times * Theory.regularisation(eps, D)
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
  controls: [{ name: "half of the strength", value: 0.5 }],
})

export const algorithmThree = claim({
  id: "reproducible-minimax/algorithm-3-of-its-parts",
  statement:
    "Algorithm 3 starts on the set and returns the mean of proximal points of strength l: each by extragradient of length 1 / (4 l) until VI residual and error are within the accuracy, or by the steps of GDA of length 1 / (16 l) and a correction of length 1 / (4 l) or as asked.",
  inFloatingPoint: "agreement",
  source: derived("Theorems 4.7 and 4.8, put together"),
  instances: Draw.record({
    ...Random.gameFields,
    ...shared,
    set: Draw.oneOf("ball"),
    /** Of the start: 3 lies outside of the set. */
    outside: Draw.oneOf(1, 3),
    /** Of the correction, in multiples of l; 0 is the default. */
    beta: Draw.oneOf(0, 3),
    /** The outer ones; 0 is the default. */
    steps: Draw.oneOf(0, 2, 5),
  }),
  value: 1,
  /** The strength as a multiple of l. */
  margin: ({ instance, kernels, value: times }) => {
    const { beta, error, inexact, l } = instance
    const { D, problem: plain, start: inside } = Random.expand(instance, { kernels })
    const problem = { ...steeper(plain, l), error }
    const start = inside.map((x) => instance.outside * x)
    const size = start.length
    const delta = instance.delta * (inexact === "start" ? D : l * D * instance.gap)
    const found = inexactProximalPoint(problem, start, {
      gap: instance.gap * l * D * D,
      distance: D,
      inexact,
      delta,
      ...(beta > 0 && { beta: beta * l }),
      ...(instance.steps > 0 && { steps: instance.steps }),
    })
    const ofTheorem = Math.ceil((inexact === "start" ? 1 : 2) / instance.gap - 1e-9)
    const steps = instance.steps > 0 ? instance.steps : ofTheorem
    const accuracy = (delta * delta * l) / (2 * steps * steps)
    const point = start.slice()
    problem.feasible.project(point, 0, size)
    const sum = new Float64Array(size)
    const scratch = new Float64Array(size)
    let evaluations = 0
    let isStalled = false
    for (let t = 0; t < steps; t++) {
      const whole = regularised(problem, times * l, point)
      // as methods do with their starts, which changes last digits
      problem.feasible.project(point, 0, size)
      /** A projected gradient step of this length from `point`, with the answer at `at`. */
      const step = (length: number, at: Float64Array) => {
        const there = point.slice()
        Vector.axpy(-length, answerAt(whole, at), there)
        problem.feasible.project(there, 0, size)
        evaluations++
        return there
      }
      if (inexact === "start") {
        const limit = Theory.extragradientSteps(l, l, D, accuracy)
        let half = point
        let rest = Number.POSITIVE_INFINITY
        for (let n = 0; n < limit && rest > accuracy; n++) {
          half = step(0.25 / l, point)
          point.set(step(0.25 / l, half))
          rest = viResidual(whole, half, answerAt(whole, half), scratch) + Math.SQRT2 * D * error
        }
        isStalled ||= rest > accuracy
        point.set(half)
      } else {
        const inner = Theory.proximalInnerSteps(l, D, delta)
        for (let n = 0; n < inner; n++) point.set(step(0.0625 / l, point))
        point.set(step(1 / ((beta > 0 ? beta : 4) * l), point))
      }
      Vector.axpy(1, point, sum)
    }
    const mean = sum.map((x) => x / steps)
    const ends = inexact === "gradient" ? "fixed" : isStalled ? "stalled" : "certified"
    return Margin.all(
      Margin.holds(same(found.last, point)),
      Margin.atMost(Vector.distance(found.point, mean), 1e-12),
      Margin.equal(found.steps, steps, {}),
      Margin.equal(found.evaluations, evaluations, {}),
      Margin.equal(found.regularisation, l, {}),
      Margin.holds(found.distance === Number.POSITIVE_INFINITY),
      Margin.holds(found.status === ends),
    )
  },
  controls: [{ name: "half of the strength", value: 0.5 }],
})

const free = Draw.record({
  ...Random.gameFields,
  set: Draw.oneOf("ball"),
  step: Draw.linear(0.1, 1),
})

export const residualOfStep = claim({
  id: "reproducible-minimax/extragradient-residual",
  statement:
    "Without constraints the residual of a step of extragradient is the norm of the operator at the half step, its change along the half step is what the state says, the first step of the optimistic gradient is the same, and running means keep digits that a plain sum loses.",
  inFloatingPoint: "agreement",
  source: derived("the normal of a projection that does nothing is 0"),
  instances: free,
  value: 1,
  /** The step of the method as a multiple of the one that the half step is compared with. */
  margin: ({ instance, kernels, value: times }) => {
    const { problem, start } = Random.expand(instance, { kernels })
    const whole = { ...problem, feasible: FeasibleSet.wholeSpace }
    const scheme = extragradient({ step: times * instance.step })
    const state = scheme.init(whole, start)
    scheme.step(state)
    const optimistic = follow(optimisticGradient({ step: times * instance.step }), whole, start, 1)
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
      Margin.holds(same(optimistic.point, state.point)),
      Margin.equal(state.monotonicity, Vector.dot(change, moved), near),
      Margin.equal(state.moved, Vector.norm(moved), near),
      Margin.equal(Average.mean(average)[0]!, 0.5, {}),
    )
  },
  controls: [{ name: "twice the step", value: 2 }],
})
