import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import { carried, changedFields, endOf, near, same } from "../support/ChangedGame.ts"
import { derived } from "../support/Paper.ts"
import { expand } from "../support/RandomProblem.ts"
import { reproducibleMinimax, type Subject } from "../support/Subject.ts"

/** Subject whose gradient method updates the players alternately. */
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

export const playersSwap = claim({
  id: "reproducible-minimax/players-swap",
  statement:
    "In the game -F(y, x) the players swap their answers, bit for bit: updates are simultaneous.",
  inFloatingPoint: "bits",
  source: Kind.identity(derived("both players move at once")),
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
