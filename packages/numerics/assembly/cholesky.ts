/**
 * A = L L^T in place, row-major, on the lower triangle; the upper one is neither read nor written.
 *
 * Order of every element: blocks of 32 columns; a -= (0 + l0 l0' + l1 l1' + ...) block by block, then the division or root.
 */
import { bytes } from "./simd"
import { gemm } from "./gemm"

/** Columns of a block, part of the contract. */
const block: i32 = 32
/** Rows of an update. */
const strip: i32 = 64

@inline
function product(count: i32, x: usize, y: usize): f64 {
  let sum: f64 = 0
  for (let p = 0; p < count; p++) sum += load<f64>(x + bytes<f64>(p)) * load<f64>(y + bytes<f64>(p))
  return sum
}

/** Returns -1, or the first column whose pivot is not positive (the columns before it are done). */
export function cholesky(n: i32, a: usize, work: usize): i32 {
  const step = bytes<f64>(n)
  for (let k = 0; k < n; k += block) {
    const width = min(block, n - k)
    const corner = a + <usize>k * step + bytes<f64>(k)
    for (let j = 0; j < width; j++) {
      const row = corner + <usize>j * step
      const at = row + bytes<f64>(j)
      const pivot = load<f64>(at) - product(j, row, row)
      if (!(pivot > 0)) return k + j
      const root = sqrt(pivot)
      store<f64>(at, root)
      let below = row + step
      let i = k + j + 1
      // Four rows at a time, so that four sums run at once.
      for (; i + 4 <= n; i += 4) {
        let s0: f64 = 0, s1: f64 = 0, s2: f64 = 0, s3: f64 = 0
        const r1 = below + step
        const r2 = r1 + step
        const r3 = r2 + step
        for (let p = 0; p < j; p++) {
          const o = bytes<f64>(p)
          const x = load<f64>(row + o)
          s0 += load<f64>(below + o) * x
          s1 += load<f64>(r1 + o) * x
          s2 += load<f64>(r2 + o) * x
          s3 += load<f64>(r3 + o) * x
        }
        const o = bytes<f64>(j)
        store<f64>(below + o, (load<f64>(below + o) - s0) / root)
        store<f64>(r1 + o, (load<f64>(r1 + o) - s1) / root)
        store<f64>(r2 + o, (load<f64>(r2 + o) - s2) / root)
        store<f64>(r3 + o, (load<f64>(r3 + o) - s3) / root)
        below = r3 + step
      }
      for (; i < n; i++) {
        const to = below + bytes<f64>(j)
        store<f64>(to, (load<f64>(to) - product(j, below, row)) / root)
        below += step
      }
    }
    for (let i = k + width; i < n; i += strip) {
      const rows = min(strip, n - i)
      const left = a + <usize>i * step + bytes<f64>(k)
      const top = a + <usize>(k + width) * step + bytes<f64>(k)
      const to = a + <usize>i * step + bytes<f64>(k + width)
      update(rows, i - k - width, width, left, top, to, n, work)
    }
  }
  return -1
}

/** C -= left top^T for `rows` rows of the trailing triangle that starts `before` rows above; what lies right of the diagonal stays. */
function update(rows: i32, before: i32, width: i32, left: usize, top: usize, c: usize, n: i32, work: usize): void {
  if (before > 0) gemm<f64>(false, true, rows, before, width, -1, left, n, top, n, 1, c, n, work)
  // The block on the diagonal, by rows up to the diagonal.
  let row = left
  for (let i = 0; i < rows; i++) {
    let to = c + <usize>i * bytes<f64>(n) + bytes<f64>(before)
    let other = left
    for (let j = 0; j <= i; j++) {
      store<f64>(to, load<f64>(to) - product(width, row, other))
      to += 8
      other += bytes<f64>(n)
    }
    row += bytes<f64>(n)
  }
}
