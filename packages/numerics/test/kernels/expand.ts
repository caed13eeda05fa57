/** Arrays expanded from an integer seed, so that a counterexample is a few integers. */
import { RandomStream, Seed } from "@nonconvex/numerics"

/** Where the numbers come from: the seed, and the powers of ten that their sizes span. */
export interface Source {
  readonly seed: number
  readonly decades: number
}

/** 2^-1100, which is 0, to 2^1100, which is infinite. */
const powers = Float64Array.from({ length: 2201 }, (_, i) => 2 ** (i - 1100))

/** `count` normals times 10^u with u uniform in [-decades, decades]; every 16th is 0. */
export const doubles = ({ seed, decades }: Source, label: string, count: number): Float64Array => {
  const stream = RandomStream.make(Seed.root(seed).child(label))
  const out = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    const power = decades === 0 ? 0 : Math.round(3.3 * decades * (2 * stream.uniform() - 1))
    const size = powers[1100 + power]!
    out[i] = stream.word() % 16 === 0 ? 0 : size * stream.normal()
  }
  return out
}

/** The same, rounded to float32. */
export const singles = (source: Source, label: string, count: number): Float32Array =>
  Float32Array.from(doubles(source, label, count))

/** The first place where two arrays differ in value (NaN equals NaN, 0 equals -0 not), or undefined. */
export const difference = (
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): { index: number; left: number; right: number } | undefined => {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    if (!Object.is(a[i], b[i])) return { index: i, left: a[i]!, right: b[i]! }
  }
  return undefined
}

/** Fails with the first difference. */
export const same = (what: string, a: ArrayLike<number>, b: ArrayLike<number>): void => {
  const found = difference(a, b)
  if (found !== undefined) {
    throw new Error(`${what}: at ${found.index}, ${found.left} is not ${found.right}`)
  }
}

/** Fails where |a - b| exceeds `tolerance` times (1 + scale). */
export const close = (
  what: string,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  bound: (index: number) => number,
): void => {
  for (let i = 0; i < a.length; i++) {
    const error = Math.abs(a[i]! - b[i]!)
    if (!(error <= bound(i))) {
      throw new Error(`${what}: at ${i}, ${a[i]} is not ${b[i]} within ${bound(i)}`)
    }
  }
}
