/** A class of functions, sets or operators: its constants and its interpolation conditions on samples. */
import type * as Rational from "@nonconvex/numerics/Rational"
import type { Algebra, Combination, Expression } from "./Expression.ts"

/** Names of a point such as x@2, of the gradient and of the value there; a gradient that is 0 has none. */
export interface Names {
  readonly point: string
  readonly gradient: string | undefined
  readonly value: string
  /** Blocks of the gradient, with their smoothness. */
  readonly blocks?: ReadonlyArray<{ readonly name: string; readonly L: Rational.Rational }>
}

/** Part of a gradient in a block of coordinates, and the smoothness of the function there. */
export interface Block<T> {
  readonly part: Combination<T>
  readonly L: T
}

/** A point with the value of the function or operator there. */
export interface Sample<T> {
  readonly names: Names
  readonly point: Combination<T>
  readonly gradient: Combination<T>
  /** Value of a function; 0 for operators and sets. */
  readonly value: Expression<T>
  /** Blocks that the gradient is the sum of; absent without blocks. */
  readonly blocks?: ReadonlyArray<Block<T>>
}

export const constantNames = ["L", "mu", "M", "beta", "D", "R", "rho", "alpha"] as const
export type Constants<T> = Readonly<Record<(typeof constantNames)[number], T>>

export interface Class {
  /** Description of its members. */
  readonly about: string
  /** Required and optional constants. */
  readonly needs: ReadonlyArray<keyof Constants<unknown>>
  readonly may?: ReadonlyArray<keyof Constants<unknown>>
  readonly kind: "function" | "set" | "operator" | "map"
  /** True for convex functions and sets, which have epsilon-subgradients and a dual of proximal steps. */
  readonly isConvex?: boolean
  /** True if the value is the inner product of a subgradient and the point: for a support function, whose conjugate is 0. */
  readonly isSupport?: boolean
  /** True if the gradient is a sum of orthogonal blocks, with a smoothness each. */
  readonly hasBlocks?: boolean
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
    /** Sample of a minimiser, for a class that needs one. */
    minimiser: Sample<T> | undefined,
  ) => ReadonlyArray<Expression<T>>
  /** Expressions for one sample; each must be at most 0. */
  readonly at?: <T>(
    algebra: Algebra<T>,
    constants: Constants<T>,
    sample: Sample<T>,
    has: (name: keyof Constants<unknown>) => boolean,
    /** Centre of the set, an unknown point. */
    center: Combination<T>,
  ) => ReadonlyArray<Expression<T>>
  /** Further expressions for a sample and the sample of a minimiser; each must be at most 0. */
  readonly above?: <T>(
    algebra: Algebra<T>,
    constants: Constants<T>,
    sample: Sample<T>,
    minimiser: Sample<T>,
  ) => ReadonlyArray<Expression<T>>
}
