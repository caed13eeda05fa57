import { Draw } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import { streamOf } from "./Structures.ts"

export const pairs = (cosine = Draw.oneOf(0, 1, -1, 0.5)) =>
  Draw.record({
    dimension: Draw.integer(2, 12),
    first: Draw.linear(1, 0),
    second: Draw.linear(1, 0),
    cosine,
    seed: Draw.seed(),
  })

export type Pair = Draw.Drawn<ReturnType<typeof pairs>>

/** Two vectors with given lengths and angle. */
export const expand = ({ cosine, dimension, first, second, seed }: Pair) => {
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

export const distanceSquared = (u: Float64Array, v: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < u.length; i++) {
    for (let j = 0; j < u.length; j++) sum += Elementary.square(u[i]! * u[j]! - v[i]! * v[j]!)
  }
  return sum
}
