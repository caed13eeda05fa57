/** Random orthogonal matrices under the Haar (rotation invariant) measure. */
import type { RandomStream } from "./RandomStream.ts"
import * as Require from "./Require.ts"
import * as Vector from "./Vector.ts"

/**
 * Random d x d orthogonal matrix, row-major, uniform on O(d). It is the Q factor with positive diagonal R of a Gaussian
 * matrix, without forming that matrix (Stewart 1980).
 *
 * Draws d (d + 1) / 2 normals: for k = d - 1 down to 0 the d - k entries of the k-th column below the diagonal. Uses only
 * + - * / and sqrt, so the bits repeat on every engine. Throws InvalidInput on a negative or fractional d.
 *
 * @example
 * ```ts import.meta.vitest
 * import { RandomStream, Seed, Vector } from "@nonconvex/numerics"
 * import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
 *
 * const q = Orthogonal.haar(3, RandomStream.make(Seed.root(1)))
 * Vector.norm(q.subarray(0, 3)) // => 1
 * ```
 */
export const haar = (d: number, stream: RandomStream): Float64Array => {
  Require.count("Orthogonal.haar", "d", d, 0)
  const q = new Float64Array(d * d)
  const product = new Float64Array(d)
  const signs = new Float64Array(d)
  for (let k = d - 1; k >= 0; k--) {
    const v = new Float64Array(d - k)
    stream.fillNormal(v)
    const length = Vector.norm(v)
    q[k * d + k] = 1
    signs[k] = v[0]! < 0 ? -1 : 1
    if (k === d - 1 || length === 0) continue
    // H v = -sign(v_0) |v| e_0, so R_kk > 0 asks for the opposite sign in column k.
    signs[k] = -signs[k]!
    v[0] = v[0]! - signs[k]! * length
    const factor = 1 / (length * Math.abs(v[0]))
    product.fill(0)
    for (let i = k; i < d; i++) {
      const weight = factor * v[i - k]!
      for (let j = k; j < d; j++) product[j] = product[j]! + weight * q[i * d + j]!
    }
    for (let i = k; i < d; i++) {
      const weight = v[i - k]!
      for (let j = k; j < d; j++) q[i * d + j] = q[i * d + j]! - weight * product[j]!
    }
  }
  for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) q[i * d + j] = q[i * d + j]! * signs[j]!
  return q
}
