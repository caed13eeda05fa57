/** What one row can change of a scatter matrix. */
import { claim, Draw, Exact, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Sensitivity from "../../theory/Sensitivity.ts"
import { derived } from "../support/Paper.ts"
import { streamOf } from "../support/Structures.ts"

const pairs = (cosine = Draw.oneOf(0, 1, -1, 0.5)) =>
  Draw.record({
    dimension: Draw.integer(2, 12),
    first: Draw.linear(1, 0),
    second: Draw.linear(1, 0),
    cosine,
    seed: Draw.seed(),
  })
type Pair = Draw.Drawn<ReturnType<typeof pairs>>

/** Two vectors of the given lengths and angle. */
const expand = ({ cosine, dimension, first, second, seed }: Pair) => {
  const u = streamOf(seed, "u").onSphere(dimension)
  const w = streamOf(seed, "w").onSphere(dimension)
  const overlap = u.reduce((sum, x, i) => sum + x * w[i]!, 0)
  const off = w.map((x, i) => x - overlap * u[i]!)
  const length = Vector.norm(off)
  const sine = Math.sqrt(1 - cosine * cosine)
  return {
    u: u.map((x) => first * x),
    v: u.map((x, i) => second * (cosine * x + (sine * off[i]!) / length)),
  }
}

const distanceSquared = (u: Float64Array, v: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < u.length; i++) {
    for (let j = 0; j < u.length; j++) sum += Elementary.square(u[i]! * u[j]! - v[i]! * v[j]!)
  }
  return sum
}

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
    "|u u^T - v v^T|_F^2 = |u|^4 + |v|^4 - 2 (u.v)^2, so rows of norm at most 1 change the scatter matrix by at most sqrt 2 where one is replaced, and by 1 where one is added.",
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

const upper = (u: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < u.length; i++)
    for (let j = i; j < u.length; j++) sum += Elementary.square(u[i]! * u[j]!)
  return sum
}

export const upperTriangle = claim({
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
