/** Starting points of the literature, as flat arrays of all layers. */
import * as Require from "@nonconvex/numerics/Require"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Factorisation from "./Factorisation.ts"

/**
 * Independent normals with standard deviation `scale / sqrt(d_(j-1))` in layer j. From a large scale, 0.8 to 1, descent
 * overfits, which label noise then corrects; from a small scale it stays near low rank without noise.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Factorisation } from "@nonconvex/matrix-factorization"
 * import { Seed, Vector } from "@nonconvex/numerics"
 *
 * const shape = Factorisation.shape([100, 100, 100])
 * const layers = Factorisation.gaussian(shape, { scale: 2, seed: Seed.root(1) })
 * // of 20 000 numbers of deviation 2 / 10
 * Vector.norm(layers) / Math.sqrt(20_000) // ≈ 0.20
 * ```
 */
export const gaussian = (
  shape: Factorisation.Shape,
  options: { readonly scale: number; readonly seed: Seed.Seed },
): Float64Array => {
  Require.finite("Factorisation.gaussian", "scale", options.scale)
  const out = RandomStream.make(options.seed).normals(shape.dimension)
  for (let j = 1; j <= shape.depth; j++) {
    const factor = options.scale / Math.sqrt(shape.widths[j - 1]!)
    const part = Factorisation.layer(shape, out, j)
    for (let k = 0; k < part.length; k++) part[k]! *= factor
  }
  return out
}

/** `scale` times the identity in every layer, truncated or padded with zeros if the layer is not square. */
export const identity = (shape: Factorisation.Shape, scale: number): Float64Array => {
  const out = new Float64Array(shape.dimension)
  for (let j = 1; j <= shape.depth; j++) {
    const part = Factorisation.layer(shape, out, j)
    const [m, n] = [shape.widths[j]!, shape.widths[j - 1]!]
    for (let k = 0; k < Math.min(m, n); k++) part[k * n + k] = scale
  }
  return out
}

/** `scale` times a corner of a random orthogonal matrix in every layer: square layers are orthogonal up to that factor. */
export const orthogonal = (
  shape: Factorisation.Shape,
  options: { readonly scale: number; readonly seed: Seed.Seed },
): Float64Array => {
  const stream = RandomStream.make(options.seed)
  const out = new Float64Array(shape.dimension)
  for (let j = 1; j <= shape.depth; j++) {
    const [m, n] = [shape.widths[j]!, shape.widths[j - 1]!]
    const size = Math.max(m, n)
    const q = Orthogonal.haar(size, stream)
    const part = Factorisation.layer(shape, out, j)
    for (let r = 0; r < m; r++) {
      for (let c = 0; c < n; c++) part[r * n + c] = options.scale * q[r * size + c]!
    }
  }
  return out
}
