/** Numbers that both sides of a comparison make alike, from integer arithmetic and one division. */

/** `count` numbers in [-0.5, 0.5), the same bits as `numbers` in python/peers.py. */
export const numbers = (count: number, salt: number): Float64Array<ArrayBuffer> => {
  const out = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    let h = Math.imul(i + 1 + salt * 7919, 2654435761)
    h ^= h >>> 15
    h = Math.imul(h, 2246822519)
    h ^= h >>> 13
    out[i] = (h >>> 0) / 4294967296 - 0.5
  }
  return out
}

/** A symmetric n x n matrix of such numbers. */
export const symmetric = (n: number, salt: number): Float64Array<ArrayBuffer> => {
  const a = numbers(n * n, salt)
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[j * n + i] = a[i * n + j]!
  return a
}

/** At most 1000 of the values, evenly spread. */
export const sample = (values: ArrayLike<number>): Array<number> => {
  const step = Math.max(1, Math.ceil(values.length / 1000))
  return Array.from({ length: Math.ceil(values.length / step) }, (_, i) => values[i * step]!)
}
