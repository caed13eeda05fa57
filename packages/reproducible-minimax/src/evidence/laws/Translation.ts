import { claim, Draw, Kind } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import { carried, changedFields, endOf, near, remembersOrigin } from "../support/ChangedGame.ts"
import { plus } from "../support/Linear.ts"
import { derived } from "../support/Paper.ts"
import { expand } from "../support/RandomProblem.ts"
import { reproducibleMinimax } from "../support/Subject.ts"

export const translation = claim({
  id: "reproducible-minimax/translation",
  statement: "Translating the problem, its set and the start translates the answer equally.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("every step commutes with translations")),
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
