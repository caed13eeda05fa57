/**
 * Arbitraries for instances: structures on grids rather than raw doubles, most of whose bit patterns are tiny numbers.
 *
 * They shrink towards the first end of the range (`linear(1, 0)` shrinks to 1). Their values have few digits, so that
 * counterexamples are readable.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import fc from "fast-check"

const gridSize = 1000

/** Three significant digits, or more for narrow ranges: 1.9 to 2.0 needs four. */
const digitsFor = (from: number, to: number): number => {
  const largest = Math.max(Math.abs(from), Math.abs(to))
  return 3 + Math.min(12, Math.max(0, Math.floor(Elementary.log10(largest / Math.abs(to - from)))))
}

const range = (
  operation: string,
  requirement: string,
  from: number,
  to: number,
  isValid: (end: number) => boolean,
  at: (fraction: number) => number,
): fc.Arbitrary<number> => {
  if (!isValid(from) || !isValid(to)) {
    invalid(operation, requirement, { from, to })
  }
  if (from === to) return fc.constant(from)
  const digits = digitsFor(from, to)
  const [low, high] = [Math.min(from, to), Math.max(from, to)]
  return fc.integer({ min: 0, max: gridSize }).map((k) => {
    if (k === 0) return from
    if (k === gridSize) return to
    const value = Number(at(k / gridSize).toPrecision(digits))
    return Math.min(Math.max(value, low), high)
  })
}

/** Number between `from` and `to`, uniform on a grid of 1000, with more weight near both ends, where bounds are tight. */
export const linear = (from: number, to: number): fc.Arbitrary<number> =>
  range(
    "Draw.linear",
    "both ends must be finite",
    from,
    to,
    Number.isFinite,
    // a difference of the ends could overflow
    (fraction) => from * (1 - fraction) + to * fraction,
  )

/** Number between two positive ends, whose logarithm is uniform on a grid of 1000, with more weight near both ends. */
export const logarithmic = (from: number, to: number): fc.Arbitrary<number> =>
  range(
    "Draw.logarithmic",
    "both ends must be positive and finite",
    from,
    to,
    (end) => end > 0 && Number.isFinite(end),
    // a ratio of the ends could overflow
    (fraction) => Elementary.pow(from, 1 - fraction) * Elementary.pow(to, fraction),
  )

/** Integer from `min` to `max`, uniform; shrinks towards 0, or the end nearest to it. */
export const integer = (min: number, max: number): fc.Arbitrary<number> =>
  fc.noBias(fc.integer({ min, max }))

/** A seed for everything that an instance expands at random: `Seed.root(instance.seed)`. */
export const seed = (): fc.Arbitrary<number> => integer(0, 0x7fffffff)

/** One of the given values; shrinks towards the first. */
export const oneOf = <const Value>(...values: readonly [Value, ...Value[]]): fc.Arbitrary<Value> =>
  fc.constantFrom(...values)

/** A list of `min` to `max` values. */
export const list = <Value>(
  item: fc.Arbitrary<Value>,
  min: number,
  max: number,
): fc.Arbitrary<Value[]> =>
  // else fast-check stops at a dozen
  fc.array(item, { minLength: min, maxLength: max, size: "max" })

/** Type that an arbitrary draws: `type Saddle = Draw.Drawn<typeof saddle>` names the fields of a record once. */
export type Drawn<Arbitrary> = Arbitrary extends fc.Arbitrary<infer Value> ? Value : never

/**
 * A record of independent fields.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Draw } from "@nonconvex/evidence"
 * import fc from "fast-check"
 *
 * const saddle = Draw.record({ dimension: Draw.integer(2, 2), signs: Draw.list(Draw.oneOf(1), 2, 2) })
 * fc.sample(saddle, 1) // => [{ dimension: 2, signs: [1, 1] }]
 * ```
 */
export const record = <Fields extends object>(fields: {
  [Key in keyof Fields]: fc.Arbitrary<Fields[Key]>
}): fc.Arbitrary<Fields> =>
  // plain objects only: those that cross a thread are plain on the other side
  fc.record(fields, { noNullPrototype: true }) as fc.Arbitrary<Fields>
