/**
 * Reproducible stream of random numbers: the same bits on every engine, drawn one at a time or in bulk. Not for secrets.
 *
 * Generator: xoshiro128++ (Blackman and Vigna 2019), with 128 bits of state and words of 32 bits. The initial state is the four
 * words of the Seed, or 0x9e3779b9, 0x243f6a88, 0xb7e15162, 0xdeadbeef if all four are 0. One step, everything modulo 2^32:
 *
 *     word = rotl(s0 + s3, 7) + s0;  t = s1 << 9;  s2 ^= s0;  s3 ^= s1;  s1 ^= s2;  s0 ^= s3;  s2 ^= t;  s3 = rotl(s3, 11)
 *
 * Draw sequence (a contract that kernels must reproduce; words are taken in the order of their names):
 *
 * - `uniform`: a, b; ((a >>> 5) 2^26 + (b >>> 6)) 2^-53.
 * - `uniformOpen`: a, b; ((a >>> 6) 2^26 + (b >>> 6) + 1/2) 2^-52, exact, never 0 or 1.
 * - `integer(n)`, n <= 2^32: a, again while a < 2^32 mod n; a mod n. Larger n: the 53-bit integer k of `uniform`, again while
 *   k < 2^53 mod n; k mod n.
 * - `sign`: a; -1 where the top bit of a is set, else 1.
 * - `normal` (tables of Ziggurat): (1) a, b; i = a & 255; m = (a >>> 12) 2^32 + b; x = m width[i]; if m < threshold[i] the
 *   magnitude is x. (2) Else if i = 0, the tail: e = -log(uniformOpen) / r, then g = -log(uniformOpen), until 2 g > e e; the
 *   magnitude is r + e. (3) Else u = uniform; if density[i] + u (density[i+1] - density[i]) < exp(-0.5 x x) the magnitude is
 *   x, else start again at (1). The sign is minus where bit 8 of the last a is set. log and exp are Elementary's.
 * - `fillX(out)` equals one call of X per element in increasing index; float32 arrays get the same numbers, rounded.
 * - `fillSphere`: fillNormal, then division by Vector.norm; all again while the norm is 0.
 * - `shuffle`: for i = n-1 down to 1, swap i with integer(i + 1).
 */
import * as Elementary from "./Elementary.ts"
import { invalid } from "./InvalidInput.ts"
import * as Require from "./Require.ts"
import type { Seed } from "./Seed.ts"
import * as Vector from "./Vector.ts"
import { density, tailStart, threshold, width } from "./internal/Ziggurat.ts"

/** A stream positioned after the draws made so far. */
export class RandomStream {
  /** The four words of xoshiro128++; a bulk kernel reads and advances them. */
  readonly state: Int32Array

  constructor(state: Int32Array) {
    this.state = state
  }

  /** 32 random bits, as an unsigned integer. */
  word(): number {
    const s = this.state
    const s0 = s[0]!
    const s1 = s[1]!
    const sum = (s0 + s[3]!) | 0
    const s2 = s[2]! ^ s0
    const s3 = s[3]! ^ s1
    s[0] = s0 ^ s3
    s[1] = s1 ^ s2
    s[2] = s2 ^ (s1 << 9)
    s[3] = (s3 << 11) | (s3 >>> 21)
    return (((sum << 7) | (sum >>> 25)) + s0) >>> 0
  }

  /** Uniform on the multiples of 2^-53 in [0, 1). */
  uniform(): number {
    const a = this.word() >>> 5
    return (a * 67108864 + (this.word() >>> 6)) * 2 ** -53
  }

  /** Uniform on the odd multiples of 2^-53 in (0, 1): never 0 and never 1. */
  uniformOpen(): number {
    const a = this.word() >>> 6
    return (a * 67108864 + (this.word() >>> 6) + 0.5) * 2 ** -52
  }

  /** Uniform on 0 .. n-1 without bias, for 1 <= n <= 2^53. Throws InvalidInput on other n. */
  integer(n: number): number {
    if (!(n >= 1 && n <= 2 ** 53 && Math.floor(n) === n)) {
      invalid("RandomStream.integer", "n must be an integer from 1 to 2^53", { n })
    }
    if (n < 4294967296) {
      // words without a sign: of these the engine has a remainder of integers, and of other numbers a slow one
      const size = n >>> 0
      const reject = ((-size >>> 0) % size) >>> 0
      let a = this.word() >>> 0
      while (a < reject) a = this.word() >>> 0
      return (a % size) >>> 0
    }
    if (n === 4294967296) return this.word()
    const reject = 2 ** 53 % n
    for (;;) {
      const k = this.uniform() * 2 ** 53
      if (k >= reject) return k % n
    }
  }

  /** -1 or 1, each with probability 1/2. */
  sign(): number {
    return (this.word() | 0) < 0 ? -1 : 1
  }

  /** A standard normal. */
  normal(): number {
    for (;;) {
      const a = this.word()
      const i = a & 255
      const m = (a >>> 12) * 4294967296 + this.word()
      const x = m * width[i]!
      if (m < threshold[i]!) return (a & 256) === 0 ? x : -x
      if (i === 0) {
        const tail = tailStart + this.#tail()
        return (a & 256) === 0 ? tail : -tail
      }
      const height = density[i]! + this.uniform() * (density[i + 1]! - density[i]!)
      if (height < Elementary.exp(-0.5 * x * x)) return (a & 256) === 0 ? x : -x
    }
  }

  #tail(): number {
    for (;;) {
      const e = -Elementary.log(this.uniformOpen()) / tailStart
      const g = -Elementary.log(this.uniformOpen())
      if (2 * g > e * e) return e
    }
  }

  /** Fills with `uniform`. */
  fillUniform(out: Float64Array | Float32Array): void {
    for (let i = 0; i < out.length; i++) out[i] = this.uniform()
  }

  /** Fills with `normal`. `Kernels.strict().fillNormal(stream, out)` produces the same bits twice as fast. */
  fillNormal(out: Float64Array | Float32Array): void {
    for (let i = 0; i < out.length; i++) out[i] = this.normal()
  }

  /** Array of `count` normal numbers. */
  normals(count: number): Float64Array {
    const out = new Float64Array(count)
    this.fillNormal(out)
    return out
  }

  /** Fills with `sign`. */
  fillRademacher(out: Float64Array | Float32Array): void {
    for (let i = 0; i < out.length; i++) out[i] = this.sign()
  }

  /** Fills with a point uniform on the unit sphere: -1 or 1 in dimension 1, nothing in dimension 0. */
  fillSphere(out: Float64Array): void {
    if (out.length === 0) return
    let length = 0
    while (length === 0) {
      this.fillNormal(out)
      length = Vector.norm(out)
    }
    for (let i = 0; i < out.length; i++) out[i] = out[i]! / length
  }

  /** A point of `fillSphere`, in an array of its own. */
  onSphere(dimension: number): Float64Array {
    const out = new Float64Array(dimension)
    this.fillSphere(out)
    return out
  }

  /** Shuffles in place, uniformly over the permutations. */
  shuffle(items: Float64Array | Uint32Array | Int32Array | Array<unknown>): void {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(i + 1)
      const held = items[i]!
      items[i] = items[j]!
      items[j] = held
    }
  }

  /** A uniform permutation of 0 .. n-1. Throws InvalidInput on a negative or fractional n. */
  permutation(n: number): Uint32Array {
    Require.count("RandomStream.permutation", "n", n, 0)
    const out = new Uint32Array(n)
    for (let i = 0; i < n; i++) out[i] = i
    this.shuffle(out)
    return out
  }
}

/**
 * Stream of a seed: each call returns a fresh stream from the start, with the same numbers for the same seed.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as RandomStream from "@nonconvex/numerics/RandomStream"
 * import * as Seed from "@nonconvex/numerics/Seed"
 *
 * const draw = () => RandomStream.make(Seed.root(42).child("dice")).integer(6)
 * draw() === draw() // => true
 * ```
 */
export const make = (seed: Seed): RandomStream => {
  // words are taken as integers with a sign
  Require.seed("RandomStream.make", "seed", seed)
  const state = Int32Array.of(...seed.words)
  if (state.every((word) => word === 0)) state.set([0x9e3779b9, 0x243f6a88, 0xb7e15162, 0xdeadbeef])
  return new RandomStream(state)
}
