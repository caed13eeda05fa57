import { Draw } from "@nonconvex/evidence"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Constants from "@nonconvex/problems/Constants"
import { logCosh } from "@nonconvex/problems/LogCosh"
import type { Objective } from "@nonconvex/problems/Objective"
import { quadratic } from "@nonconvex/problems/Quadratic"

/**
 * Strongly convex function with minimum 0 at the origin, where its Hessian has a given spectrum in a random basis.
 *
 * With constant curvature it is a quadratic. With varying curvature it is `alpha |w|^2 / 2 + sum_i log cosh(sqrt(lambda_i - alpha)
 * v_i . w)`, whose curvatures fall to alpha far from the origin.
 */
export interface RandomStronglyConvex {
  readonly curvature: "constant" | "varying"
  /** The modulus of strong convexity. */
  readonly alpha: number
  /** Other eigenvalues as multiples of `alpha`, from 1 to 100; one per dimension. */
  readonly ratios: ReadonlyArray<number>
  readonly seed: number
}

export const randomStronglyConvex = () =>
  Draw.record<RandomStronglyConvex>({
    curvature: Draw.oneOf("constant", "varying"),
    alpha: Draw.logarithmic(1, 0.01),
    ratios: Draw.list(Draw.logarithmic(1, 100), 0, 5),
    seed: Draw.seed(),
  })

export const randomQuadratic = () =>
  randomStronglyConvex().map((problem) => ({ ...problem, curvature: "constant" as const }))

/** 3 N, from the child "start" of the seed. */
export const startOf = (seed: number, dimension: number): Float64Array => {
  const start = RandomStream.make(Seed.root(seed).child("start")).normals(dimension)
  Vector.scale(3, start)
  return start
}

/** A random basis, from the child "basis" of the seed. */
export const basisOf = (seed: number, dimension: number): Float64Array =>
  Orthogonal.haar(dimension, RandomStream.make(Seed.root(seed).child("basis")))

const ridged = (objective: Objective, ridge: number): Objective => ({
  name: `${objective.name} with a ridge`,
  dimension: objective.dimension,
  constants: { minimum: Constants.exact(0, "attained at the origin") },
  valueAndGradient: (x, gradient) => {
    const value = objective.valueAndGradient(x, gradient)
    Vector.axpy(ridge, x, gradient)
    return value + 0.5 * ridge * Vector.dot(x, x)
  },
})

const varying = (
  spectrum: Float64Array,
  basis: Float64Array,
  alpha: number,
  kernels: Kernels,
): Objective => {
  const dimension = spectrum.length
  const features = Float64Array.from({ length: dimension * dimension }, (_, at) => {
    const [form, coordinate] = [Math.floor(at / dimension), at % dimension]
    return Math.sqrt(spectrum[form]! - alpha) * basis[coordinate * dimension + form]!
  })
  return ridged(logCosh({ features, dimension, kernels }), alpha)
}

/** The instance expanded: constants, and a start of standard deviation 3 in every coordinate. */
export const expand = (
  { alpha, curvature, ratios, seed }: RandomStronglyConvex,
  kernels: Kernels,
) => {
  const spectrum = Float64Array.from([alpha, ...ratios.map((ratio) => alpha * ratio)]).toSorted(
    (a, b) => b - a,
  )
  const basis = basisOf(seed, spectrum.length)
  return {
    objective:
      curvature === "constant"
        ? quadratic({ spectrum, basis })
        : varying(spectrum, basis, alpha, kernels),
    start: startOf(seed, spectrum.length),
    alpha,
    beta: spectrum[0]!,
    /** Eigenvalues of the Hessian at the origin, descending. */
    spectrum,
    /** Row-major; column i is the eigenvector of `spectrum[i]`. */
    basis,
  }
}
