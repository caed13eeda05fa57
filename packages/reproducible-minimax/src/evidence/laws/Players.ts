/** What a method does with the two players: alike, and where one has no choice. */
import { Draw, law, Margin } from "@nonconvex/evidence"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import { carried, changedFields, endOf, near, posedAs, same } from "../support/ChangedGame.ts"
import { derived } from "../support/Paper.ts"
import { expand } from "../support/RandomProblem.ts"
import { mutant, type Subject } from "../support/Subject.ts"
import type { Problem } from "../../problem/Problem.ts"

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

export const swap = law({
  id: "reproducible-minimax/players-swap",
  statement:
    "In the game -F(y, x) the players swap their answers, to the bit: updates are simultaneous.",
  source: derived("both players move at once"),
  instances: Draw.record(changedFields),
  margin: (subject: Subject, instance, given) => {
    const { problem, start } = expand(instance, given)
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

export const singleton = law({
  id: "reproducible-minimax/one-player",
  statement:
    "Where the second player has one strategy only, Algorithm 2 is regularised minimisation by extragradient, and GDA gradient descent.",
  source: derived("games in which one player has no choice"),
  instances: Draw.record({ ...changedFields, set: Draw.oneOf("ball") }),
  margin: (subject: Subject, instance, given) => {
    const { problem, start } = expand(instance, given)
    const [n, m] = problem.dimensions
    const fixed = start.slice(n)
    const [ball, point] = [FeasibleSet.ball(1), FeasibleSet.ball(0)]
    const held = FeasibleSet.translated(point, fixed)
    const both: Problem = { ...problem, feasible: FeasibleSet.product([ball, n], [held, m]) }
    const whole = new Float64Array(n + m)
    const alone: Problem = {
      ...problem,
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
