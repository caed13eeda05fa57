/** Points that fill a cube evenly: J. H. Halton, On the efficiency of certain quasi-random sequences of points, 1960. */

/**
 * Digits of `index` in `base`, mirrored at the point: 6 in base 2 is 110, which becomes 0.011 = 3/8.
 *
 * Requires a nonnegative integer and a base of at least 2; the result is in [0, 1).
 */
export const radicalInverse = (index: number, base: number): number => {
  // an integer over a power of the base: one rounding, the same everywhere
  let reversed = 0
  let power = 1
  for (let rest = index; rest > 0; rest = Math.floor(rest / base)) {
    reversed = reversed * base + (rest % base)
    power *= base
  }
  return reversed / power
}

/** The first `count` primes: a base for each dimension. */
export const primes = (count: number): ReadonlyArray<number> => {
  const found: Array<number> = []
  for (let candidate = 2; found.length < count; candidate++) {
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate)
  }
  return found
}
