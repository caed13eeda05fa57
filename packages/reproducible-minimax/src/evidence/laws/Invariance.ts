/** Laws that relate the runs of a method on a problem and on the problem changed. */
import { Draw, type Law, law, Margin } from "@nonconvex/evidence"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as Vector from "@nonconvex/numerics/Vector"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import type { Problem } from "../../problem/Problem.ts"
import { follow } from "../support/Follow.ts"
import { derived } from "../support/Paper.ts"
import { expand, gameFields, type RandomGame } from "../support/RandomProblem.ts"
import type { Subject } from "../support/Subject.ts"

const methods = ["gradient", "extragradient", "optimisticGradient", "minimax"] as const

interface Changed extends RandomGame {
  readonly method: (typeof methods)[number]
  readonly steps: number
  /** A shift, or the exponent of a scale. */
  readonly amount: number
}

const fields = {
  ...gameFields,
  method: Draw.oneOf(...methods),
  steps: Draw.integer(1, 40),
  amount: Draw.integer(-4, 4),
}

/** Where a method ends; `scale` is that of the operator, `length` that of the arguments. */
const end = (
  subject: Subject,
  { method, steps }: Changed,
  problem: Problem,
  start: Float64Array,
  scale = 1,
  length = 1,
): Float64Array => {
  if (method === "minimax") {
    const request = {
      gap: 0.5 * scale,
      distance: 2 * length,
      inexact: "start",
      delta: 0.5 * length,
    } as const
    return subject.minimax(problem, start, request).point
  }
  return follow(subject[method]((0.4 * length * length) / scale), problem, start, steps).point
}

const same = (a: Float64Array, b: Float64Array): boolean => a.every((x, i) => Object.is(x, b[i]))

const near = (a: Float64Array, b: Float64Array): number =>
  Margin.atMost(Vector.distance(a, b), 1e-8 * (1 + Vector.norm(b)))

/** `V(from(z))`, carried `back`, on another set. */
const carried = (
  problem: Problem,
  options: {
    readonly from: (z: Float64Array) => Float64Array
    readonly back: (v: Float64Array) => Float64Array
    readonly feasible: FeasibleSet.FeasibleSet
    readonly smoothness?: number
    readonly dimensions?: Problem["dimensions"]
  },
): Problem => ({
  ...problem,
  ...options,
  operator: (z, out) => {
    problem.operator(options.from(z), out)
    out.set(options.back(out))
  },
})

/** A subject whose gradient method updates the players in turns. */
const inTurns = (subject: Subject): Subject => ({
  ...subject,
  gradient: (step) => {
    const scheme = subject.gradient(step)
    return {
      ...scheme,
      step: (state) => {
        const { point, problem } = state
        const [min] = problem.dimensions
        const answer = new Float64Array(point.length)
        for (const [begin, stop] of [
          [0, min],
          [min, point.length],
        ] as const) {
          problem.operator(point, answer)
          for (let i = begin; i < stop; i++) point[i] = point[i]! - step * answer[i]!
          problem.feasible.project(point, 0, point.length)
        }
      },
    }
  },
})

/** A subject that looks at the origin: it shortens every answer by a little of the point. */
const homesick = (subject: Subject): Subject => {
  const away = (problem: Problem): Problem => ({
    ...problem,
    operator: (z, out) => {
      problem.operator(z, out)
      Vector.axpy(0.1, z, out)
      out[0] = out[0]! + 0.01
    },
  })
  const wrap =
    (make: Subject["gradient"]): Subject["gradient"] =>
    (step) => {
      const scheme = make(step)
      return { ...scheme, init: (problem, start) => scheme.init(away(problem), start) }
    }
  return {
    ...subject,
    gradient: wrap(subject.gradient),
    extragradient: wrap(subject.extragradient),
    optimisticGradient: wrap(subject.optimisticGradient),
    minimax: (problem, start, request) => subject.minimax(away(problem), start, request),
  }
}

const translation = law<Subject, Changed>({
  id: "reproducible-minimax/translation",
  statement: "Moving the problem, its set and the start moves the answer alike.",
  source: derived("invariance (i)"),
  instances: Draw.record<Changed>(fields),
  margin: (subject, instance) => {
    const { problem, start, stream } = expand(instance)
    const shift = new Float64Array(start.length)
    stream("shift").fillNormal(shift)
    Vector.scale(instance.amount === 0 ? 1 : instance.amount, shift)
    const moved = carried(problem, {
      from: (z) => z.map((x, i) => x - shift[i]!),
      back: (v) => v,
      feasible: FeasibleSet.translated(problem.feasible, shift),
    })
    const expected = end(subject, instance, problem, start).map((x, i) => x + shift[i]!)
    const actual = end(
      subject,
      instance,
      moved,
      start.map((x, i) => x + shift[i]!),
    )
    return near(actual, expected)
  },
  controls: [{ name: "answers that remember the origin", subject: homesick }],
})

const rotation = law<Subject, Changed>({
  id: "reproducible-minimax/rotation",
  statement: "On balls, rotating the coordinates of each player rotates the answer.",
  source: derived("invariance (ii)"),
  instances: Draw.record<Changed>({ ...fields, set: Draw.oneOf("ball") }),
  margin: (subject, instance) => {
    const { problem, start, stream } = expand(instance)
    const [n, m] = problem.dimensions
    const draw = stream("rotation")
    const [q, p] = [Orthogonal.haar(n, draw), Orthogonal.haar(m, draw)]
    const turn = (transpose: boolean) => (z: Float64Array) =>
      z.map((_, i) => {
        const [matrix, size, begin] = i < n ? [q, n, 0] : [p, m, n]
        let sum = 0
        for (let j = 0; j < size; j++) {
          const at = transpose ? j * size + (i - begin) : (i - begin) * size + j
          sum += matrix[at]! * z[begin + j]!
        }
        return sum
      })
    const turned = carried(problem, {
      from: turn(true),
      back: turn(false),
      feasible: problem.feasible,
    })
    const expected = turn(false)(end(subject, instance, problem, start))
    return near(end(subject, instance, turned, turn(false)(start)), expected)
  },
  controls: [{ name: "answers that prefer the first coordinate", subject: homesick }],
})

const scaling = law<Subject, Changed>({
  id: "reproducible-minimax/scaling-of-values",
  statement:
    "Scaling the game, its smoothness and eps by a power of two leaves every bit of the answer.",
  source: derived("invariance (iv)"),
  instances: Draw.record<Changed>(fields),
  margin: (subject, instance) => {
    const { problem, start } = expand(instance)
    const c = 2 ** instance.amount
    const scaled = carried(problem, {
      from: (z) => z,
      back: (v) => v.map((x) => c * x),
      feasible: problem.feasible,
      smoothness: c * problem.smoothness,
    })
    return Margin.holds(
      same(end(subject, instance, scaled, start, c), end(subject, instance, problem, start)),
    )
  },
  controls: [{ name: "answers that remember the origin", subject: homesick }],
})

const argumentScaling = law<Subject, Changed>({
  id: "reproducible-minimax/scaling-of-arguments",
  statement:
    "Scaling the arguments by a power of two s, with l / s^2, s D and s delta, scales every bit of the answer by s.",
  source: derived("invariance (v)"),
  instances: Draw.record<Changed>({ ...fields, set: Draw.oneOf("ball", "simplex") }),
  margin: (subject, instance) => {
    const { problem, start } = expand(instance)
    const s = 2 ** instance.amount
    const [n, m] = problem.dimensions
    const one = instance.set === "ball" ? FeasibleSet.ball(s) : FeasibleSet.simplex(s)
    const scaled = carried(problem, {
      from: (z) => z.map((x) => x / s),
      back: (v) => v.map((x) => x / s),
      feasible: FeasibleSet.product([one, n], [one, m]),
      smoothness: problem.smoothness / (s * s),
    })
    const expected = end(subject, instance, problem, start).map((x) => s * x)
    const actual = end(
      subject,
      instance,
      scaled,
      start.map((x) => s * x),
      1,
      s,
    )
    return Margin.holds(same(actual, expected))
  },
  controls: [{ name: "answers that remember the origin", subject: homesick }],
})

const swap = law<Subject, Changed>({
  id: "reproducible-minimax/players-swap",
  statement:
    "In the game -F(y, x) the players swap their answers, to the bit: updates are simultaneous.",
  source: derived("invariance (vi)"),
  instances: Draw.record<Changed>(fields),
  margin: (subject, instance) => {
    const { problem, start } = expand(instance)
    const [n, m] = problem.dimensions
    const turn = (first: number) => (z: Float64Array) =>
      Float64Array.of(...z.subarray(first), ...z.subarray(0, first))
    const { feasible } = problem
    const swapped = carried(problem, {
      from: turn(m),
      back: turn(n),
      dimensions: [m, n],
      feasible: {
        ...feasible,
        project: (z) => {
          const there = turn(m)(z)
          feasible.project(there, 0, n + m)
          z.set(turn(n)(there))
        },
        support: (v) => feasible.support(turn(m)(v), 0, n + m),
        reach: (z) => feasible.reach(turn(m)(z), 0, n + m),
      },
    })
    const expected = turn(n)(end(subject, instance, problem, start))
    const actual = end(subject, instance, swapped, turn(n)(start))
    // stopping rules add up both players in an order of their own
    return instance.method === "minimax"
      ? near(actual, expected)
      : Margin.holds(same(actual, expected))
  },
  controls: [
    {
      name: "players that move in turns",
      subject: inTurns,
      instances: Draw.record<Changed>({ ...fields, method: Draw.oneOf("gradient") }),
    },
  ],
})

const singleton = law<Subject, Changed>({
  id: "reproducible-minimax/one-player",
  statement:
    "Where the second player has one strategy only, Algorithm 2 is regularised minimisation by extragradient, and GDA gradient descent.",
  source: derived("invariance (vii)"),
  instances: Draw.record<Changed>({ ...fields, set: Draw.oneOf("ball") }),
  margin: (subject, instance) => {
    const { problem, start } = expand(instance)
    const [n, m] = problem.dimensions
    const fixed = start.slice(n)
    const both: Problem = {
      ...problem,
      feasible: FeasibleSet.product(
        [FeasibleSet.ball(1), n],
        [FeasibleSet.translated(FeasibleSet.ball(0), fixed), m],
      ),
    }
    const whole = new Float64Array(n + m)
    const alone: Problem = {
      ...problem,
      dimensions: [n, 0],
      feasible: FeasibleSet.product([FeasibleSet.ball(1), n]),
      operator: (x, out) => {
        problem.operator(Float64Array.of(...x, ...fixed), whole)
        out.set(whole.subarray(0, n))
      },
    }
    const answer = end(subject, instance, both, start)
    return Margin.all(
      near(answer.slice(0, n), end(subject, instance, alone, start.slice(0, n))),
      Margin.holds(same(answer.slice(n), fixed)),
    )
  },
  controls: [
    {
      name: "an algorithm that leaves the set",
      subject: (subject) => {
        const free = (problem: Problem): Problem => ({
          ...problem,
          feasible: FeasibleSet.wholeSpace,
        })
        const wrap =
          (make: Subject["gradient"]): Subject["gradient"] =>
          (step) => {
            const scheme = make(step)
            return { ...scheme, init: (problem, start) => scheme.init(free(problem), start) }
          }
        return { ...subject, gradient: wrap(subject.gradient) }
      },
      instances: Draw.record<Changed>({
        ...fields,
        set: Draw.oneOf("ball"),
        method: Draw.oneOf("gradient"),
      }),
    },
  ],
})

export const metamorphic: ReadonlyArray<Law<Subject>> = [
  translation,
  rotation,
  scaling,
  argumentScaling,
  swap,
  singleton,
]
