/**
 * Interpolation conditions: inequalities between points, gradients and values that hold if and only if a function of the class passes
 * through them.
 *
 * A. Taylor, J. Hendrickx, F. Glineur, Smooth strongly convex interpolation and exact worst-case performance of first-order
 * methods, 2017, and Exact worst-case performance of first-order methods for composite convex optimization, 2017. For operators:
 * E. Ryu, A. Taylor, C. Bergeling, P. Giselsson, Operator splitting performance estimation, 2020.
 */
import * as Rational from "@nonconvex/numerics/Rational"
import type { Algebra, Combination, Expression } from "./Expression.ts"

/** Names of a point such as x@2, of the gradient and of the value there; a gradient that is 0 has none. */
export interface Names {
  readonly point: string
  readonly gradient: string | undefined
  readonly value: string
}

/** A point with the value of the function or operator there. */
export interface Sample<T> {
  readonly names: Names
  readonly point: Combination<T>
  readonly gradient: Combination<T>
  /** Value of a function; 0 for operators and sets. */
  readonly value: Expression<T>
}

export interface Constants<T> {
  readonly L: T
  readonly mu: T
  readonly M: T
  readonly beta: T
  readonly D: T
}

export interface Class {
  /** Required and optional constants. */
  readonly needs: ReadonlyArray<keyof Constants<unknown>>
  readonly may?: ReadonlyArray<keyof Constants<unknown>>
  readonly kind: "function" | "set" | "operator" | "map"
  /** True if there is only one gradient at each point. */
  readonly isSingleValued: boolean
  /** False if the conditions are necessary but not sufficient; the worst case is then an upper bound. */
  readonly isExact: boolean
  /** True if the conditions are symmetric in i and j. */
  readonly isSymmetric?: boolean
  /** Refusal of invalid constants. */
  readonly refuses?: (constants: Constants<Rational.Rational>) => string | undefined
  /** Expressions for an ordered pair of samples; each must be at most 0. */
  readonly between: <T>(
    algebra: Algebra<T>,
    constants: Constants<T>,
    i: Sample<T>,
    j: Sample<T>,
    has: (name: keyof Constants<unknown>) => boolean,
  ) => ReadonlyArray<Expression<T>>
  /** Expressions for one sample; each must be at most 0. */
  readonly at?: <T>(
    algebra: Algebra<T>,
    constants: Constants<T>,
    sample: Sample<T>,
  ) => ReadonlyArray<Expression<T>>
  /** Further expressions for a sample and the sample of a minimiser; each must be at most 0. */
  readonly above?: <T>(
    algebra: Algebra<T>,
    constants: Constants<T>,
    sample: Sample<T>,
    minimiser: Sample<T>,
  ) => ReadonlyArray<Expression<T>>
}

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

const below = ({ L, mu }: Constants<Rational.Rational>) =>
  Rational.compare(mu, L) < 0
    ? undefined
    : `mu must be below L (got mu = ${Rational.toText(mu)}, L = ${Rational.toText(L)})`

const functions = { kind: "function", isExact: true } as const
const operators = { kind: "operator", isExact: true, isSymmetric: true } as const

/** Monotone and Lipschitz: together the two conditions are necessary but not sufficient (Ryu et al. 2020, Proposition 4). */
const saddle: Class = {
  ...operators,
  isExact: false,
  needs: ["L"],
  isSingleValued: true,
  between: (a, { L }, i, j) => [monotone(a, a.field.zero, "point", i, j), lipschitz(a, L, i, j)],
}

/** All classes by name. */
export const classes: Readonly<Record<string, Class>> = {
  convex: {
    ...functions,
    needs: [],
    isSingleValued: false,
    between: (a, _, i, j) => [tangent(a, i, j)],
  },
  "strongly-convex": {
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
    ...functions,
    needs: ["M"],
    isSingleValued: false,
    between: (a, _, i, j) => [tangent(a, i, j)],
    at: (a, { M }, { gradient }) => [
      a.sum(
        [a.field.one, a.square(gradient)],
        [a.field.negate(a.field.one), a.constant(a.field.multiply(M, M))],
      ),
    ],
  },
  "smooth-convex": {
    ...functions,
    needs: ["L"],
    isSingleValued: true,
    between: (a, { L }, i, j) => [smooth(a, L, a.field.zero, i, j)],
  },
  "smooth-strongly-convex": {
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
    ...functions,
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
   * Convex, and above its least value by at most L / 2 times the squared distance from its minimisers: C. Guille-Escuret, A. Ibrahim,
   * B. Goujaud, I. Mitliagkas, Gradient descent is optimal under lower restricted secant inequality and upper error bound, 2022.
   */
  "convex-below-quadratic": {
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
    ...functions,
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
  "convex-set": {
    kind: "set",
    isExact: true,
    needs: [],
    may: ["D"],
    isSingleValued: false,
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
    ...operators,
    needs: [],
    isSingleValued: false,
    between: (a, _, i, j) => [monotone(a, a.field.zero, "point", i, j)],
  },
  "strongly-monotone": {
    ...operators,
    needs: ["mu"],
    isSingleValued: false,
    between: (a, { mu }, i, j) => [monotone(a, mu, "point", i, j)],
  },
  cocoercive: {
    ...operators,
    needs: ["beta"],
    isSingleValued: true,
    between: (a, { beta }, i, j) => [monotone(a, beta, "gradient", i, j)],
  },
  lipschitz: {
    ...operators,
    needs: ["L"],
    isSingleValued: true,
    between: (a, { L }, i, j) => [lipschitz(a, L, i, j)],
  },
  /** Maps points to points; x* is a fixed point. */
  nonexpansive: {
    ...operators,
    kind: "map",
    needs: [],
    isSingleValued: true,
    between: (a, _, i, j) => [lipschitz(a, a.field.one, i, j)],
  },
  "monotone-lipschitz": saddle,
  /** Gradients of an L-smooth convex-concave function, the second with opposite sign: monotone and L-Lipschitz. */
  "convex-concave": saddle,
  "strongly-monotone-lipschitz": {
    ...saddle,
    needs: ["L", "mu"],
    refuses: below,
    between: (a, { L, mu }, i, j) => [monotone(a, mu, "point", i, j), lipschitz(a, L, i, j)],
  },
}
