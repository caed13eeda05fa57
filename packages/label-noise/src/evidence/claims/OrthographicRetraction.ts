import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { Geometry } from "../../geometry/Geometry.ts"
import { retract, solveGeneral } from "../../geometry/Retraction.ts"
import { derived } from "../support/Paper.ts"
import {
  expand,
  type Expanded,
  type Problem,
  problems,
  randomDirection,
  withNorms,
} from "../support/RandomNetwork.ts"

const instances = problems()

/** Tests that the systems of the retraction are solved in any order of their equations, also with a zero diagonal. */
const solvesInAnyOrder = ({ stream }: Expanded): Margin.Comparison => {
  const n = 6
  const [order, entries] = [stream("order"), stream("entries")]
  const places = Array.from({ length: n }, (_, i) => i)
  for (let i = n - 1; i > 0; i--) {
    const k = Math.floor(order.uniform() * i)
    ;[places[i], places[k]] = [places[k]!, places[i]!]
  }
  // in each row one large entry, never on the diagonal, beside which the others are lost where they are divided by
  const matrix = Float64Array.from({ length: n * n }, (_, at) => {
    const [i, c] = [Math.floor(at / n), at % n]
    return places[i] === c ? 1 + entries.uniform() : i === c ? 0 : 1e-9 * entries.normal()
  })
  const expected = Array.from({ length: n }, () => entries.normal())
  const right = Float64Array.from({ length: n }, (_, i) =>
    expected.reduce((sum, x, c) => sum + matrix[i * n + c]! * x, 0),
  )
  solveGeneral(matrix.slice(), n, right)
  return Margin.all(
    ...expected.map((x, c) => Margin.equal(right[c]!, x, { absolute: 1e-12 * (1 + Math.abs(x)) })),
  )
}

export const orthographicRetraction = claim<
  Problem,
  (start: Float64Array, end: Float64Array) => Float64Array
>({
  id: "label-noise/orthographic-retraction",
  statement:
    "The retraction adds to a direction only components in the span of the output gradients at its start, and none along the minima there.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("retraction along the normal space of the start")),
  instances,
  value: (start) => start,
  margin: ({ instance: { problem }, kernels, value: projectAt }) => {
    const expanded = withNorms(expand(problem, { kernels }))
    const { network, theta } = expanded
    const u = randomDirection(expanded)
    const moved = retract(
      network,
      theta,
      u.map((value) => 0.1 * value),
    )
    const added = moved.map((value, k) => value - theta[k]! - 0.1 * u[k]!)
    new Geometry(network).atParameters(projectAt(theta, moved)).project(added)
    return Margin.all(
      Margin.equal(Vector.norm(added), 0, { absolute: 1e-10 * (1 + Vector.norm(theta)) }),
      solvesInAnyOrder(expanded),
    )
  },
  controls: [{ name: "the gradients at the end of the retraction", value: (_, end) => end }],
})
