import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"

/** `U diag(d) U^T`. */
export const assemble = (basis: Float64Array, diagonal: ArrayLike<number>): Float64Array => {
  const n = diagonal.length
  const out = new Float64Array(n * n)
  for (let k = 0; k < n; k++) {
    if (diagonal[k] === 0) continue
    for (let i = 0; i < n; i++) {
      const weight = diagonal[k]! * basis[i * n + k]!
      for (let j = 0; j < n; j++) out[i * n + j]! += weight * basis[j * n + k]!
    }
  }
  return out
}

/** `U diag(0, s) U^T`, row-major, with s uniform between 0.1 and 10 and U Haar-distributed, as in Figures 1 and 2. */
export const randomMatrix = (dimension: number, seed: Seed.Seed) => {
  const basis = Orthogonal.haar(dimension, RandomStream.make(seed.child("basis")))
  const draw = RandomStream.make(seed.child("singular values"))
  const values = Float64Array.from({ length: dimension }, (_, i) =>
    i === 0 ? 0 : 0.1 + 9.9 * draw.uniform(),
  )
  return {
    matrix: assemble(basis, values),
    basis,
    values,
    /** The direction that the matrix does not see. */
    nullDirection: Float64Array.from({ length: dimension }, (_, i) => basis[i * dimension]!),
  }
}

export type RandomMatrix = ReturnType<typeof randomMatrix>
