/**
 * Interpolation conditions: inequalities between points, gradients and values that hold if and only if a function of the class passes
 * through them.
 *
 * A. Taylor, J. Hendrickx, F. Glineur, Smooth strongly convex interpolation and exact worst-case performance of first-order
 * methods, 2017, and Exact worst-case performance of first-order methods for composite convex optimization, 2017. For operators:
 * E. Ryu, A. Taylor, C. Bergeling, P. Giselsson, Operator splitting performance estimation, 2020.
 */
import * as Rational from "@nonconvex/numerics/Rational"
import type { Class, Constants, Sample } from "./Class.ts"
import type { Algebra, Expression } from "./Expression.ts"

const small = <T>({ field }: Algebra<T>, numerator: bigint, denominator = 1n): T =>
  field.from({ numerator, denominator } satisfies Rational.Rational)

/** value_j - value_i + <gradient_j, point_i - point_j>. */
const tangent = <T>(a: Algebra<T>, i: Sample<T>, j: Sample<T>): Expression<T> => {
  const { negate, one } = a.field
  return a.sum(
    [one, j.value],
    [negate(one), i.value],
    [one, a.inner(j.gradient, a.minus(i.point, j.point))],
  )
}

/** Theorem 4 of 2017: convexity mu (none at -L) and smoothness L > mu. */
const smooth = <T>(a: Algebra<T>, L: T, mu: T, i: Sample<T>, j: Sample<T>): Expression<T> => {
  const { add, divide, multiply, negate, one } = a.field
  const dx = a.minus(i.point, j.point)
  const dg = a.minus(i.gradient, j.gradient)
  const ratio = divide(mu, L)
  const factor = divide(small(a, 1n, 2n), add(one, negate(ratio)))
  return a.sum(
    [one, tangent(a, i, j)],
    [divide(factor, L), a.square(dg)],
    [multiply(factor, mu), a.square(dx)],
    [multiply(multiply(small(a, -2n), factor), ratio), a.inner(dg, dx)],
  )
}

/** modulus |by|^2 - <dg, dx>; at most 0 for operators. */
const monotone = <T>(
  a: Algebra<T>,
  modulus: T,
  by: "point" | "gradient",
  i: Sample<T>,
  j: Sample<T>,
): Expression<T> => {
  const dx = a.minus(i.point, j.point)
  const dg = a.minus(i.gradient, j.gradient)
  return a.sum(
    [a.field.negate(a.field.one), a.inner(dg, dx)],
    [modulus, a.square(by === "point" ? dx : dg)],
  )
}

/** |dg|^2 - L^2 |dx|^2. */
const lipschitz = <T>(a: Algebra<T>, L: T, i: Sample<T>, j: Sample<T>): Expression<T> => {
  const { multiply, negate, one } = a.field
  return a.sum(
    [one, a.square(a.minus(i.gradient, j.gradient))],
    [negate(multiply(L, L)), a.square(a.minus(i.point, j.point))],
  )
}

/** |gradient|^2 - M^2. */
const bounded = <T>(a: Algebra<T>, M: T, { gradient }: Sample<T>): Expression<T> => {
  const { multiply, negate, one } = a.field
  return a.sum([one, a.square(gradient)], [negate(one), a.constant(multiply(M, M))])
}

const below = ({ L, mu }: Pick<Constants<Rational.Rational>, "L" | "mu">) =>
  Rational.compare(mu, L) < 0
    ? undefined
    : `mu must be below L (got mu = ${Rational.toText(mu)}, L = ${Rational.toText(L)})`

const functions = { kind: "function", isExact: true, isConvex: true } as const
const operators = { kind: "operator", isExact: true, isSymmetric: true } as const

/** Monotone and Lipschitz: together the two conditions are necessary but not sufficient (Ryu et al. 2020, Proposition 4). */
const saddle: Class = {
  ...operators,
  about: "Monotone operators with Lipschitz constant L.",
  isExact: false,
  needs: ["L"],
  isSingleValued: true,
  between: (a, { L }, i, j) => [monotone(a, a.field.zero, "point", i, j), lipschitz(a, L, i, j)],
}

/** All classes by name. */
export const classes: Readonly<Record<string, Class>> = {
  convex: {
    about: "Closed convex functions.",
    ...functions,
    needs: [],
    isSingleValued: false,
    between: (a, _, i, j) => [tangent(a, i, j)],
  },
  "strongly-convex": {
    about: "Closed functions of strong convexity mu.",
    ...functions,
    needs: ["mu"],
    isSingleValued: false,
    between: (a, { mu }, i, j) => [
      a.sum(
        [a.field.one, tangent(a, i, j)],
        [a.field.multiply(mu, small(a, 1n, 2n)), a.square(a.minus(i.point, j.point))],
      ),
    ],
  },
  "convex-lipschitz": {
    about: "Convex functions whose subgradients have norm at most M.",
    ...functions,
    needs: ["M"],
    isSingleValued: false,
    between: (a, _, i, j) => [tangent(a, i, j)],
    at: (a, { M }, sample) => [bounded(a, M, sample)],
  },
  "smooth-convex": {
    about: "Convex functions of smoothness L.",
    ...functions,
    needs: ["L"],
    isSingleValued: true,
    between: (a, { L }, i, j) => [smooth(a, L, a.field.zero, i, j)],
  },
  /** The gradients of the least such function through the samples are means of theirs: Taylor et al. 2017, the second. */
  "smooth-convex-lipschitz": {
    ...functions,
    about: "Convex functions of smoothness L whose gradients have norm at most M.",
    needs: ["L", "M"],
    isSingleValued: true,
    between: (a, { L }, i, j) => [smooth(a, L, a.field.zero, i, j)],
    at: (a, { M }, sample) => [bounded(a, M, sample)],
  },
  /**
   * Z. Shi, R. Liu, Better worst-case complexity analysis of the block coordinate descent method for large scale machine learning,
   * 2017, Lemma 1.1: necessary conditions, as PEPit has them.
   */
  "block-smooth-convex": {
    ...functions,
    about: "Convex functions of smoothness blocks[k] along the k-th block of coordinates.",
    isExact: false,
    needs: [],
    hasBlocks: true,
    isSingleValued: true,
    between: (a, _, i, j) =>
      (i.blocks ?? []).map(({ L, part }, k) =>
        a.sum(
          [a.field.one, tangent(a, i, j)],
          [a.field.divide(small(a, 1n, 2n), L), a.square(a.minus(part, j.blocks![k]!.part))],
        ),
      ),
  },
  "smooth-strongly-convex": {
    about: "Functions of smoothness L and strong convexity mu.",
    ...functions,
    needs: ["L", "mu"],
    isSingleValued: true,
    refuses: below,
    between: (a, { L, mu }, i, j) => [smooth(a, L, mu, i, j)],
  },
  /**
   * Not convex; the minimum lies below the value after a step of 1/L: Y. Drori, O. Shamir, The complexity of finding stationary
   * points, 2020.
   */
  smooth: {
    about: "Functions of smoothness L, not necessarily convex.",
    ...functions,
    isConvex: false,
    needs: ["L"],
    isSingleValued: true,
    between: (a, { L }, i, j) => [smooth(a, L, a.field.negate(L), i, j)],
    above: (a, { L }, sample, minimiser) => [
      a.sum(
        [a.field.one, minimiser.value],
        [a.field.negate(a.field.one), sample.value],
        [a.field.divide(small(a, 1n, 2n), L), a.square(sample.gradient)],
      ),
    ],
  },
  /**
   * Necessary conditions of A. Rubbens, J. Hendrickx, A. Taylor, A constructive approach to strengthen algebraic descriptions of
   * function and operator classes, 2025: Proposition 3.4, and with alpha Proposition 3.2, as PEPit has them.
   */
  "smooth-lojasiewicz": {
    about:
      "Functions of smoothness L with f(x) - f(x*) <= |f'(x)|^2 / (2 mu), not necessarily convex; alpha in [0, 2 mu / (2 L + mu)] adds a stronger condition.",
    kind: "function",
    isExact: false,
    needs: ["L", "mu"],
    may: ["alpha"],
    isSingleValued: true,
    refuses: ({ L, alpha, mu }) => {
      const most = Rational.divide(Rational.add(mu, mu), Rational.add(Rational.add(L, L), mu))
      if (Rational.isZero(mu)) return "mu must be above 0"
      return (
        below({ L, mu }) ??
        (Rational.compare(alpha, most) <= 0
          ? undefined
          : `alpha must be at most 2 mu / (2 L + mu) = ${Rational.toText(most)}`)
      )
    },
    between: (a, { L, alpha, mu }, i, j, has, minimiser) => {
      const nonconvex = smooth(a, L, a.field.negate(L), i, j)
      if (!has("alpha") || minimiser === undefined) return [nonconvex]
      const { add, divide, multiply, negate, one } = a.field
      const less = add(one, negate(alpha))
      const slack = add(multiply(small(a, 2n), mu), negate(multiply(add(L, mu), alpha)))
      const weight = divide(alpha, multiply(less, slack))
      const half = divide(small(a, 1n, 2n), L)
      const own = multiply(multiply(weight, multiply(less, less)), add(L, mu))
      const other = multiply(weight, add(L, negate(mu)))
      return [
        nonconvex,
        a.sum(
          [one, nonconvex],
          [own, i.value],
          [negate(multiply(own, half)), a.square(i.gradient)],
          [negate(other), j.value],
          [negate(multiply(other, half)), a.square(j.gradient)],
          [add(other, negate(own)), minimiser.value],
        ),
      ]
    },
    above: (a, { L, mu }, { gradient, value }, minimiser) => {
      const { divide, negate, one } = a.field
      const half = small(a, 1n, 2n)
      return [
        a.sum(
          [one, value],
          [negate(one), minimiser.value],
          [negate(divide(half, mu)), a.square(gradient)],
        ),
        a.sum([one, minimiser.value], [negate(one), value], [divide(half, L), a.square(gradient)]),
      ]
    },
  },
  /**
   * Convex, and above its least value by at most L / 2 times the squared distance from its minimisers: C. Guille-Escuret, A. Ibrahim,
   * B. Goujaud, I. Mitliagkas, Gradient descent is optimal under lower restricted secant inequality and upper error bound, 2022.
   */
  "convex-below-quadratic": {
    about:
      "Convex functions at most L / 2 times the squared distance from their minimisers above their minimum.",
    ...functions,
    needs: ["L"],
    isSingleValued: false,
    between: (a, _, i, j) => [tangent(a, i, j)],
    above: (a, { L }, sample, minimiser) => [
      a.sum(
        [a.field.one, tangent(a, minimiser, sample)],
        [a.field.divide(small(a, 1n, 2n), L), a.square(sample.gradient)],
      ),
    ],
  },
  /** Gradients g at x with <g, x - x*> >= mu |x - x*|^2 and |g| <= L |x - x*|, as in the same paper. */
  "restricted-secant": {
    about:
      "Functions whose gradient g at x has <g, x - x*> >= mu |x - x*|^2 and |g| <= L |x - x*|.",
    ...functions,
    isConvex: false,
    needs: ["L", "mu"],
    isSingleValued: true,
    refuses: below,
    between: () => [],
    above: (a, { L, mu }, sample, minimiser) => [
      monotone(a, mu, "point", sample, minimiser),
      lipschitz(a, L, sample, minimiser),
    ],
  },
  /** A closed convex set, with diameter D if given; its gradients are normals. */
  /** Taylor et al. 2017, the second, Corollary 3.7. */
  "convex-support": {
    ...functions,
    about:
      "Support functions of closed convex sets, whose subgradients have norm at most M if given; the origin is an unknown point.",
    needs: [],
    may: ["M"],
    isSupport: true,
    isSingleValued: false,
    between: (a, _, i, j) => [tangent(a, i, j)],
    at: (a, { M }, sample, has) => (has("M") ? [bounded(a, M, sample)] : []),
  },
  "convex-set": {
    about:
      "Closed convex sets, of diameter at most D and in a ball of radius R around an unknown center, if given.",
    kind: "set",
    isExact: true,
    isConvex: true,
    needs: [],
    may: ["D", "R"],
    isSingleValued: false,
    at: (a, { R }, { point }, has, center) => {
      const { multiply, negate, one } = a.field
      return has("R")
        ? [
            a.sum(
              [one, a.square(a.minus(point, center))],
              [negate(one), a.constant(multiply(R, R))],
            ),
          ]
        : []
    },
    between: (a, { D }, i, j, has) => {
      const { multiply, negate, one } = a.field
      const dx = a.minus(i.point, j.point)
      return [
        a.inner(j.gradient, dx),
        ...(has("D")
          ? [a.sum([one, a.square(dx)], [negate(one), a.constant(multiply(D, D))])]
          : []),
      ]
    },
  },
  monotone: {
    about: "Maximal monotone operators.",
    ...operators,
    needs: [],
    isSingleValued: false,
    between: (a, _, i, j) => [monotone(a, a.field.zero, "point", i, j)],
  },
  "strongly-monotone": {
    about: "Maximal monotone operators of strong monotonicity mu.",
    ...operators,
    needs: ["mu"],
    isSingleValued: false,
    between: (a, { mu }, i, j) => [monotone(a, mu, "point", i, j)],
  },
  cocoercive: {
    about: "Operators F with <F(x) - F(y), x - y> >= beta |F(x) - F(y)|^2.",
    ...operators,
    needs: ["beta"],
    isSingleValued: true,
    between: (a, { beta }, i, j) => [monotone(a, beta, "gradient", i, j)],
  },
  /** Conditions of both classes: together necessary, but not sufficient (Ryu et al. 2020). */
  "cocoercive-strongly-monotone": {
    ...operators,
    about: "Operators of strong monotonicity mu that are cocoercive with beta.",
    isExact: false,
    needs: ["beta", "mu"],
    isSingleValued: true,
    refuses: ({ beta, mu }) =>
      Rational.compare(Rational.multiply(beta, mu), Rational.one) <= 0
        ? undefined
        : `mu must be at most 1 / beta (got mu = ${Rational.toText(mu)}, beta = ${Rational.toText(beta)})`,
    between: (a, { beta, mu }, i, j) => [
      monotone(a, beta, "gradient", i, j),
      monotone(a, mu, "point", i, j),
    ],
  },
  /**
   * E. Gorbunov, A. Taylor, S. Horvath, G. Gidel, Convergence of proximal point and extragradient-based methods beyond monotonicity,
   * 2023. The pairs (g, x + rho g) of the samples are monotone, so a maximal monotone operator has them, and with it a maximal
   * negatively comonotone one (derived here). Its value at a point is one of several.
   */
  "negatively-comonotone": {
    ...operators,
    about: "Operators F with <F(x) - F(y), x - y> >= -rho |F(x) - F(y)|^2.",
    needs: ["rho"],
    isSingleValued: true,
    between: (a, { rho }, i, j) => [monotone(a, a.field.negate(rho), "gradient", i, j)],
  },
  lipschitz: {
    about: "Operators with Lipschitz constant L.",
    ...operators,
    needs: ["L"],
    isSingleValued: true,
    between: (a, { L }, i, j) => [lipschitz(a, L, i, j)],
  },
  /** Maps points to points; x* is a fixed point. */
  nonexpansive: {
    about: "Maps of points to points with Lipschitz constant 1; x* is a fixed point.",
    ...operators,
    kind: "map",
    needs: [],
    isSingleValued: true,
    between: (a, _, i, j) => [lipschitz(a, a.field.one, i, j)],
  },
  "monotone-lipschitz": saddle,
  "convex-concave": {
    ...saddle,
    about:
      "Gradients of a convex-concave function of smoothness L, the second with opposite sign: monotone, with Lipschitz constant L.",
  },
  "strongly-monotone-lipschitz": {
    ...saddle,
    about: "Operators of strong monotonicity mu and Lipschitz constant L.",
    needs: ["L", "mu"],
    refuses: below,
    between: (a, { L, mu }, i, j) => [monotone(a, mu, "point", i, j), lipschitz(a, L, i, j)],
  },
}
