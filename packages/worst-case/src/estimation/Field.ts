/** The arithmetic of a problem: floating-point numbers to solve it, fractions to prove it. */
import * as Rational from "@nonconvex/numerics/Rational"

export interface Field<T> {
  readonly zero: T
  readonly one: T
  readonly from: (value: Rational.Rational) => T
  readonly add: (a: T, b: T) => T
  readonly multiply: (a: T, b: T) => T
  readonly divide: (a: T, b: T) => T
  readonly negate: (a: T) => T
  readonly isZero: (a: T) => boolean
  /** Exact key of a number; undefined for 0. */
  readonly key: (a: T) => string | undefined
}

export const doubles: Field<number> = {
  zero: 0,
  one: 1,
  from: Rational.toNumber,
  add: (a, b) => a + b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  negate: (a) => -a,
  isZero: (a) => a === 0,
  key: (a) => (Math.abs(a) < 1e-12 ? undefined : a.toPrecision(10)),
}

export const fractions: Field<Rational.Rational> = {
  zero: Rational.zero,
  one: Rational.one,
  from: (value) => value,
  add: Rational.add,
  multiply: Rational.multiply,
  divide: Rational.divide,
  negate: Rational.negate,
  isZero: Rational.isZero,
  key: (a) => (Rational.isZero(a) ? undefined : Rational.toText(a)),
}
