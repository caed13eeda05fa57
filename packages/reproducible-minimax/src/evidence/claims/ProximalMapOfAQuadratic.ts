/** The closed form of the regularised solution of a quadratic. */
import { claim, type Claim, Draw, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { centers } from "../laws/RegularisedSolution.ts"
import { direction, plus, regularisedSolution } from "../support/Linear.ts"
import { printed } from "../support/Paper.ts"
import { type Drawn, expandQuadratic, quadraticFields } from "../support/RandomProblem.ts"
import type { Problem } from "../../problem/Problem.ts"

const fields = { ...quadraticFields, ...centers }
type OfQuadratic = Drawn<typeof fields>

const closedForm =
  (sign: 1 | -1) =>
  (instance: OfQuadratic): number => {
    const { apart, strength } = instance
    const { problem, start, stream } = expandQuadratic(instance)
    const operator: Problem["operator"] = (x, out) => {
      problem.operator(x, out)
      Vector.scale(sign, out)
    }
    const other = plus(start, apart, direction(start.length, stream("other")))
    const [p, q] = [start, other].map((c) => regularisedSolution(operator, strength, c))
    const moved = plus(p!, -1, q!)
    const apartBy = plus(start, -1, other)
    const slack = 1e-9 * apart * apart
    return Margin.atMost(Vector.dot(moved, moved), Vector.dot(moved, apartBy) + slack, 1e-9)
  }

export const closedFormContraction: Claim = claim<OfQuadratic>({
  id: "reproducible-minimax/proximal-map-of-a-quadratic",
  statement:
    "On a convex quadratic the closed form of the regularised solution is a firmly nonexpansive map of the start, for every strength.",
  source: printed("Lemma 3.2, in closed form"),
  instances: Draw.record<OfQuadratic>(fields),
  margin: closedForm(1),
  controls: [
    {
      name: "a concave quadratic",
      margin: closedForm(-1),
      instances: Draw.record<OfQuadratic>({ ...fields, strength: Draw.linear(1.2, 1.9) }),
    },
  ],
})
