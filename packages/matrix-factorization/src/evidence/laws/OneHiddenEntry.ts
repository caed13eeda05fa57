import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { completion, measure } from "../../index.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { normals } from "../support/Instances.ts"
import { derived } from "../support/Paper.ts"
import { matrixFactorization } from "../support/Subject.ts"

const hiddenEntries = (weight: readonly [number, number]) =>
  Draw.record({
    size: Draw.integer(2, 6),
    /** Sum of the squares of the two unit vectors at the hidden entry. */
    weight: Draw.linear(...weight),
    share: Draw.linear(0.3, 0.7),
    seed: Draw.seed(),
  })

/** A unit vector with the square of its first component given. */
const withFirst = (n: number, square: number, seed: Seed.Seed): Float64Array => {
  const v = normals(seed, n)
  v[0] = 0
  Vector.scale(Math.sqrt(1 - square) / Vector.norm(v), v)
  v[0] = Math.sqrt(square)
  return v
}

export const oneHiddenEntry = claim({
  id: "matrix-factorization/one-hidden-entry",
  statement:
    "The hidden entry (k, l) of a matrix s u v' of rank one, u and v unit, is recovered by the smallest nuclear norm if u_k^2 + v_l^2 < 1.",
  inFloatingPoint: "limit",
  source: derived("generalises the 5 x 5 example of fancyimpute, as recalled"),
  subject: matrixFactorization,
  instances: hiddenEntries([0.02, 0.9]),
  margin: ({ instance: { seed, share, size, weight }, kernels, subject }) => {
    const root = Seed.root(seed)
    const u = withFirst(size, weight * share, root.child("u"))
    const v = withFirst(size, weight * (1 - share), root.child("v"))
    const truth = Matrix.multiply(u, v, size, 1, size, kernels)
    const entries = Array.from(
      { length: size * size - 1 },
      (_, k) => [Math.floor((k + 1) / size), (k + 1) % size] as const,
    )
    const seen = completion({ rows: size, columns: size, entries, kernels })
    const { matrix } = subject.leastNuclearNorm(seen, measure(seen, truth))
    return Margin.atMost(Math.abs(matrix[0]! - truth[0]!), 1e-6)
  },
  controls: [{ name: "u_k^2 + v_l^2 above 1", instances: hiddenEntries([1.1, 1.4]) }],
})
