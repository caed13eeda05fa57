import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as Vector from "@nonconvex/numerics/Vector"
import { regularisedSolution } from "../support/Linear.ts"
import { derived } from "../support/Paper.ts"
import * as RandomProblem from "../support/RandomProblem.ts"

export const regularisationVanishes = claim({
  id: "reproducible-minimax/regularisation-vanishes",
  statement:
    "As the strength vanishes, the regularised minimiser converges to the minimiser closest to the centre.",
  inFloatingPoint: "limit",
  source: derived("the limit of the regularised minimiser"),
  instances: Draw.record({ ...RandomProblem.smallQuadratics, decades: Draw.linear(0, 2) }),
  value: 1e-8,
  margin: ({ instance, value: strength }) => {
    const { minimiser, problem, start, stream } = RandomProblem.expandQuadratic(instance)
    const n = start.length
    const zeros = Math.min(instance.zeros, n - 1)
    const basis = Orthogonal.haar(n, stream("basis"))
    // the projection of the start on the minimisers: the centre's part along the null space, the minimiser's elsewhere
    const expected = minimiser.slice()
    for (let k = n - zeros; k < n; k++) {
      const along = Float64Array.from({ length: n }, (_zero, i) => basis[i * n + k]!)
      Vector.axpy(Vector.dot(along, start) - Vector.dot(along, minimiser), along, expected)
    }
    const actual = regularisedSolution(problem.operator, strength, start)
    const smallest = Elementary.pow(10, -instance.decades)
    const bias = (strength / smallest) * Vector.distance(start, minimiser)
    // of n roundings in each sum of the elimination, which the strength divides
    const rounding = ((n * 2 ** -53) / strength) * (Vector.norm(start) + Vector.norm(minimiser) + 1)
    return Margin.atMost(Vector.distance(actual, expected), Math.min(1e-4, bias) + 1e-6 + rounding)
  },
  controls: [{ name: "a constant strength", value: 0.01 }],
})
