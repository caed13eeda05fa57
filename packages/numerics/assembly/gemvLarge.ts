/**
 * Matrix times vector for matrices that no longer fit the nearer caches, with the bits of `gemv.ts`.
 *
 * Eight rows are eight pages from which the processor fetches ahead; fewer leave a part of the memory's speed unused.
 */
import { addRows, addRows8, multiply, put } from "./gemv"
import { bytes, madd } from "./simd"
import { finish } from "./vector"

/** Columns of a block: eight rows of it stay in the first-level cache between the two passes. */
const chunk: i32 = 256

/**
 * Goes on with the inner products of eight rows over `length` bytes; their accumulators are in memory at `sums`, 32 bytes each.
 */
function dots8(length: usize, a: usize, step: usize, x: usize, sums: usize): void {
  let r0 = a
  let r1 = r0 + step
  let r2 = r1 + step
  let r3 = r2 + step
  let r4 = r3 + step
  let r5 = r4 + step
  let r6 = r5 + step
  let r7 = r6 + step
  let p00 = v128.load(sums), p01 = v128.load(sums, 16)
  let p10 = v128.load(sums, 32), p11 = v128.load(sums, 48)
  let p20 = v128.load(sums, 64), p21 = v128.load(sums, 80)
  let p30 = v128.load(sums, 96), p31 = v128.load(sums, 112)
  let p40 = v128.load(sums, 128), p41 = v128.load(sums, 144)
  let p50 = v128.load(sums, 160), p51 = v128.load(sums, 176)
  let p60 = v128.load(sums, 192), p61 = v128.load(sums, 208)
  let p70 = v128.load(sums, 224), p71 = v128.load(sums, 240)
  const end = x + length
  while (x < end) {
    const x0 = v128.load(x)
    const x1 = v128.load(x, 16)
    p00 = madd<f64>(v128.load(r0), x0, p00)
    p01 = madd<f64>(v128.load(r0, 16), x1, p01)
    r0 += 32
    p10 = madd<f64>(v128.load(r1), x0, p10)
    p11 = madd<f64>(v128.load(r1, 16), x1, p11)
    r1 += 32
    p20 = madd<f64>(v128.load(r2), x0, p20)
    p21 = madd<f64>(v128.load(r2, 16), x1, p21)
    r2 += 32
    p30 = madd<f64>(v128.load(r3), x0, p30)
    p31 = madd<f64>(v128.load(r3, 16), x1, p31)
    r3 += 32
    p40 = madd<f64>(v128.load(r4), x0, p40)
    p41 = madd<f64>(v128.load(r4, 16), x1, p41)
    r4 += 32
    p50 = madd<f64>(v128.load(r5), x0, p50)
    p51 = madd<f64>(v128.load(r5, 16), x1, p51)
    r5 += 32
    p60 = madd<f64>(v128.load(r6), x0, p60)
    p61 = madd<f64>(v128.load(r6, 16), x1, p61)
    r6 += 32
    p70 = madd<f64>(v128.load(r7), x0, p70)
    p71 = madd<f64>(v128.load(r7, 16), x1, p71)
    r7 += 32
    x += 32
  }
  v128.store(sums, p00)
  v128.store(sums, p01, 16)
  v128.store(sums, p10, 32)
  v128.store(sums, p11, 48)
  v128.store(sums, p20, 64)
  v128.store(sums, p21, 80)
  v128.store(sums, p30, 96)
  v128.store(sums, p31, 112)
  v128.store(sums, p40, 128)
  v128.store(sums, p41, 144)
  v128.store(sums, p50, 160)
  v128.store(sums, p51, 176)
  v128.store(sums, p60, 192)
  v128.store(sums, p61, 208)
  v128.store(sums, p70, 224)
  v128.store(sums, p71, 240)
}

/** Writes the eight inner products, with the columns that are left. */
function finish8(a: usize, step: usize, x: usize, left: i32, sums: usize, alpha: f64, beta: f64, y: usize): void {
  for (let r = 0; r < 8; r++) {
    put<f64>(y, alpha, finish(v128.load(sums), v128.load(sums, 16), a, x, left), beta)
    sums += 32
    a += step
    y += 8
  }
}

/** As `multiply`, eight rows at a time; `sums` holds 256 bytes. */
export function multiplyLarge(m: i32, n: i32, alpha: f64, a: usize, lda: i32, x: usize, beta: f64, y: usize, sums: usize): void {
  const step = bytes<f64>(lda)
  const length = bytes<f64>(n & ~3)
  let i = 0
  for (; i + 8 <= m; i += 8) {
    memory.fill(sums, 0, 256)
    dots8(length, a, step, x, sums)
    finish8(a + length, step, x + length, n & 3, sums, alpha, beta, y)
    a += 8 * step
    y += 64
  }
  multiply<f64>(m - i, n, alpha, a, lda, x, beta, y)
}

/** ax = A x and atu = A^T u in one pass over A, each in the order of its own kernel; `sums` holds 256 bytes. */
export function multiplyBothLarge(
  m: i32, n: i32, a: usize, lda: i32, x: usize, ax: usize, u: usize, atu: usize, sums: usize,
): void {
  const step = bytes<f64>(lda)
  const whole = n & ~3
  memory.fill(atu, 0, bytes<f64>(n))
  let i = 0
  for (; i + 8 <= m; i += 8) {
    memory.fill(sums, 0, 256)
    for (let j = 0; j < n; j += chunk) {
      const at = bytes<f64>(j)
      dots8(bytes<f64>(min(chunk, whole - j)), a + at, step, x + at, sums)
      addRows8<f64>(min(chunk, n - j), 1, a + at, step, u, atu + at)
    }
    finish8(a + bytes<f64>(whole), step, x + bytes<f64>(whole), n - whole, sums, 1, 0, ax)
    a += 8 * step
    ax += 64
    u += 64
  }
  multiply<f64>(m - i, n, 1, a, lda, x, 0, ax)
  addRows<f64>(m - i, n, 1, a, step, u, atu)
}
