/** Cache of computations on shapes: a network has the same ones at every step, and TensorFlow.js takes longer over them than a small kernel takes. */

/** Capacity above any network's; the cache restarts when it is full. */
const most = 4096

/** The results of `compute` by their keys. */
export const remembered = <A>(): ((key: string, compute: () => A) => A) => {
  const results = new Map<string, A>()
  return (key, compute) => {
    const before = results.get(key)
    if (before !== undefined) return before
    if (results.size === most) results.clear()
    const result = compute()
    results.set(key, result)
    return result
  }
}
