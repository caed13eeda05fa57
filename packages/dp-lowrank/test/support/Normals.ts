/** Normal numbers of a seed. */
import { RandomStream, Seed } from "@nonconvex/numerics"

export const normals = (count: number, seed: number): Float64Array => {
  const out = new Float64Array(count)
  RandomStream.make(Seed.root(seed)).fillNormal(out)
  return out
}
