/** Memoises a deterministic computation. */
export const remembered = <Keys extends ReadonlyArray<unknown>, Value>(
  compute: (...keys: Keys) => Value,
): ((...keys: Keys) => Value) => {
  const known = new Map<string, Value>()
  return (...keys) => {
    const name = JSON.stringify(keys)
    const found = known.get(name)
    if (found !== undefined) return found
    const value = compute(...keys)
    known.set(name, value)
    return value
  }
}
