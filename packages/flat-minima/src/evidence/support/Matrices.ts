/** Random matrices with a known trace. */
import { Draw } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"

export const matrix = (min: number, max: number) =>
  Draw.record({ dimension: Draw.integer(min, max), seed: Draw.seed() })
type Matrix = Draw.Drawn<ReturnType<typeof matrix>>

export const symmetric = ({ dimension: n, seed }: Matrix): Float64Array => {
  const stream = RandomStream.make(Seed.root(seed).child("matrix"))
  const h = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) h[i * n + j] = h[j * n + i] = stream.normal()
  }
  return h
}
export const traceOf = (h: Float64Array, n: number): number => {
  let sum = 0
  for (let i = 0; i < n; i++) sum += h[i * n + i]!
  return sum
}
