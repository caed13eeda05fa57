/** Subject of the laws of this package: any implementation of a private low-rank covariance. Ours computes with given kernels. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as GridPlan from "../../release/GridPlan.ts"
import { unsafeNoiseInto } from "../../noise/Idealised.ts"
import * as LowRank from "../../components/LowRank.ts"
import * as Mechanism from "../../noise/GaussianMechanism.ts"
import type { Neighbours } from "../../privacy/Target.ts"
import { PrivateScatter, reveal, rounded } from "../../release/PrivateScatter.ts"
import * as Public from "../../privacy/Public.ts"

export interface Calibrated {
  readonly epsilon: number
  readonly delta: number
  readonly neighbours: Neighbours
  readonly bound: number
  readonly dimension: number
}

export interface Subject {
  /** The standard deviation of the noise on the diagonal. */
  readonly scale: (options: Calibrated) => number
  /** Symmetric noise of that scale, row-major. */
  readonly noise: (
    dimension: number,
    scale: number,
    stream: RandomStream.RandomStream,
    kernels: Kernels.Kernels,
  ) => Float64Array
  /** The best rank-k approximation of a symmetric matrix by signed eigenvalue. */
  readonly lowRank: (
    matrix: Float64Array,
    dimension: number,
    rank: number,
    kernels: Kernels.Kernels,
  ) => Float64Array
  /** sum x x^T of the rows, clipped to the bound. */
  readonly scatter: (
    rows: Float64Array,
    dimension: number,
    bound: number,
    kernels: Kernels.Kernels,
  ) => Float64Array
}

/** Control of a law: the subject with one part replaced. */
export const mutant = (name: string, change: (subject: Subject) => Partial<Subject>) => ({
  name,
  subject: (subject: Subject): Subject => ({ ...subject, ...change(subject) }),
})

/** The implementation of this package. */
export const dpLowrank: Subject = {
  scale: ({ bound, delta, dimension, epsilon, neighbours }) => {
    const target = { epsilon, delta, neighbours }
    const mechanism = Mechanism.isotropic({ ...target, bound: Public.bound(bound) })
    return GridPlan.make(mechanism, dimension).mechanism.scale
  },
  noise: (dimension, scale, stream, kernels) => {
    const out = new Float64Array(dimension * dimension)
    unsafeNoiseInto(out, dimension, scale, scale * Math.SQRT1_2, stream, kernels, out)
    return out
  },
  lowRank: (matrix, dimension, rank, kernels) => LowRank.best({ dimension, matrix }, rank, kernels),
  scatter: (rows, dimension, bound, kernels) => {
    const scatter = PrivateScatter.make({ dimension, bound: Public.bound(bound), kernels })
    scatter.add(rows)
    const sum = reveal(scatter)
    const exponent = 2 * Math.ceil(Elementary.log2(bound)) - 27
    return sum.high.map((_, i) => rounded(sum, i, exponent) * Elementary.powerOfTwo(exponent))
  },
}
