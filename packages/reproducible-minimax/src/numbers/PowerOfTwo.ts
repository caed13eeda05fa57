/** Smallest power of two that is at least the number, or 1 for 0; scaling by it is exact. */
export const powerOfTwo = (number: number): number => {
  let power = 1
  while (power < number) power *= 2
  if (number === 0) return power
  while (power / 2 >= number && power > Number.MIN_VALUE) power /= 2
  return power
}
