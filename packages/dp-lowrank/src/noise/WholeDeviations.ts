/**
 * Integers k >= 0 with probability proportional to exp(-k^2 / 2), exactly. The interval from 0 to 1 is divided into cells of
 * these lengths, and k is the index of the cell with a random number. Bits of the number are drawn until the cell is
 * determined.
 *
 * Big integers bound the ends of the cells. 32 bits leave the cell undetermined about once in 10^8 draws. In that case 32
 * more bits are drawn, and so on.
 */
import type { IntegerDraws } from "./IntegerDraws.ts"

/** For random bits read as an integer u: the cell of u is at most k if u < ends[k], and above k if u >= starts[k]. */
interface Cells {
  readonly ends: ReadonlyArray<bigint>
  readonly starts: ReadonlyArray<bigint>
}

/** Extra bits of the arithmetic beyond those that are drawn. */
const guard = 64n
/** Bound on rounding errors, in units of the arithmetic: a few per term and weight, up to thousands of bits. */
const margin = 1n << 40n

/** exp(-1/2) in units of 2^-bits, by its series; each term, halved and divided by its index, has an error below 2. */
const inverseRoot = (bits: bigint): bigint => {
  let [term, sum] = [1n << bits, 0n]
  for (let n = 1n; term !== 0n; n++) {
    sum += term
    term = -term / (2n * n)
  }
  return sum
}

/** exp(-k^2 / 2) in units of 2^-bits, up to the first that rounds to 0. */
const weights = (bits: bigint): ReadonlyArray<bigint> => {
  const root = inverseRoot(bits)
  const square = (root * root) >> bits
  const found: Array<bigint> = []
  // from one weight to the next: exp(-(k + 1/2))
  let [weight, ratio] = [1n << bits, root]
  while (weight > 0n) {
    found.push(weight)
    weight = (weight * ratio) >> bits
    ratio = (ratio * square) >> bits
  }
  return found
}

/** Cells, as far as the given number of bits determines them. */
export const cells = (bits: number): Cells => {
  const all = BigInt(bits) + guard
  const lengths = weights(all)
  const total = lengths.reduce((sum, length) => sum + length, 0n)
  let sum = 0n
  const bounds = lengths.map((length) => {
    sum += length
    return (sum << all) / total
  })
  return {
    ends: bounds.map((bound) => (bound - margin) >> guard),
    starts: bounds.map((bound) => (bound + margin + (1n << guard) - 1n) >> guard),
  }
}

/** Numbers that one word encodes. */
const ofWord = cells(32)
const ends = ofWord.ends.map(Number)
const starts = ofWord.starts.map(Number)

/** Draws one k. */
export const sample = (draws: IntegerDraws): number => {
  const word = draws.word()
  for (let k = 0; k < ends.length; k++) {
    if (word < ends[k]!) return k
    if (word < starts[k]!) break
  }
  return refined(word, draws)
}

/** Cell of a number whose first word does not determine it. */
const refined = (first: number, draws: IntegerDraws): number => {
  let u = BigInt(first)
  for (let bits = 64; ; bits += 32) {
    u = (u << 32n) + BigInt(draws.word())
    const open = cells(bits)
    const k = open.starts.findIndex((start) => u < start)
    if (k >= 0 && u < open.ends[k]!) return k
  }
}
