/** Runs drawn from a seed, and what may differ after one step of them. */
import { RandomStream, Seed } from "@nonconvex/numerics"
import { assert } from "vitest"

/** `count` normals times `size`. */
export const normals = (seed: number, name: string, count: number, size = 1): Float64Array =>
  RandomStream.make(Seed.root(seed).child(name))
    .normals(count)
    .map((x) => size * x)

/** Integers below `most`. */
export const below = (seed: number, name: string, count: number, most: number): Uint32Array => {
  const stream = RandomStream.make(Seed.root(seed).child(name))
  return Uint32Array.from({ length: count }, () => Math.floor(stream.uniform() * most))
}

export const total = (x: Float64Array): number => x.reduce((sum, value) => sum + Math.abs(value), 0)

/** Twice what `terms` roundings, one after the other, make of numbers whose magnitudes add up to `size` (Higham 2002, lemma 3.1). */
export const roundings = (terms: number, size: number): number => {
  const sum = terms * 2 ** -53
  return (2 * sum * size) / (1 - sum)
}

export const near = (
  what: string,
  actual: Float64Array,
  expected: Float64Array,
  most: number,
): void => {
  assert.strictEqual(actual.length, expected.length)
  for (let i = 0; i < actual.length; i++)
    assert.isAtMost(Math.abs(actual[i]! - expected[i]!), most, `${what}[${i}]`)
}
