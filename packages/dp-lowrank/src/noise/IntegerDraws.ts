/** Uniform integers and coins of rational bias from random words, by integer comparisons only. */
import type { Rational } from "@nonconvex/numerics/Rational"
import type { Source } from "./Entropy.ts"

/** Words that are taken from the source at once: enough for the noise of twenty columns. */
const size = 2048

/** Draws from a source; each word is used once. */
export class IntegerDraws {
  readonly #source: Source
  readonly #words = new Uint32Array(size)
  #next = size

  constructor(source: Source) {
    this.#source = source
  }

  /** 32 random bits. No word is used twice. */
  word(): number {
    if (this.#next === size) {
      this.#source.fill(this.#words)
      this.#next = 0
    }
    return this.#words[this.#next++]!
  }

  /** A uniform integer in 0..n-1, for 1 <= n <= 2^32. */
  below(n: number): number {
    if (n === 1) return 0
    // as an integer of 32 bits, whose remainders are quick; of 2^32 nothing is left then
    const range = n >>> 0
    if (range === 0) return this.word()
    for (;;) {
      const word = this.word()
      const rest = (word % range) >>> 0
      // the last of the ranges that 2^32 is cut into may be a part of one, of which nothing is taken
      if (word - rest <= 2 ** 32 - range) return rest
    }
  }

  /** A uniform integer in 0..n-1, for n >= 1 of any length. */
  belowLarge(n: bigint): bigint {
    for (;;) {
      let [range, drawn] = [1n, 0n]
      while (range < n) {
        range <<= 32n
        drawn = (drawn << 32n) + BigInt(this.word())
      }
      // as `below`
      if (drawn < range - (range % n)) return drawn % n
    }
  }

  /** A coin of bias exp(-numerator / denominator) for 0 <= numerator <= denominator <= 2^32, both integers. */
  coinExp(numerator: number, denominator: number): boolean {
    // von Neumann: the count of successes with bias g, g/2, g/3, ... is even with probability exp(-g)
    let k = 1
    while (this.below(denominator) < numerator && this.below(k) === 0) k++
    return k % 2 === 1
  }

  /** A coin of bias exp(-exponent) for any fraction that is not negative. */
  coinExpOf({ denominator, numerator }: Rational): boolean {
    // the exponential of the integer part first, factor by factor
    for (let whole = numerator / denominator; whole > 0n; whole--) {
      if (!this.coinExp(1, 1)) return false
    }
    const rest = numerator % denominator
    let k = 1
    while (this.belowLarge(denominator) < rest && this.below(k) === 0) k++
    return k % 2 === 1
  }

  /** A coin of bias exp(-(numerator / denominator)^2 / 2), as coinExp. */
  coinExpHalfSquare(numerator: number, denominator: number): boolean {
    let k = 1
    while (
      this.below(denominator) < numerator &&
      this.below(denominator) < numerator &&
      this.below(2 * k) === 0
    ) {
      k++
    }
    return k % 2 === 1
  }

  /** Erases the words, since the rest of the buffer would reveal the noise. */
  wipe(): void {
    this.#words.fill(0)
    this.#next = size
  }
}
