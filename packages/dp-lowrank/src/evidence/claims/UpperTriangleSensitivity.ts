import { claim, Exact, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Sensitivity from "../../theory/Sensitivity.ts"
import { distanceSquared, expand, pairs } from "../support/NeighbouringRows.ts"
import { derived } from "../support/Paper.ts"

const upper = (u: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < u.length; i++)
    for (let j = i; j < u.length; j++) sum += Elementary.square(u[i]! * u[j]!)
  return sum
}

export const upperTriangleSensitivity = claim({
  id: "dp-lowrank/upper-triangle-sensitivity",
  statement:
    "The upper triangle of u u^T has squared length (|u|^4 + sum u_i^4) / 2: independent noise of one variance on it is calibrated for coordinate vectors.",
  source: derived("sensitivity of the upper triangle"),
  instances: pairs(),
  value: Sensitivity.upperTriangleSquared,
  margin: ({ instance, value: squared }) => {
    const { u } = expand(instance)
    return Margin.equal(squared(u), upper(u), { absolute: 1e-12 })
  },
  exactly: ({ instance, value: squared }) => {
    const { u } = expand(instance)
    const entries = Array.from(u, Exact.of)
    const products = entries.flatMap((x, i) => entries.slice(i).map((y) => Exact.multiply(x, y)))
    const length = Exact.sum(...products.map(Exact.square))
    const off = Exact.absolute(Exact.subtract(Exact.of(squared(u)), length))
    return Exact.atMost(off, Exact.of("1e-12"))
  },
  controls: [
    {
      name: "half of the Frobenius norm",
      value: (u) => 0.5 * distanceSquared(u, new Float64Array(u.length)),
    },
  ],
})
