/** Vectors as combinations of unknown vectors, and expressions that are linear in inner products and function values. */
import type { Field } from "./Field.ts"

/** Nonzero coefficients of the unknown vectors. */
export type Combination<T> = ReadonlyMap<number, T>

/** A constant, coefficients of values, and coefficients of inner products by `pair`. */
export interface Expression<T> {
  readonly constant: T
  readonly values: ReadonlyMap<number, T>
  readonly products: ReadonlyMap<number, T>
}

/** Number of the inner product of the unknown vectors i and j. */
export const pair = (i: number, j: number): number =>
  i >= j ? (i * (i + 1)) / 2 + j : (j * (j + 1)) / 2 + i

/** The two unknown vectors of an inner product, the later one first. */
export const unpair = (k: number): readonly [number, number] => {
  const i = Math.floor((Math.sqrt(8 * k + 1) - 1) / 2)
  return [i, k - (i * (i + 1)) / 2]
}

/** Sums, multiples and inner products in an arithmetic. */
export class Algebra<T> {
  readonly field: Field<T>

  constructor(field: Field<T>) {
    this.field = field
  }

  #accumulate(into: Map<number, T>, from: ReadonlyMap<number, T>, factor: T): void {
    const { add, isZero, multiply, zero } = this.field
    for (const [key, value] of from) {
      const sum = add(into.get(key) ?? zero, multiply(factor, value))
      if (isZero(sum)) into.delete(key)
      else into.set(key, sum)
    }
  }

  /** Sum of multiples of vectors. */
  combine(...terms: ReadonlyArray<readonly [T, Combination<T>]>): Combination<T> {
    const out = new Map<number, T>()
    for (const [factor, vector] of terms) this.#accumulate(out, vector, factor)
    return out
  }

  minus(a: Combination<T>, b: Combination<T>): Combination<T> {
    return this.combine([this.field.one, a], [this.field.negate(this.field.one), b])
  }

  /** Sum of multiples of expressions. */
  sum(...terms: ReadonlyArray<readonly [T, Expression<T>]>): Expression<T> {
    const { add, multiply, zero } = this.field
    const values = new Map<number, T>()
    const products = new Map<number, T>()
    let constant = zero
    for (const [factor, expression] of terms) {
      constant = add(constant, multiply(factor, expression.constant))
      this.#accumulate(values, expression.values, factor)
      this.#accumulate(products, expression.products, factor)
    }
    return { constant, values, products }
  }

  constant(value: T): Expression<T> {
    return { constant: value, values: new Map(), products: new Map() }
  }

  inner(a: Combination<T>, b: Combination<T>): Expression<T> {
    const { add, isZero, multiply, zero } = this.field
    const products = new Map<number, T>()
    for (const [i, x] of a) {
      for (const [j, y] of b) {
        const key = pair(i, j)
        const sum = add(products.get(key) ?? zero, multiply(x, y))
        if (isZero(sum)) products.delete(key)
        else products.set(key, sum)
      }
    }
    return { constant: zero, values: new Map(), products }
  }

  square(a: Combination<T>): Expression<T> {
    return this.inner(a, a)
  }
}
