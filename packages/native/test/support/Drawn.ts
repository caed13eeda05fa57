/** Arrays expanded from a few integers, and the error bounds of relaxed kernels on them. */
import { RandomStream, Seed } from "@nonconvex/numerics"
import fc from "fast-check"
import { assert } from "vitest"

/** Source of numbers: the seed, and the range of their sizes in powers of ten. */
export interface Source {
  readonly seed: number
  readonly decades: number
}

export const source: fc.Arbitrary<Source> = fc.record({
  seed: fc.nat(1000),
  decades: fc.constantFrom(0, 3, 30),
})

/** Sizes around those of vectors, blocks of rows and blocks of products. */
export const size = fc.oneof(
  { weight: 6, arbitrary: fc.nat(20) },
  { weight: 3, arbitrary: fc.constantFrom(31, 32, 33, 63, 64, 65, 95, 96, 97) },
  { weight: 1, arbitrary: fc.integer({ min: 100, max: 300 }) },
)

export const coefficient = fc.constantFrom(0, 1, -1, 0.3)

/** `count` normals times powers of ten; every 16th is 0. */
export const doubles = ({ decades, seed }: Source, name: string, count: number): Float64Array => {
  const values = RandomStream.make(Seed.root(seed).child(name)).normals(count)
  const powers = Float64Array.from({ length: 2 * decades + 1 }, (_, i) => 10 ** (i - decades))
  for (let i = 0; i < count; i++) {
    values[i] = i % 16 === 15 ? 0 : values[i]! * powers[(i * 7) % powers.length]!
  }
  return values
}

export const magnitudes = (x: Float64Array): Float64Array => x.map(Math.abs)

/** Half the distance from 1 to the next double. */
const ulp = 2 ** -53

/**
 * Asserts agreement within twice gamma times the sum of magnitudes (Higham 2002, section 3.1), for sums of `terms` products in
 * any order, fused or not. A few terms are added for scaling and addition.
 */
export const within = (
  what: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  terms: number,
  bound: ArrayLike<number>,
  unit = ulp,
): void => {
  assert.strictEqual(actual.length, expected.length)
  const gamma = ((terms + 5) * unit) / (1 - (terms + 5) * unit)
  for (let i = 0; i < expected.length; i++) {
    const [distance, limit] = [Math.abs(actual[i]! - expected[i]!), 2 * gamma * bound[i]!]
    if (!(distance <= limit)) {
      throw new Error(
        `${what}[${i}]: ${actual[i]} and ${expected[i]} differ by ${distance} > ${limit}`,
      )
    }
  }
}
