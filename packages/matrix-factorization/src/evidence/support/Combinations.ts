/** Every combination of two lists. */
export const pairs = <A, B>(
  first: ReadonlyArray<A>,
  second: ReadonlyArray<B>,
): ReadonlyArray<readonly [A, B]> => first.flatMap((a) => second.map((b) => [a, b] as const))

/** The numbers from 0 to `count` - 1. */
export const range = (count: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, k) => k)
