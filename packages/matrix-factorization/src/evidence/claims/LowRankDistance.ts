import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Matrix from "../../internal/Matrix.ts"
import * as Theory from "../../theory/Theory.ts"
import { lowRank, rotation } from "../support/Instances.ts"
import { derived } from "../support/Paper.ts"

const beyond = Draw.record({
  rank: Draw.integer(1, 2),
  /** Rows and columns in addition to 16 per rank that keep delta below 1/5. */
  extra: Draw.integer(1, 12),
  /** Spread of the singular values of the kernel around equality. */
  spread: Draw.linear(0, 0.05),
  /** Orientation of the kernel to the truth: against its singular vectors, so that the nuclear norm grows least, or arbitrary. */
  lies: Draw.oneOf("against", "anyhow"),
  offset: Draw.logarithmic(1e-3, 10),
  seed: Draw.seed(),
})

/** `sum_k values_k u_k v_k'` over the rows of u and v. */
const assemble = (
  n: number,
  values: ReadonlyArray<number>,
  u: Float64Array,
  v: Float64Array,
  kernels: Kernels.Kernels,
) => {
  const scaled = new Float64Array(n * n)
  values.forEach((value, k) => {
    for (let i = 0; i < n; i++) scaled[k * n + i] = value * u[k * n + i]!
  })
  return Matrix.multiply(Matrix.transpose(scaled, n, n), v, n, n, n, kernels)
}

interface Bound {
  readonly allowed: typeof Theory.lowRankDistance
  /** Rank of the kernel, in ranks of the truth; default full. */
  readonly kernelRanks?: number
}

const proved: Bound = { allowed: Theory.lowRankDistance }

export const lowRankDistance = claim({
  id: "matrix-factorization/low-rank-distance",
  statement:
    "Let the measurements have the isometry constant delta < 1/5 for rank 5r, and let an interpolant X have |X|_* <= (1 + eps) |M*|_*. Then X is as close to the true matrix M* of rank r as eps |M*|_* allows. For eps = 0 it equals M*.",
  inFloatingPoint: "limit",
  source: derived("rank-r bound (Recht, Fazel, Parrilo 2010)"),
  instances: beyond,
  value: proved,
  /**
   * Measurements of everything but one direction R of unit norm: `(1/n) sum <A_i, X>^2 = c (|X|_F^2 - <R, X>^2)`. For matrices of
   * rank k, `<R, X>^2` is at most the sum of the k largest squared singular values of R, and one reaches it. Let kappa be that
   * sum for k = 5r, and c = 2 / (2 - kappa). Then their isometry constant is exactly kappa / (2 - kappa), and the interpolants
   * are M* + t R.
   */
  margin: ({
    instance: { extra, lies, offset, rank, seed, spread },
    kernels,
    value: { allowed, kernelRanks = Number.POSITIVE_INFINITY },
  }) => {
    const root = Seed.root(seed)
    const n = 16 * rank + extra
    const stream = RandomStream.make(root.child("values"))
    const values = Array.from({ length: n }, (_, k) =>
      k >= kernelRanks * rank ? 0 : 1 + spread * stream.uniform(),
    )
    const size = Vector.norm(Float64Array.from(values))
    const [u, v] = [rotation(n, root.child("U")), rotation(n, root.child("V"))]
    const kernel = assemble(
      n,
      values.map((value, k) => (k < rank ? -value : value) / size),
      u,
      v,
      kernels,
    )
    const truth =
      lies === "anyhow"
        ? lowRank(n, n, rank, root.child("M"), kernels)
        : assemble(
            n,
            Array.from({ length: rank }, (_, k) => 1 + k),
            u,
            v,
            kernels,
          )
    const x = truth.slice()
    Vector.axpy(offset, kernel, x)
    const kappa = values
      .map((value) => Elementary.square(value / size))
      .toSorted((a, b) => b - a)
      .slice(0, 5 * rank)
      .reduce((sum, square) => sum + square, 0)
    const nuclear = Matrix.nuclearNorm(truth, n, n, kernels)
    const factor = Math.max(1, Matrix.nuclearNorm(x, n, n, kernels) / nuclear)
    return Margin.atMost(offset, allowed(kappa / (2 - kappa), factor, rank, nuclear))
  },
  controls: [
    {
      name: "an interpolant with more nuclear norm than is allowed",
      value: {
        allowed: (delta, factor, rank, nuclear) =>
          Theory.lowRankDistance(delta, 1 + (factor - 1) / 100, rank, nuclear),
      },
    },
    {
      name: "a kernel of low rank, which no isometry has",
      value: {
        allowed: (_, factor, rank, nuclear) => Theory.lowRankDistance(0.1, factor, rank, nuclear),
        kernelRanks: 2,
      },
      instances: beyond.map((instance) => ({
        ...instance,
        lies: "against" as const,
        offset: Math.min(instance.offset, 0.5),
      })),
    },
  ],
})
