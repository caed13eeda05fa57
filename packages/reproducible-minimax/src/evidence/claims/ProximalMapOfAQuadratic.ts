import { claim, Draw, Exact, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { answering } from "../../problem/Problem.ts"
import { plus, regularisedSolution } from "../support/Linear.ts"
import { printed } from "../support/Paper.ts"
import * as RandomProblem from "../support/RandomProblem.ts"
import { centers } from "../support/RegularisedPairs.ts"

const fields = { ...RandomProblem.quadraticFields, ...centers }

type Pair = readonly [Float64Array, Float64Array]

/** The solutions by the closed form for two centers, of the quadratic or of the concave one. */
const solvedTwice = (instance: RandomProblem.Drawn<typeof fields>, sign: 1 | -1) => {
  const expanded = RandomProblem.expandQuadratic(instance)
  const from: Pair = [expanded.start, RandomProblem.neighbour(expanded, instance.apart)]
  const { operator } = answering(expanded.problem, (answer) => Vector.scale(sign, answer))
  const solved = (center: Float64Array) => regularisedSolution(operator, instance.strength, center)
  const solutions: Pair = [solved(from[0]), solved(from[1])]
  return { centers: from, solutions }
}

export const proximalMapOfAQuadratic = claim({
  id: "reproducible-minimax/proximal-map-of-a-quadratic",
  statement:
    "On a convex quadratic the closed form of the regularised solution is a firmly nonexpansive map of the start, for every strength.",
  source: printed("Lemma 3.2, in closed form"),
  instances: Draw.record(fields),
  value: 1,
  margin: ({ instance, value: sign }) => {
    const { apart } = instance
    const {
      centers: [start, other],
      solutions: [p, q],
    } = solvedTwice(instance, sign)
    const moved = plus(p, -1, q)
    const apartBy = plus(start, -1, other)
    const slack = 1e-9 * apart * apart
    return Margin.atMost(Vector.dot(moved, moved), Vector.dot(moved, apartBy) + slack, 1e-9)
  },
  exactly: ({ instance, value: sign }) => {
    const { centers: starts, solutions } = solvedTwice(instance, sign)
    const difference = ([a, b]: Pair) => {
      const other = Exact.vector(b)
      return Exact.vector(a).map((x, i) => Exact.subtract(x, other[i]!))
    }
    const [moved, apart] = [difference(solutions), difference(starts)]
    const rounding = Exact.of("1e-9")
    const slack = Exact.multiply(rounding, Exact.square(Exact.of(instance.apart)))
    const most = Exact.add(Exact.dot(moved, apart), slack)
    const allowed = Exact.add(most, Exact.multiply(rounding, Exact.absolute(most)))
    return Exact.atMost(Exact.dot(moved, moved), allowed)
  },
  controls: [
    {
      name: "a concave quadratic",
      value: -1,
      instances: Draw.record({ ...fields, strength: Draw.linear(1.2, 1.9) }),
    },
  ],
})
