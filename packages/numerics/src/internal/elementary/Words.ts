/** The parts of a double: its exponent, its leading digits, and powers of two to put it together. */
const double = new Float64Array(1)
const words = new Int32Array(double.buffer)
double[0] = 1
/** Index of the word that holds sign and exponent: 1 on little-endian machines. */
const high = words[1] === 0 ? 0 : 1
const low = 1 - high

/** Sign, exponent and the upper 20 bits of the significand. */
export const highOf = (x: number): number => {
  double[0] = x
  return words[high]!
}

/** Double with these upper 32 bits and zero lower bits. */
export const ofHigh = (word: number): number => {
  words[low] = 0
  words[high] = word
  return double[0]!
}

/** x, with |x| < 2^990, rounded to 21 bits. Its product with a number of 32 bits is exact, and so is the rest of x. */
export const upper = (x: number): number => {
  const large = 4294967297 * x
  return large - (large - x)
}

const least = -1074

/** Table of powers, because building a double from two words has to wait for both. */
const powers = new Float64Array(1024 - least)
powers[0] = Number.MIN_VALUE
for (let at = 1; at < powers.length; at++) powers[at] = 2 * powers[at - 1]!

/** 2^k for whole -1074 <= k <= 1023. */
export const smallPower = (k: number): number => powers[k - least]!
