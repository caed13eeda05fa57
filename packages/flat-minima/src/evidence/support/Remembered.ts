/** `compute` of a deterministic computation, which computes each value once. */
export const remembered = <Key, Value>(compute: (key: Key) => Value): ((key: Key) => Value) => {
  const known = new Map<string, Value>()
  return (key) => {
    const name = JSON.stringify(key)
    const found = known.get(name)
    if (found !== undefined) return found
    const value = compute(key)
    known.set(name, value)
    return value
  }
}
