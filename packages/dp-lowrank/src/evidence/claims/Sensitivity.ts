import { claim, Draw, Exact, Margin } from "@nonconvex/evidence"
import * as Sensitivity from "../../theory/Sensitivity.ts"
import { distanceSquared, expand, type Pair, pairs } from "../support/NeighbouringRows.ts"
import { derived } from "../support/Paper.ts"

/** |u u^T - v v^T|_F from its entries, against the sensitivity where a row is replaced. */
const exactChange = (instance: Pair, replaced: number): Exact.Compared => {
  const { u, v } = expand(instance)
  const [x, y] = [Array.from(u, Exact.of), Array.from(v, Exact.of)]
  const squares = x.flatMap((xi, i) =>
    x.map((xj, j) =>
      Exact.square(Exact.subtract(Exact.multiply(xi, xj), Exact.multiply(y[i]!, y[j]!))),
    ),
  )
  return Exact.atMost(Exact.sqrt(Exact.sum(...squares)), Exact.of(replaced))
}

export const sensitivity = claim({
  id: "dp-lowrank/sensitivity",
  statement:
    "Rows u and v have |u u^T - v v^T|_F^2 = |u|^4 + |v|^4 - 2 (u.v)^2. So rows of norm at most 1 change the scatter matrix by at most sqrt 2 where one is replaced, and by 1 where one is added.",
  source: derived("sensitivity in the Frobenius norm"),
  instances: pairs(),
  value: Sensitivity.frobeniusSensitivity("replace", 1),
  margin: ({ instance, value: replaced }) => {
    const { u, v } = expand(instance)
    const squared = distanceSquared(u, v)
    const added = Math.sqrt(distanceSquared(u, new Float64Array(u.length)))
    return Margin.all(
      Margin.equal(Sensitivity.rowChangeSquared(u, v), squared, { absolute: 1e-12 }),
      Margin.atMost(Math.sqrt(squared), replaced, 1e-12),
      Margin.atMost(added, Sensitivity.frobeniusSensitivity("add-remove", 1), 1e-12),
    )
  },
  exactly: ({ instance, value: replaced }) => exactChange(instance, replaced),
  controls: [
    {
      name: "the sensitivity of one row more for a replaced row",
      value: 1,
      instances: pairs(Draw.oneOf(0)),
    },
  ],
})
