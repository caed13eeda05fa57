/**
 * Residuals of some equations of a linear system and the gradient of their squares: every row is read once from memory, for its
 * second use comes while it is still in a near cache.
 */
import { addRow } from "./gemv"
import { bytes, madd, zero } from "./simd"
import { dot, finish } from "./vector"

/** Inner products of five rows with x, less their targets, each in the order of `gemv.ts`. */
@inline
function residual5(
  n: i32, r0: usize, r1: usize, r2: usize, r3: usize, r4: usize, x: usize, targets: usize, residual: usize,
): void {
  const left = n & 3
  let p00 = zero(), p01 = zero(), p10 = zero(), p11 = zero(), p20 = zero(), p21 = zero()
  let p30 = zero(), p31 = zero(), p40 = zero(), p41 = zero()
  for (const end = x + bytes<f64>(n - left); x < end; x += 32) {
    const x0 = v128.load(x)
    const x1 = v128.load(x, 16)
    p00 = madd<f64>(v128.load(r0), x0, p00)
    p01 = madd<f64>(v128.load(r0, 16), x1, p01)
    p10 = madd<f64>(v128.load(r1), x0, p10)
    p11 = madd<f64>(v128.load(r1, 16), x1, p11)
    p20 = madd<f64>(v128.load(r2), x0, p20)
    p21 = madd<f64>(v128.load(r2, 16), x1, p21)
    p30 = madd<f64>(v128.load(r3), x0, p30)
    p31 = madd<f64>(v128.load(r3, 16), x1, p31)
    p40 = madd<f64>(v128.load(r4), x0, p40)
    p41 = madd<f64>(v128.load(r4, 16), x1, p41)
    r0 += 32
    r1 += 32
    r2 += 32
    r3 += 32
    r4 += 32
  }
  store<f64>(residual, finish(p00, p01, r0, x, left) - load<f64>(targets))
  store<f64>(residual, finish(p10, p11, r1, x, left) - load<f64>(targets, 8), 8)
  store<f64>(residual, finish(p20, p21, r2, x, left) - load<f64>(targets, 16), 16)
  store<f64>(residual, finish(p30, p31, r3, x, left) - load<f64>(targets, 24), 24)
  store<f64>(residual, finish(p40, p41, r4, x, left) - load<f64>(targets, 32), 32)
}

/** out += alpha (residual_0 row_0 + ... + residual_4 row_4), one row after the other. */
@inline
function add5(
  n: i32, alpha: f64, r0: usize, r1: usize, r2: usize, r3: usize, r4: usize, residual: usize, out: usize,
): void {
  const c0 = alpha * load<f64>(residual)
  const c1 = alpha * load<f64>(residual, 8)
  const c2 = alpha * load<f64>(residual, 16)
  const c3 = alpha * load<f64>(residual, 24)
  const c4 = alpha * load<f64>(residual, 32)
  const v0 = f64x2.splat(c0), v1 = f64x2.splat(c1), v2 = f64x2.splat(c2), v3 = f64x2.splat(c3), v4 = f64x2.splat(c4)
  for (const end = out + bytes<f64>(n & ~7); out < end; out += 64) {
    let s0 = v128.load(out), s1 = v128.load(out, 16), s2 = v128.load(out, 32), s3 = v128.load(out, 48)
    s0 = madd<f64>(v0, v128.load(r0), s0)
    s1 = madd<f64>(v0, v128.load(r0, 16), s1)
    s2 = madd<f64>(v0, v128.load(r0, 32), s2)
    s3 = madd<f64>(v0, v128.load(r0, 48), s3)
    r0 += 64
    s0 = madd<f64>(v1, v128.load(r1), s0)
    s1 = madd<f64>(v1, v128.load(r1, 16), s1)
    s2 = madd<f64>(v1, v128.load(r1, 32), s2)
    s3 = madd<f64>(v1, v128.load(r1, 48), s3)
    r1 += 64
    s0 = madd<f64>(v2, v128.load(r2), s0)
    s1 = madd<f64>(v2, v128.load(r2, 16), s1)
    s2 = madd<f64>(v2, v128.load(r2, 32), s2)
    s3 = madd<f64>(v2, v128.load(r2, 48), s3)
    r2 += 64
    s0 = madd<f64>(v3, v128.load(r3), s0)
    s1 = madd<f64>(v3, v128.load(r3, 16), s1)
    s2 = madd<f64>(v3, v128.load(r3, 32), s2)
    s3 = madd<f64>(v3, v128.load(r3, 48), s3)
    r3 += 64
    s0 = madd<f64>(v4, v128.load(r4), s0)
    s1 = madd<f64>(v4, v128.load(r4, 16), s1)
    s2 = madd<f64>(v4, v128.load(r4, 32), s2)
    s3 = madd<f64>(v4, v128.load(r4, 48), s3)
    r4 += 64
    v128.store(out, s0)
    v128.store(out, s1, 16)
    v128.store(out, s2, 32)
    v128.store(out, s3, 48)
  }
  for (const end = out + bytes<f64>(n & 6); out < end; out += 16) {
    let s0 = v128.load(out)
    s0 = madd<f64>(v0, v128.load(r0), s0)
    s0 = madd<f64>(v1, v128.load(r1), s0)
    s0 = madd<f64>(v2, v128.load(r2), s0)
    s0 = madd<f64>(v3, v128.load(r3), s0)
    v128.store(out, madd<f64>(v4, v128.load(r4), s0))
    r0 += 16
    r1 += 16
    r2 += 16
    r3 += 16
    r4 += 16
  }
  if (n & 1) {
    let s0 = load<f64>(out) + c0 * load<f64>(r0)
    s0 += c1 * load<f64>(r1)
    s0 += c2 * load<f64>(r2)
    s0 += c3 * load<f64>(r3)
    store<f64>(out, s0 + c4 * load<f64>(r4))
  }
}

/** The address of the k-th row in use: that of `rows`, or the k-th of all where it is 0. */
@inline
function row(a: usize, step: usize, rows: usize, k: i32): usize {
  return a + <usize>(rows == 0 ? k : load<i32>(rows + 4 * <usize>k)) * step
}

/**
 * residual_k = <row_k, x> - target_k and out = alpha sum_k residual_k row_k for `count` of the m rows of A, n numbers each.
 * Returns -1, or the first k whose row A does not have, with nothing written.
 */
export function residualGradient(
  m: i32, n: i32, a: usize, count: i32, rows: usize, x: usize, targets: usize, alpha: f64, residual: usize, out: usize,
): i32 {
  for (let k = 0; rows != 0 && k < count; k++) {
    if (load<u32>(rows + 4 * <usize>k) >= <u32>m) return k
  }
  residualOf(n, a, count, rows, x, targets, alpha, residual, out)
  return -1
}

/** The same of rows that A has. */
export function residualOf(
  n: i32, a: usize, count: i32, rows: usize, x: usize, targets: usize, alpha: f64, residual: usize, out: usize,
): void {
  const step = bytes<f64>(n)
  // a fill of memory is a call, which costs more than a few stores
  for (let at: usize = 0; at < step; at += 8) store<f64>(out + at, 0)
  let k = 0
  for (; k + 5 <= count; k += 5) {
    const r0 = row(a, step, rows, k)
    const r1 = row(a, step, rows, k + 1)
    const r2 = row(a, step, rows, k + 2)
    const r3 = row(a, step, rows, k + 3)
    const r4 = row(a, step, rows, k + 4)
    residual5(n, r0, r1, r2, r3, r4, x, targets, residual)
    add5(n, alpha, r0, r1, r2, r3, r4, residual, out)
    targets += 40
    residual += 40
  }
  for (; k < count; k++) {
    const r = row(a, step, rows, k)
    const value = dot(n, r, x) - load<f64>(targets)
    store<f64>(residual, value)
    addRow<f64>(n, alpha * value, r, out)
    targets += 8
    residual += 8
  }
}
