/** Every combination of two lists. */
export const pairs = <A, B>(
  first: ReadonlyArray<A>,
  second: ReadonlyArray<B>,
): ReadonlyArray<readonly [A, B]> => first.flatMap((a) => second.map((b) => [a, b] as const))

export const mean = (values: ReadonlyArray<number>): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
