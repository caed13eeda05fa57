/** The twin of gemm for parts of larger matrices: the same order of every element as in `Gemm.ts`. */
const depth = 256

/** One row of block sums; grows to the widest product asked for. */
let row = new Float64Array(64)

/** A part of a row-major matrix: array, offset of its first element, elements from row to row. */
export const product = (
  transposeA: boolean,
  transposeB: boolean,
  m: number,
  n: number,
  k: number,
  alpha: number,
  a: Float64Array,
  aAt: number,
  lda: number,
  b: Float64Array,
  bAt: number,
  ldb: number,
  beta: number,
  c: Float64Array,
  cAt: number,
  ldc: number,
): void => {
  if (row.length < n) row = new Float64Array(2 * n)
  const sums = row
  const rowA = transposeA ? 1 : lda
  const columnA = transposeA ? lda : 1
  for (let p0 = 0; p0 < Math.max(1, k); p0 += depth) {
    const p1 = Math.min(k, p0 + depth)
    const scale = p0 === 0 ? beta : 1
    for (let i = 0; i < m; i++) {
      if (transposeB) {
        for (let j = 0; j < n; j++) {
          let sum = 0
          for (let p = p0; p < p1; p++) {
            sum += a[aAt + i * rowA + p * columnA]! * b[bAt + j * ldb + p]!
          }
          sums[j] = sum
        }
      } else {
        for (let j = 0; j < n; j++) sums[j] = 0
        for (let p = p0; p < p1; p++) {
          const x = a[aAt + i * rowA + p * columnA]!
          const from = bAt + p * ldb
          for (let j = 0; j < n; j++) sums[j] = sums[j]! + x * b[from + j]!
        }
      }
      const to = cAt + i * ldc
      if (scale === 0) for (let j = 0; j < n; j++) c[to + j] = alpha * sums[j]!
      else for (let j = 0; j < n; j++) c[to + j] = scale * c[to + j]! + alpha * sums[j]!
    }
  }
}
