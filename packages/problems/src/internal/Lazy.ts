/** Computes a value at the first call and returns the same one ever after. */
export const lazy = <A>(compute: () => A): (() => A) => {
  let memo: { readonly value: A } | undefined
  return () => (memo ??= { value: compute() }).value
}
