/** Unknown vectors and values over which the worst case is taken. */
import type { Algebra, Combination, Expression } from "./Expression.ts"

export class Unknowns<T> {
  readonly vectors: Array<string> = []
  readonly values: Array<string> = []
  readonly #algebra: Algebra<T>

  constructor(algebra: Algebra<T>) {
    this.#algebra = algebra
  }

  /** The name, with a number if another vector has it: a function may have several subgradients at a point. */
  free(name: string): string {
    if (!this.vectors.includes(name)) return name
    for (let count = 2; ; count++) {
      if (!this.vectors.includes(`${name}#${count}`)) return `${name}#${count}`
    }
  }

  vector(name: string): Combination<T> {
    this.vectors.push(name)
    return new Map([[this.vectors.length - 1, this.#algebra.field.one]])
  }

  value(name: string): Expression<T> {
    this.values.push(name)
    const { one, zero } = this.#algebra.field
    return { constant: zero, values: new Map([[this.values.length - 1, one]]), products: new Map() }
  }
}
