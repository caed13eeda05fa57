/** Linear combinations of vectors stored anywhere, by a compiled product over blocks of elements. */
import type * as Kernels from "../Kernels.ts"

/** Numbers in the two blocks of a run, which the kernels copy without their arena. */
const atOnce = 32_000

/**
 * For each row c of coordinates the vector ((c_0 v_0 + c_1 v_1) + c_2 v_2) + ... of length n, in fresh arrays. Strict kernels
 * add in this order, for up to 256 vectors; beyond that in blocks of 256.
 */
export const combinations = (
  vectors: ReadonlyArray<Float64Array>,
  coordinates: ReadonlyArray<Float64Array>,
  n: number,
  { gemm }: Kernels.Kernels,
): Array<Float64Array> => {
  const [size, count] = [vectors.length, coordinates.length]
  const out = coordinates.map(() => new Float64Array(n))
  if (size === 0 || count === 0) return out
  const rows = new Float64Array(count * size)
  coordinates.forEach((c, i) => rows.set(c, i * size))
  const width = Math.max(1, Math.min(n, Math.floor(atOnce / (size + count))))
  const from = new Float64Array(size * width)
  const to = new Float64Array(count * width)
  for (let at = 0; at < n; at += width) {
    const w = Math.min(width, n - at)
    const [block, sums] = [from.subarray(0, size * w), to.subarray(0, count * w)]
    vectors.forEach((v, i) => block.set(v.subarray(at, at + w), i * w))
    gemm(false, false, count, w, size, 1, rows, block, 0, sums)
    out.forEach((v, i) => v.set(sums.subarray(i * w, (i + 1) * w), at))
  }
  return out
}
