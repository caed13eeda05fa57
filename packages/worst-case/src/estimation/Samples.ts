/** Functions of a method, with all points where their gradient or value is used. */
import * as Rational from "@nonconvex/numerics/Rational"
import type { FunctionClass } from "../method/Method.ts"
import { InvalidMethod, NoInterpolation } from "../method/Failures.ts"
import {
  type Block,
  type Class,
  constantNames,
  type Constants,
  type Names,
  type Sample,
} from "./Class.ts"
import { classes } from "./Classes.ts"
import type { Algebra, Combination, Expression } from "./Expression.ts"
import { readNumber } from "./Numbers.ts"
import { inequalities } from "./Inequality.ts"
import type { Unknowns } from "./Unknowns.ts"

/** An expression that must be at most 0. */
export interface Condition<T> {
  /** The inequality, in names of the method. */
  readonly inequality: string
  /** Its name in certificates of version 1, where several conditions may share one. */
  readonly name: string
  readonly expression: Expression<T>
}

/** Key that distinguishes two points: their coefficients. */
const keyOf = <T>({ field }: Algebra<T>, point: Combination<T>): string =>
  [...point]
    .toSorted(([i], [j]) => i - j)
    .flatMap(([i, value]) => {
      const key = field.key(value)
      return key === undefined ? [] : [`${i}:${key}`]
    })
    .join(" ")

type ConstantName = (typeof constantNames)[number]

/** One entry for each constant. */
const each = <Value>(of: (name: ConstantName) => Value) =>
  Object.fromEntries(constantNames.map((name) => [name, of(name)])) as Record<ConstantName, Value>

/** Constants that may be 0. */
const mayBeZero: ReadonlyArray<string> = ["mu", "alpha"]

const blockName = (gradient: string, k: number): string => `${gradient}[${k + 1}]`

/** Smoothness of each block of a class that has blocks. Throws InvalidMethod. */
const blocksOf = (
  place: string,
  { hasBlocks = false }: Class,
  { blocks, class: name }: FunctionClass,
): ReadonlyArray<Rational.Rational> => {
  if (blocks === undefined && !hasBlocks) return []
  const problem = !hasBlocks
    ? `${name} has no blocks`
    : blocks === undefined || blocks.length === 0
      ? `${name} needs blocks, the smoothness of each`
      : undefined
  if (problem !== undefined) throw new InvalidMethod({ place, problem })
  return (blocks ?? []).map((value, k) => {
    const exact = readNumber(`${place}.blocks[${k}]`, value)
    if (exact.numerator > 0n) return exact
    throw new InvalidMethod({
      place: `${place}.blocks[${k}]`,
      problem: `must be above 0, but is ${value}`,
    })
  })
}

export class Samples<T> {
  readonly name: string
  readonly of: Class
  readonly #algebra: Algebra<T>
  readonly #unknowns: Unknowns<T>
  readonly constants: Constants<T>
  readonly #exact: Constants<Rational.Rational>
  readonly given: FunctionClass
  readonly #all: Array<Sample<T>> = []
  readonly #values = new Map<string, Expression<T>>()
  readonly #gradients = new Map<string, Sample<T>>()
  readonly #isShifted: boolean
  readonly #center: Combination<T>
  /** Smoothness of each block. */
  readonly #blocks: ReadonlyArray<Rational.Rational>
  readonly #origin: () => Combination<T>
  #minimiser: Sample<T> | undefined

  /** Throws NoInterpolation and InvalidMethod. */
  constructor(
    algebra: Algebra<T>,
    unknowns: Unknowns<T>,
    name: string,
    given: FunctionClass,
    hasOptimum: boolean,
    origin: () => Combination<T>,
  ) {
    const known = Object.hasOwn(classes, given.class) ? classes[given.class] : undefined
    if (known === undefined) {
      throw new NoInterpolation({
        function: name,
        class: given.class,
        known: Object.keys(classes),
      })
    }
    this.name = name
    this.of = known
    this.#algebra = algebra
    this.#unknowns = unknowns
    this.given = given
    this.#isShifted = hasOptimum
    this.#origin = origin
    const place = `functions.${name}`
    const read = (constant: ConstantName): Rational.Rational => {
      const value = given[constant]
      const isKnown = known.needs.includes(constant) || (known.may ?? []).includes(constant)
      if (value === undefined) {
        if (known.needs.includes(constant)) {
          throw new InvalidMethod({ place, problem: `${given.class} needs ${constant}` })
        }
        return Rational.zero
      }
      if (!isKnown) {
        throw new InvalidMethod({
          place: `${place}.${constant}`,
          problem: `${given.class} has no constant ${constant}`,
        })
      }
      const exact = readNumber(`${place}.${constant}`, value)
      const hasZero = mayBeZero.includes(constant)
      if (exact.numerator < (hasZero ? 0n : 1n)) {
        throw new InvalidMethod({
          place: `${place}.${constant}`,
          problem: `must be ${hasZero ? "at least" : "above"} 0, but is ${value}`,
        })
      }
      return exact
    }
    const exact = each(read)
    this.#blocks = blocksOf(place, known, given)
    const refused = known.refuses?.(exact)
    if (refused !== undefined) throw new InvalidMethod({ place, problem: refused })
    this.#exact = exact
    const { from } = algebra.field
    this.constants = each((constant) => from(exact[constant]))
    this.#center = given.R === undefined ? new Map() : unknowns.vector(`center of ${name}`)
  }

  /** All samples, the optimum first. */
  get samples(): ReadonlyArray<Sample<T>> {
    return this.#all
  }

  /** Number of pairs of samples with conditions. */
  get pairs(): number {
    const count = this.#all.length
    const ordered = count * (count - 1)
    const blocks = this.#blocks.length
    if (blocks > 0) return blocks * ordered + count * count * blocks * (blocks - 1)
    return this.of.isSymmetric === true ? ordered / 2 : ordered
  }

  /** Value at a point; a new unknown if the point is new. */
  #value(point: Combination<T>, gradient: Combination<T>, label: string): Expression<T> {
    const { field } = this.#algebra
    if (this.of.kind !== "function") return this.#algebra.constant(field.zero)
    const key = keyOf(this.#algebra, point)
    const before = this.#values.get(key)
    if (before !== undefined && this.of.isSupport !== true) return before
    if (this.of.isSupport === true) {
      const product = this.#algebra.inner(gradient, this.#algebra.minus(point, this.#origin()))
      this.#values.set(key, before ?? product)
      return product
    }
    const isOrigin = !this.#isShifted && this.#values.size === 0
    const value = isOrigin
      ? this.#algebra.constant(field.zero)
      : this.#unknowns.value(`${this.name}(${label})`)
    this.#values.set(key, value)
    return value
  }

  /** Blocks of a gradient, from a part for each. */
  #blocksFrom(of: (k: number) => Combination<T>): ReadonlyArray<Block<T>> {
    return this.#blocks.map((L, k) => ({ L: this.#algebra.field.from(L), part: of(k) }))
  }

  /** Adds the sample of the function at the optimum, with the given gradient. */
  atOptimum(gradient: Combination<T>): void {
    const point: Combination<T> = new Map()
    const names = this.#namesAt("x*", gradient, this.gradientAt("x*"))
    const key = keyOf(this.#algebra, point)
    const value =
      this.of.isSupport === true
        ? this.#value(point, gradient, "x*")
        : this.#algebra.constant(this.#algebra.field.zero)
    const sample = { names, point, gradient, value, blocks: this.#blocksFrom(() => new Map()) }
    this.#values.set(key, value)
    if (this.of.isSingleValued) this.#gradients.set(key, sample)
    this.#minimiser = sample
    this.#all.push(sample)
  }

  #namesAt(point: string, { size }: Combination<T>, gradient: string): Names {
    return {
      point,
      gradient: size === 0 ? undefined : gradient,
      value: `${this.name}(${point})`,
      blocks: this.#blocks.map((L, k) => ({ L, name: blockName(gradient, k) })),
    }
  }

  /** Name of the gradient, subgradient or normal at a point; that of an operator is its value there. */
  gradientAt(point: string): string {
    const isDerived = this.of.kind === "function" || this.of.kind === "set"
    return `${this.name}${isDerived ? "'" : ""}(${point})`
  }

  /** Sample at a point: the existing one if gradients are unique there, else a new one. */
  at(point: Combination<T>, label: string): Sample<T> {
    const key = keyOf(this.#algebra, point)
    const before = this.of.isSingleValued ? this.#gradients.get(key) : undefined
    if (before !== undefined) return before
    const name = this.#unknowns.free(this.gradientAt(label))
    if (this.#blocks.length === 0) {
      return this.with(point, this.#unknowns.vector(name), label, name)
    }
    const { one } = this.#algebra.field
    const blocks = this.#blocksFrom((k) => this.#unknowns.vector(blockName(name, k)))
    const gradient = this.#algebra.combine(...blocks.map(({ part }) => [one, part] as const))
    return this.with(point, gradient, label, name, blocks)
  }

  /** Value at a point, where the function is sampled if it is not yet. */
  valueAt(point: Combination<T>, label: string): Expression<T> {
    const before = this.#values.get(keyOf(this.#algebra, point))
    return before ?? this.at(point, label).value
  }

  /** Adds a sample with a gradient chosen by a step, and the name of the gradient. */
  with(
    point: Combination<T>,
    gradient: Combination<T>,
    label: string,
    name: string = this.gradientAt(label),
    blocks: ReadonlyArray<Block<T>> = [],
  ): Sample<T> {
    if (blocks.length < this.#blocks.length) {
      throw new InvalidMethod({
        place: `functions.${this.name}`,
        problem: `${this.given.class} has gradients at given points only: use step or gradient`,
      })
    }
    const sample = {
      blocks,
      names: this.#namesAt(label, gradient, name),
      point,
      gradient,
      value: this.#value(point, gradient, label),
    }
    if (this.of.isSingleValued) this.#gradients.set(keyOf(this.#algebra, point), sample)
    this.#all.push(sample)
    return sample
  }

  /** Interpolation conditions of all samples. */
  conditions(): ReadonlyArray<Condition<T>> {
    const out: Array<Condition<T>> = []
    const push = (
      name: string,
      expressions: ReadonlyArray<Expression<T>>,
      texts: ReadonlyArray<string>,
    ) => {
      expressions.forEach((expression, k) => {
        if (expression.values.size + expression.products.size === 0) return
        out.push({ inequality: texts[k]!, name, expression })
      })
    }
    const has = (name: keyof Constants<unknown>) => this.given[name] !== undefined
    const { above, at, between, isSymmetric = false } = this.of
    const [least, center] = [this.#minimiser, this.#center]
    const label = ({ names: { point } }: Sample<T>) => `${this.name} at ${point}`
    this.#all.forEach((i, row) => {
      this.#all.forEach((j, column) => {
        if (row === column || (isSymmetric && row < column)) return
        push(
          `${this.given.class}: ${label(i)} and ${label(j)}`,
          between(this.#algebra, this.constants, i, j, has, least),
          inequalities(
            (a, x, y, m) => between(a, this.#exact, x, y, has, least && m),
            i.names,
            j.names,
            least?.names,
          ),
        )
      })
      const alone = `${this.given.class}: ${label(i)}`
      if (at !== undefined) {
        push(
          alone,
          at(this.#algebra, this.constants, i, has, center),
          inequalities((a, x, y) => at(a, this.#exact, x, has, y.point), i.names, {
            ...i.names,
            point: `center of ${this.name}`,
          }),
        )
      }
      if (above !== undefined && this.#minimiser !== undefined && i !== this.#minimiser) {
        push(
          `${alone} and its minimum`,
          above(this.#algebra, this.constants, i, this.#minimiser),
          inequalities((a, x, y) => above(a, this.#exact, x, y), i.names, this.#minimiser.names),
        )
      }
    })
    return [...out, ...this.#orthogonal()]
  }

  /** Conditions that different blocks of any two gradients are orthogonal. */
  #orthogonal(): ReadonlyArray<Condition<T>> {
    const { negate, one } = this.#algebra.field
    const parts = this.#all.flatMap(({ blocks = [], names }) =>
      blocks.map(({ part }, k) => ({ k, part, name: names.blocks![k]!.name })),
    )
    return parts.flatMap((i) =>
      parts.flatMap((j): ReadonlyArray<Condition<T>> => {
        if (i.k >= j.k || i.part.size === 0 || j.part.size === 0) return []
        const product = this.#algebra.inner(i.part, j.part)
        const text = `<${i.name}, ${j.name}>`
        const name = `blocks: ${i.name} and ${j.name}`
        return [
          { inequality: `${text} <= 0`, name, expression: product },
          {
            inequality: `${text} >= 0`,
            name,
            expression: this.#algebra.sum([negate(one), product]),
          },
        ]
      }),
    )
  }
}
