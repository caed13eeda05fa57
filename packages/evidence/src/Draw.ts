/**
 * Arbitraries for instances: structures on grids, never raw doubles, whose bit patterns are mostly tiny numbers.
 *
 * They shrink towards the first end of the range, and their values have three significant digits, so that a counterexample
 * is small and can be read.
 */
import fc from "fast-check"

const gridSize = 1000

const rounded = (value: number, from: number, to: number): number => {
  const short = Number(value.toPrecision(3))
  return Math.min(Math.max(short, Math.min(from, to)), Math.max(from, to))
}

/** A number between `from` and `to`, uniform on a grid of 1000. */
export const linear = (from: number, to: number): fc.Arbitrary<number> =>
  fc
    .integer({ min: 0, max: gridSize })
    .map((k) => rounded(from + ((to - from) * k) / gridSize, from, to))

/** A positive number between `from` and `to` whose logarithm is uniform on a grid of 1000. */
export const logarithmic = (from: number, to: number): fc.Arbitrary<number> =>
  fc
    .integer({ min: 0, max: gridSize })
    .map((k) => rounded(from * (to / from) ** (k / gridSize), from, to))

/** An integer from `min` to `max`, uniform. */
export const integer = (min: number, max: number): fc.Arbitrary<number> =>
  fc.noBias(fc.integer({ min, max }))

/** A seed for everything that an instance expands at random: `Seed.root(instance.seed)`. */
export const seed = (): fc.Arbitrary<number> => fc.noBias(fc.integer({ min: 0, max: 0x7fffffff }))

/** One of the given values; shrinks towards the first. */
export const oneOf = <const Value>(...values: readonly [Value, ...Value[]]): fc.Arbitrary<Value> =>
  fc.constantFrom(...values)

/** A list of `min` to `max` values. */
export const list = <Value>(
  item: fc.Arbitrary<Value>,
  min: number,
  max: number,
): fc.Arbitrary<Value[]> => fc.array(item, { minLength: min, maxLength: max })

/** A record of independent fields. */
export const record = <Fields extends object>(fields: {
  [Key in keyof Fields]: fc.Arbitrary<Fields[Key]>
}): fc.Arbitrary<Fields> => fc.record(fields) as fc.Arbitrary<Fields>
