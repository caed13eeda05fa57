/** Moving, rotating and scaling a problem moves, rotates and scales the answers of a method; players are alike. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as Vector from "@nonconvex/numerics/Vector"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import type { Problem } from "../../problem/Problem.ts"
import {
  carried,
  changedFields,
  endOf,
  near,
  posedAs,
  remembersOrigin,
  same,
} from "../support/ChangedGame.ts"
import { plus } from "../support/Linear.ts"
import { derived } from "../support/Paper.ts"
import { expand } from "../support/RandomProblem.ts"
import { mutant, type Subject, reproducibleMinimax } from "../support/Subject.ts"

export const translation = claim({
  id: "reproducible-minimax/translation",
  statement: "Moving the problem, its set and the start moves the answer alike.",
  inFloatingPoint: "agreement",
  source: derived("every step commutes with translations"),
  subject: reproducibleMinimax,
  instances: Draw.record(changedFields),
  margin: ({ instance, kernels, subject }) => {
    const { problem, start, stream } = expand(instance, { kernels })
    const shift = stream("shift").normals(start.length)
    Vector.scale(instance.amount === 0 ? 1 : instance.amount, shift)
    const moved = carried(problem, {
      from: (z) => z.map((x, i) => x - shift[i]!),
      back: (v) => v,
      feasible: FeasibleSet.translated(problem.feasible, shift),
    })
    const move = (z: Float64Array) => plus(z, 1, shift)
    const expected = move(endOf(subject, instance, problem, start))
    return near(endOf(subject, instance, moved, move(start)), expected)
  },
  controls: [{ name: "answers that remember the origin", subject: remembersOrigin }],
})

export const rotation = claim({
  id: "reproducible-minimax/rotation",
  statement: "On balls, rotating the coordinates of each player rotates the answer.",
  inFloatingPoint: "agreement",
  source: derived("every step on a ball commutes with rotations"),
  subject: reproducibleMinimax,
  instances: Draw.record({ ...changedFields, set: Draw.oneOf("ball") }),
  margin: ({ instance, kernels, subject }) => {
    const { problem, start, stream } = expand(instance, { kernels })
    const [n, m] = problem.dimensions
    const draw = stream("rotation")
    const [q, p] = [Orthogonal.haar(n, draw), Orthogonal.haar(m, draw)]
    const rotate = (transpose: boolean) => (z: Float64Array) =>
      z.map((_, i) => {
        const [matrix, size, begin] = i < n ? [q, n, 0] : [p, m, n]
        let sum = 0
        for (let j = 0; j < size; j++) {
          const at = transpose ? j * size + (i - begin) : (i - begin) * size + j
          sum += matrix[at]! * z[begin + j]!
        }
        return sum
      })
    const rotated = carried(problem, {
      from: rotate(true),
      back: rotate(false),
      feasible: problem.feasible,
    })
    const expected = rotate(false)(endOf(subject, instance, problem, start))
    return near(endOf(subject, instance, rotated, rotate(false)(start)), expected)
  },
  controls: [{ name: "answers that prefer the first coordinate", subject: remembersOrigin }],
})

export const scaling = claim({
  id: "reproducible-minimax/scaling-of-values",
  statement:
    "Scaling the game, its smoothness and eps by a power of two leaves every bit of the answer.",
  inFloatingPoint: "bits",
  source: derived("steps are in proportion to 1 / l, strengths to l"),
  subject: reproducibleMinimax,
  instances: Draw.record(changedFields),
  margin: ({ instance, kernels, subject }) => {
    const { problem, start } = expand(instance, { kernels })
    const c = Elementary.pow(2, instance.amount)
    const scaled = carried(problem, {
      from: (z) => z,
      back: (v) => v.map((x) => c * x),
      feasible: problem.feasible,
      smoothness: c * problem.smoothness,
    })
    const expected = endOf(subject, instance, problem, start)
    return Margin.holds(same(endOf(subject, instance, scaled, start, c), expected))
  },
  controls: [{ name: "answers that remember the origin", subject: remembersOrigin }],
})

export const argumentScaling = claim({
  id: "reproducible-minimax/scaling-of-arguments",
  statement:
    "Scaling the arguments by a power of two s, with l / s^2, s D and s delta, scales every bit of the answer by s.",
  inFloatingPoint: "bits",
  source: derived("steps and strengths have the units of the arguments"),
  subject: reproducibleMinimax,
  instances: Draw.record({ ...changedFields, set: Draw.oneOf("ball", "simplex") }),
  margin: ({ instance, kernels, subject }) => {
    const { problem, start } = expand(instance, { kernels })
    const s = Elementary.pow(2, instance.amount)
    const [n, m] = problem.dimensions
    const one = instance.set === "ball" ? FeasibleSet.ball(s) : FeasibleSet.simplex(s)
    const scaled = carried(problem, {
      from: (z) => z.map((x) => x / s),
      back: (v) => v.map((x) => x / s),
      feasible: FeasibleSet.product([one, n], [one, m]),
      smoothness: problem.smoothness / (s * s),
    })
    const stretch = (z: Float64Array) => z.map((x) => s * x)
    const expected = stretch(endOf(subject, instance, problem, start))
    return Margin.holds(same(endOf(subject, instance, scaled, stretch(start), 1, s), expected))
  },
  controls: [{ name: "answers that remember the origin", subject: remembersOrigin }],
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
        return Number.NaN
      },
      twin: undefined,
    }
  },
})

export const swap = claim({
  id: "reproducible-minimax/players-swap",
  statement:
    "In the game -F(y, x) the players swap their answers, to the bit: updates are simultaneous.",
  inFloatingPoint: "bits",
  source: derived("both players move at once"),
  subject: reproducibleMinimax,
  instances: Draw.record(changedFields),
  margin: ({ instance, kernels, subject }) => {
    const { problem, start } = expand(instance, { kernels })
    const [n, m] = problem.dimensions
    const exchange = (first: number) => (z: Float64Array) =>
      Float64Array.of(...z.subarray(first), ...z.subarray(0, first))
    const { feasible } = problem
    const swapped = carried(problem, {
      from: exchange(m),
      back: exchange(n),
      dimensions: [m, n],
      feasible: {
        ...feasible,
        form: undefined,
        project: (z) => {
          const there = exchange(m)(z)
          feasible.project(there, 0, n + m)
          z.set(exchange(n)(there))
        },
        support: (v) => feasible.support(exchange(m)(v), 0, n + m),
        reach: (z) => feasible.reach(exchange(m)(z), 0, n + m),
      },
    })
    const expected = exchange(n)(endOf(subject, instance, problem, start))
    const actual = endOf(subject, instance, swapped, exchange(n)(start))
    // stopping rules add up both players in an order of their own
    return instance.method === "minimax"
      ? near(actual, expected)
      : Margin.holds(same(actual, expected))
  },
  controls: [
    {
      name: "players that move in turns",
      subject: inTurns,
      instances: Draw.record({ ...changedFields, method: Draw.oneOf("gradient") }),
    },
  ],
})

export const singleton = claim({
  id: "reproducible-minimax/one-player",
  statement:
    "Where the second player has one strategy only, Algorithm 2 is regularised minimisation by extragradient, and GDA gradient descent.",
  inFloatingPoint: "agreement",
  source: derived("games in which one player has no choice"),
  subject: reproducibleMinimax,
  instances: Draw.record({ ...changedFields, set: Draw.oneOf("ball") }),
  margin: ({ instance, kernels, subject }) => {
    const { problem, start } = expand(instance, { kernels })
    const [n, m] = problem.dimensions
    const fixed = start.slice(n)
    const [ball, point] = [FeasibleSet.ball(1), FeasibleSet.ball(0)]
    const held = FeasibleSet.translated(point, fixed)
    const both: Problem = { ...problem, feasible: FeasibleSet.product([ball, n], [held, m]) }
    const whole = new Float64Array(n + m)
    const alone: Problem = {
      ...problem,
      form: undefined,
      dimensions: [n, 0],
      feasible: FeasibleSet.product([ball, n]),
      operator: (x, out) => {
        problem.operator(Float64Array.of(...x, ...fixed), whole)
        out.set(whole.subarray(0, n))
      },
    }
    const answer = endOf(subject, instance, both, start)
    return Margin.all(
      near(answer.slice(0, n), endOf(subject, instance, alone, start.slice(0, n))),
      Margin.holds(same(answer.slice(n), fixed)),
    )
  },
  controls: [
    {
      ...mutant("an algorithm that leaves the set", ({ gradient }) => ({
        gradient: posedAs(
          (problem) => ({ ...problem, feasible: FeasibleSet.wholeSpace }),
          gradient,
        ),
      })),
      instances: Draw.record({
        ...changedFields,
        set: Draw.oneOf("ball"),
        method: Draw.oneOf("gradient"),
      }),
    },
  ],
})
