/** Random rows: data and neurons. */
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"

/** n x d, each row uniform on the unit sphere. */
export const unitRows = (seed: Seed.Seed, n: number, d: number): Float64Array => {
  const rows = new Float64Array(n * d)
  const stream = RandomStream.make(seed)
  for (let i = 0; i < n; i++) stream.fillSphere(rows.subarray(i * d, (i + 1) * d))
  return rows
}

/** m x d, independent and normal with mean 0. */
export const normalRows = (seed: Seed.Seed, m: number, d: number, deviation: number) => {
  const rows = RandomStream.make(seed).normals(m * d)
  Vector.scale(deviation, rows)
  return rows
}
