/** Conditions as readable inequalities between values and inner products of named points and gradients. */
import * as Rational from "@nonconvex/numerics/Rational"
import type { Names, Sample } from "./Class.ts"
import { Algebra, type Combination, type Expression, unpair } from "./Expression.ts"
import { fractions } from "./Field.ts"

type Symbolic = Sample<Rational.Rational>

/**
 * Expressions of two samples, each at most 0, that depend on the difference of their points alone; of the minimiser they use
 * only the value.
 */
export type Conditions = (
  algebra: Algebra<Rational.Rational>,
  i: Symbolic,
  j: Symbolic,
  minimiser: Symbolic,
) => ReadonlyArray<Expression<Rational.Rational>>

const algebra = new Algebra(fractions)

const zero: Combination<Rational.Rational> = new Map()

const unit = (index: number): Combination<Rational.Rational> => new Map([[index, Rational.one]])

const value = (index: number): Expression<Rational.Rational> => ({
  ...algebra.constant(Rational.zero),
  values: unit(index),
})

const times = (factor: Rational.Rational, text: string): string =>
  Rational.compare(factor, Rational.one) === 0 ? text : `${Rational.toText(factor)} ${text}`

/** An expression that is at most 0, as an inequality without a negative coefficient. */
const inequality = (
  { constant, products, values }: Expression<Rational.Rational>,
  vectors: ReadonlyArray<string>,
  valuesOf: ReadonlyArray<string>,
): string => {
  const terms = [
    ...[...values].map(([i, factor]) => [factor, valuesOf[i]!] as const),
    ...[...products].map(([key, factor]) => {
      const [i, j] = unpair(key)
      const product = i === j ? `|${vectors[i]}|^2` : `<${vectors[i]}, ${vectors[j]}>`
      return [factor, product] as const
    }),
  ]
  const side = (sign: 1 | -1): string => {
    const of = (factor: Rational.Rational) => (sign === 1 ? factor : Rational.negate(factor))
    const positive = terms.flatMap(([factor, text]) =>
      of(factor).numerator > 0n ? [times(of(factor), text)] : [],
    )
    const rest = of(constant).numerator > 0n ? [Rational.toText(of(constant))] : []
    return [...positive, ...rest].join(" + ")
  }
  const [less, more] = [side(1), side(-1)]
  return more === "" ? `${less} <= 0` : `${more} >= ${less === "" ? "0" : less}`
}

/** Writes conditions with the gradients themselves, or with their difference. */
const written = (
  conditions: Conditions,
  i: Names,
  j: Names,
  minimiser: Names,
  byDifference: boolean,
): ReadonlyArray<readonly [text: string, terms: number]> => {
  const [difference, first, second] = [unit(0), unit(1), unit(2)]
  const ofI = byDifference ? algebra.combine([Rational.one, first], [Rational.one, second]) : first
  const [hasI, hasJ] = [i.gradient !== undefined, j.gradient !== undefined]
  const blocks = (i.blocks ?? []).map(({ L, name }, k) => {
    const other = j.blocks![k]!.name
    // only the difference of two blocks occurs
    const vector = hasI && hasJ ? `${name} - ${other}` : hasI ? name : other
    return { L, vector, part: unit(3 + k) }
  })
  const vectors = [
    `${i.point} - ${j.point}`,
    byDifference ? `${i.gradient} - ${j.gradient}` : `${i.gradient}`,
    `${j.gradient}`,
    ...blocks.map(({ vector }) => vector),
  ]
  return conditions(
    algebra,
    {
      names: i,
      point: i.point === j.point ? zero : difference,
      gradient: i.gradient === undefined ? zero : ofI,
      value: value(0),
      blocks: blocks.map(({ L, part }) => ({ L, part })),
    },
    {
      names: j,
      point: zero,
      gradient: j.gradient === undefined ? zero : second,
      value: value(1),
      blocks: blocks.map(({ L }) => ({ L, part: zero })),
    },
    { names: minimiser, point: zero, gradient: zero, value: value(2) },
  ).map((expression) => [
    inequality(expression, vectors, [i.value, j.value, minimiser.value]),
    expression.products.size,
  ])
}

/** Inequalities of conditions on two samples, each in the shorter form. */
export const inequalities = (
  conditions: Conditions,
  i: Names,
  j: Names,
  minimiser: Names = j,
): ReadonlyArray<string> => {
  const plain = written(conditions, i, j, minimiser, false)
  if (i.gradient === undefined || j.gradient === undefined) return plain.map(([text]) => text)
  const byDifference = written(conditions, i, j, minimiser, true)
  return plain.map(([text, terms], k) => (byDifference[k]![1] < terms ? byDifference[k]![0] : text))
}
