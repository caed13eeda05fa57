import type * as Kernels from "@nonconvex/numerics/Kernels"

/** Caches `compute` per kernels and per key of the input, so that a claim and its controls share runs. */
export const remembered = <Input, Value>(
  keyOf: (input: Input) => string,
  compute: (input: Input, kernels: Kernels.Kernels) => Value,
): ((input: Input, kernels: Kernels.Kernels) => Value) => {
  const known = new WeakMap<Kernels.Kernels, Map<string, { readonly value: Value }>>()
  return (input, kernels) => {
    const mine = known.get(kernels) ?? new Map<string, { readonly value: Value }>()
    const key = keyOf(input)
    const found = mine.get(key) ?? { value: compute(input, kernels) }
    known.set(kernels, mine.set(key, found))
    return found.value
  }
}
