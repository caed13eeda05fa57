import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Svd from "@nonconvex/numerics/Svd"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Matrix from "../../internal/Matrix.ts"
import { lowRank, normals, total } from "../support/Instances.ts"
import { derived } from "../support/Paper.ts"

const cones = Draw.record({
  size: Draw.integer(3, 9),
  rank: Draw.integer(1, 2),
  offset: Draw.logarithmic(1e-2, 10),
  seed: Draw.seed(),
})

type Cone = Draw.Drawn<typeof cones>

/** `R = X - M*` in its parts inside and outside of the tangent space of M*, and the tail of the outer part. */
const cone = (
  { offset, rank, seed, size }: Cone,
  tailRank: number,
  { kernels }: Given,
): Margin.Comparison => {
  const root = Seed.root(seed)
  const n = size
  const truth = lowRank(n, n, rank, root.child("M"), kernels)
  const r = normals(root.child("R"), n * n, offset / n)
  const x = truth.slice()
  Vector.axpy(1, r, x)
  const { left, right } = Svd.decompose(truth, n, n, kernels)
  const without = (vectors: Float64Array): Float64Array => {
    const p = Matrix.identity(n)
    for (let k = 0; k < rank; k++) {
      const v = vectors.subarray(k * n, (k + 1) * n)
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) p[i * n + j]! -= v[i]! * v[j]!
    }
    return p
  }
  const outer = Matrix.sandwich(without(left), r, without(right), n, n, kernels)
  const inner = r.slice()
  Vector.axpy(-1, outer, inner)
  const norm = Matrix.nuclearNorm(truth, n, n, kernels)
  const excess = Matrix.nuclearNorm(x, n, n, kernels) - norm
  const values = Svd.singularValues(outer, n, n, kernels)
  const blocks = Math.ceil(n / tailRank)
  let tail = 0
  for (let k = 1; k < blocks; k++)
    tail += Vector.norm(values.slice(k * tailRank, (k + 1) * tailRank))
  const q = Math.sqrt(2 / 3)
  return Margin.all(
    Margin.atMost(total(values), Matrix.nuclearNorm(inner, n, n, kernels) + excess, 1e-10),
    Margin.atMost(tail, q * Vector.norm(inner) + excess / Math.sqrt(3 * rank), 1e-10),
  )
}

export const errorCone = claim({
  id: "matrix-factorization/error-cone",
  statement:
    "For X with |X|_* = (1 + eps) |M*|_* the part of X - M* outside of the tangent space of M* has at most the nuclear norm of the remainder plus eps |M*|_*. In blocks of rank 3r its tail is at most sqrt(2/3) times the remainder plus eps |M*|_* / sqrt(3r).",
  inFloatingPoint: "spectrum",
  source: derived("the step behind the rank-r bound (Recht, Fazel, Parrilo 2010)"),
  instances: cones,
  margin: ({ instance, kernels }) => cone(instance, 3 * instance.rank, { kernels }),
  controls: [
    {
      name: "blocks of rank 1",
      margin: ({ instance, kernels }) => cone({ ...instance, size: 9 }, 1, { kernels }),
    },
  ],
})
