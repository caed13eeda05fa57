import { claim, Draw, Kind } from "@nonconvex/evidence"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import { carried, changedFields, endOf, near, remembersOrigin } from "../support/ChangedGame.ts"
import { derived } from "../support/Paper.ts"
import { expand } from "../support/RandomProblem.ts"
import { reproducibleMinimax } from "../support/Subject.ts"

export const rotation = claim({
  id: "reproducible-minimax/rotation",
  statement: "On balls, rotating the coordinates of each player rotates the answer.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("every step on a ball commutes with rotations")),
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
