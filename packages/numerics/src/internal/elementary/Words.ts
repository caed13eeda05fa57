/** The two 32-bit words of a double, on little- and big-endian machines. */
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

/** x with another high word. */
export const withHigh = (x: number, word: number): number => {
  double[0] = x
  words[high] = word
  return double[0]
}

/** The double whose lower 32 bits are zero. */
export const ofHigh = (word: number): number => {
  words[low] = 0
  words[high] = word
  return double[0]!
}

/** x with its lower 32 bits set to zero: a square of it, and a product of two, round little or nothing. */
export const upper = (x: number): number => {
  double[0] = x
  words[low] = 0
  return double[0]
}

/** 2^k for whole -1022 <= k <= 1023. */
export const normalPower = (k: number): number => ofHigh((k + 1023) << 20)
