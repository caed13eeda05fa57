/** Families of symmetric and Hermitian matrices, expanded from small structures. */
import { RandomStream, Seed } from "@nonconvex/numerics"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import fc from "fast-check"

export const families = [
  "random",
  "graded entries",
  "graded spectrum",
  "clustered",
  "rank deficient",
  "zero",
  "identity",
  "diagonal",
  "huge",
  "tiny",
  "arrow",
  "nearly diagonal",
  "nearly tridiagonal",
] as const
export type Family = (typeof families)[number]

export interface Structure {
  readonly n: number
  readonly family: Family
  readonly seed: number
}

/** Dimensions up to `largest`, mostly small, with some on both sides of the switch to compiled loops and of the leaf size. */
export const structure = (largest: number): fc.Arbitrary<Structure> =>
  fc.record({
    n: fc.oneof(fc.integer({ min: 0, max: 24 }), fc.integer({ min: 0, max: largest })),
    family: fc.constantFrom(...families),
    seed: fc.integer({ min: 0, max: 2 ** 31 }),
  })

const spectrum = (family: Family, n: number, stream: RandomStream.RandomStream): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => {
    switch (family) {
      case "graded spectrum":
        return stream.sign() * 10 ** (-150 + (300 * i) / Math.max(1, n - 1))
      case "clustered":
        return Math.floor((4 * i) / n) + 1e-14 * stream.normal()
      case "rank deficient":
        return i < n / 3 ? stream.normal() : 0
      default:
        return stream.normal()
    }
  })

/** Q diag(spectrum) Q^T, exactly symmetric. */
const conjugated = (values: Float64Array, q: Float64Array, n: number): Float64Array => {
  const a = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0
      for (let k = 0; k < n; k++) sum += q[i * n + k]! * values[k]! * q[j * n + k]!
      a[i * n + j] = sum
      a[j * n + i] = sum
    }
  }
  return a
}

/** A symmetric matrix, row-major. */
export const symmetric = ({ n, family, seed }: Structure): Float64Array => {
  const stream = RandomStream.make(Seed.root(seed).child(family))
  if (family === "graded spectrum" || family === "clustered" || family === "rank deficient") {
    return conjugated(spectrum(family, n, stream), Orthogonal.haar(n, stream), n)
  }
  const a = new Float64Array(n * n)
  const size = (i: number) => 10 ** (-75 + (150 * i) / Math.max(1, n - 1))
  // Rows of these are below 1e-8, whose square is lost beside 1.
  const weak = 1e-8 / Math.sqrt(n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const x = stream.normal()
      const value = {
        random: x,
        huge: 1e300 * x,
        tiny: 1e-300 * x,
        "graded entries": x * size(i) * size(j),
        zero: 0,
        identity: i === j ? 1 : 0,
        diagonal: i === j ? x : 0,
        arrow: i === j || i === n - 1 ? x : 0,
        "nearly diagonal": i === j ? x : weak * x,
        "nearly tridiagonal": i - j < 2 ? x : weak * x,
      }[family]
      a[i * n + j] = value
      a[j * n + i] = value
    }
  }
  return a
}

/** A Hermitian matrix as real and imaginary parts. */
export const hermitian = (of: Structure): { re: Float64Array; im: Float64Array } => {
  const { n } = of
  const re = symmetric(of)
  const im = symmetric({ ...of, seed: of.seed + 1 })
  for (let i = 0; i < n; i++) {
    im[i * n + i] = 0
    for (let j = 0; j < i; j++) im[j * n + i] = -im[i * n + j]!
  }
  return { re, im }
}

export const epsilon = 2 ** -52

/** The largest |a_ij - b_ij|, both divided by `scale` first, so that differences of huge numbers do not overflow. */
export const worst = (a: Float64Array, b: Float64Array, scale = 1): number => {
  let largest = 0
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! / scale - b[i]! / scale)
    if (!(difference <= largest)) largest = difference
  }
  return largest
}

/** `count` times the same number. */
export const constant = (count: number, value: number): Array<number> =>
  Array.from({ length: count }, () => value)
