/** Points that fill a cube evenly: J. H. Halton, On the efficiency of certain quasi-random sequences of points, 1960. */

/**
 * The digits of `index` in `base` behind the point, in reverse: 6 in base 2 is 110, and becomes 0.011 = 3/8.
 *
 * Integers of at least 0, and of at least 2; the answer is at least 0 and below 1.
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
