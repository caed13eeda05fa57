/**
 * One step of Householder tridiagonalisation: the rank-two update that the last step left pending, and the product with the next
 * Householder vector, in one pass over the lower triangle. The twins are in `src/kernels/reference/Tridiagonal.ts`.
 *
 * Sums along a row run in two accumulators, even and odd columns, added at the end; the diagonal comes last.
 */
import { bytes, zero } from "./simd"

@inline
function both(sum: v128): f64 {
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
}

/** A -= v w^T + w v^T and p = A u with the new A, on the leading k rows of the lower triangle of a, with n elements a row. */
export function symmetricStep(n: i32, k: i32, a: usize, u: usize, v: usize, w: usize, p: usize): void {
  const stride = bytes<f64>(n)
  memory.fill(p, 0, bytes<f64>(k))
  let i = 0
  for (; i + 2 <= k; i += 2) {
    const at = bytes<f64>(i)
    const v0 = load<f64>(v + at), v1 = load<f64>(v + at, 8)
    const w0 = load<f64>(w + at), w1 = load<f64>(w + at, 8)
    const u0 = load<f64>(u + at), u1 = load<f64>(u + at, 8)
    const vs0 = f64x2.splat(v0), vs1 = f64x2.splat(v1)
    const ws0 = f64x2.splat(w0), ws1 = f64x2.splat(w1)
    const us0 = f64x2.splat(u0), us1 = f64x2.splat(u1)
    let s0 = zero(), s1 = zero()
    let r0 = a + <usize>i * stride
    let r1 = r0 + stride
    for (let j: usize = 0; j < at; j += 16) {
      const vj = v128.load(v + j)
      const wj = v128.load(w + j)
      const uj = v128.load(u + j)
      const a0 = f64x2.sub(v128.load(r0), f64x2.add(f64x2.mul(vs0, wj), f64x2.mul(ws0, vj)))
      const a1 = f64x2.sub(v128.load(r1), f64x2.add(f64x2.mul(vs1, wj), f64x2.mul(ws1, vj)))
      v128.store(r0, a0)
      v128.store(r1, a1)
      s0 = f64x2.add(s0, f64x2.mul(a0, uj))
      s1 = f64x2.add(s1, f64x2.mul(a1, uj))
      v128.store(p + j, f64x2.add(v128.load(p + j), f64x2.add(f64x2.mul(a0, us0), f64x2.mul(a1, us1))))
      r0 += 16
      r1 += 16
    }
    const d0 = load<f64>(r0) - 2 * v0 * w0
    const c = load<f64>(r1) - (v1 * w0 + w1 * v0)
    const d1 = load<f64>(r1, 8) - 2 * v1 * w1
    store<f64>(r0, d0)
    store<f64>(r1, c)
    store<f64>(r1, d1, 8)
    store<f64>(p + at, load<f64>(p + at) + both(s0) + d0 * u0 + c * u1)
    store<f64>(p + at, load<f64>(p + at, 8) + both(s1) + c * u0 + d1 * u1, 8)
  }
  if (i < k) {
    const at = bytes<f64>(i)
    const v0 = load<f64>(v + at)
    const w0 = load<f64>(w + at)
    const u0 = load<f64>(u + at)
    const vs = f64x2.splat(v0), ws = f64x2.splat(w0), us = f64x2.splat(u0)
    let s = zero()
    let r = a + <usize>i * stride
    for (let j: usize = 0; j < at; j += 16) {
      const value = f64x2.sub(v128.load(r), f64x2.add(f64x2.mul(vs, v128.load(w + j)), f64x2.mul(ws, v128.load(v + j))))
      v128.store(r, value)
      s = f64x2.add(s, f64x2.mul(value, v128.load(u + j)))
      v128.store(p + j, f64x2.add(v128.load(p + j), f64x2.mul(value, us)))
      r += 16
    }
    const d = load<f64>(r) - 2 * v0 * w0
    store<f64>(r, d)
    store<f64>(p + at, load<f64>(p + at) + both(s) + d * u0)
  }
}

/** The sums of two rows, each of its even and odd columns. */
@inline
function sums(s: v128, t: v128): v128 {
  return f64x2.add(i64x2.shuffle(s, t, 0, 2), i64x2.shuffle(s, t, 1, 3))
}

/** y = A x + c from the lower triangle of the symmetric a, n elements a row; c = 0 is no vector. */
export function symmetricProduct(n: i32, a: usize, x: usize, c: usize, y: usize): void {
  symmetricPart(n, a, x, c, y, 0, n)
}

/**
 * The elements `from` to `end` - 1 of `symmetricProduct`, multiples of four both, or the end that of all. Four rows at a time: c and what lies left of the diagonal
 * block, with sums as above, then the block, column by column; what lies left of it is part of the elements of its columns too. Each element is summed in the same order
 * whatever the part.
 */
export function symmetricPart(n: i32, a: usize, x: usize, c: usize, y: usize, from: i32, end: i32): void {
  const stride = bytes<f64>(n)
  const first = bytes<f64>(from)
  let i = from
  for (; i + 4 <= end; i += 4) {
    const at = bytes<f64>(i)
    const xs0 = v128.load64_splat(x + at), xs1 = v128.load64_splat(x + at, 8)
    const xs2 = v128.load64_splat(x + at, 16), xs3 = v128.load64_splat(x + at, 24)
    let s0 = zero(), s1 = zero(), s2 = zero(), s3 = zero()
    let r0 = a + <usize>i * stride
    let r1 = r0 + stride
    let r2 = r1 + stride
    let r3 = r2 + stride
    for (let j: usize = 0; j < first; j += 16) {
      const xj = v128.load(x + j)
      s0 = f64x2.add(s0, f64x2.mul(v128.load(r0 + j), xj))
      s1 = f64x2.add(s1, f64x2.mul(v128.load(r1 + j), xj))
      s2 = f64x2.add(s2, f64x2.mul(v128.load(r2 + j), xj))
      s3 = f64x2.add(s3, f64x2.mul(v128.load(r3 + j), xj))
    }
    for (let j = first; j < at; j += 16) {
      const a0 = v128.load(r0 + j)
      const a1 = v128.load(r1 + j)
      const a2 = v128.load(r2 + j)
      const a3 = v128.load(r3 + j)
      const xj = v128.load(x + j)
      s0 = f64x2.add(s0, f64x2.mul(a0, xj))
      s1 = f64x2.add(s1, f64x2.mul(a1, xj))
      s2 = f64x2.add(s2, f64x2.mul(a2, xj))
      s3 = f64x2.add(s3, f64x2.mul(a3, xj))
      const t = f64x2.add(f64x2.mul(a0, xs0), f64x2.mul(a1, xs1))
      const u = f64x2.add(f64x2.mul(a2, xs2), f64x2.mul(a3, xs3))
      v128.store(y + j, f64x2.add(v128.load(y + j), f64x2.add(t, u)))
    }
    r0 += at
    r1 += at
    r2 += at
    r3 += at
    // The columns of the block from its lower triangle, for two rows at a time.
    const d0 = v128.load64_splat(r0), b1 = v128.load(r1), b2 = v128.load(r2), b3 = v128.load(r3)
    const d2 = v128.load64_splat(r2, 16), e3 = v128.load(r3, 16)
    let low = sums(s0, s1)
    let high = sums(s2, s3)
    if (c != 0) {
      low = f64x2.add(v128.load(c + at), low)
      high = f64x2.add(v128.load(c + at, 16), high)
    }
    low = f64x2.add(low, f64x2.mul(i64x2.shuffle(d0, b1, 0, 2), xs0))
    low = f64x2.add(low, f64x2.mul(b1, xs1))
    low = f64x2.add(low, f64x2.mul(b2, xs2))
    v128.store(y + at, f64x2.add(low, f64x2.mul(b3, xs3)))
    high = f64x2.add(high, f64x2.mul(i64x2.shuffle(b2, b3, 0, 2), xs0))
    high = f64x2.add(high, f64x2.mul(i64x2.shuffle(b2, b3, 1, 3), xs1))
    high = f64x2.add(high, f64x2.mul(i64x2.shuffle(d2, e3, 0, 2), xs2))
    v128.store(y + at, f64x2.add(high, f64x2.mul(e3, xs3)), 16)
  }
  below(n, i, a, x, y, first, bytes<f64>(end & ~3))
  if (end < n) return
  const left = n - i
  const at = bytes<f64>(i)
  for (let r = 0; r < left; r++) {
    const row = a + <usize>(i + r) * stride
    let s = zero()
    for (let j: usize = 0; j < at; j += 16) s = f64x2.add(s, f64x2.mul(v128.load(row + j), v128.load(x + j)))
    const sum = both(s)
    store<f64>(y + at + bytes<f64>(r), c == 0 ? sum : load<f64>(c + at + bytes<f64>(r)) + sum)
  }
  corner(left, a + <usize>i * stride + at, stride, x + at, y + at)
}

/** What the rows below a part add to its elements, those of the columns `first` to `end`, in bytes: four rows from row i on, then one after the other. */
@inline
function below(n: i32, i: i32, a: usize, x: usize, y: usize, first: usize, end: usize): void {
  const stride = bytes<f64>(n)
  for (; i + 4 <= n; i += 4) {
    const at = bytes<f64>(i)
    const xs0 = v128.load64_splat(x + at), xs1 = v128.load64_splat(x + at, 8)
    const xs2 = v128.load64_splat(x + at, 16), xs3 = v128.load64_splat(x + at, 24)
    const r0 = a + <usize>i * stride
    const r1 = r0 + stride
    const r2 = r1 + stride
    const r3 = r2 + stride
    for (let j = first; j < end; j += 16) {
      const t = f64x2.add(f64x2.mul(v128.load(r0 + j), xs0), f64x2.mul(v128.load(r1 + j), xs1))
      const u = f64x2.add(f64x2.mul(v128.load(r2 + j), xs2), f64x2.mul(v128.load(r3 + j), xs3))
      v128.store(y + j, f64x2.add(v128.load(y + j), f64x2.add(t, u)))
    }
  }
  for (; i < n; i++) {
    const row = a + <usize>i * stride
    const xs = v128.load64_splat(x + bytes<f64>(i))
    for (let j = first; j < end; j += 16) {
      v128.store(y + j, f64x2.add(v128.load(y + j), f64x2.mul(v128.load(row + j), xs)))
    }
  }
}

/** y += A x for the lower triangle of a small symmetric block. */
function corner(rows: i32, a: usize, stride: usize, x: usize, y: usize): void {
  for (let r = 0; r < rows; r++) {
    const xr = load<f64>(x + bytes<f64>(r))
    let sum = load<f64>(y + bytes<f64>(r))
    for (let c = 0; c < r; c++) {
      const value = load<f64>(a + bytes<f64>(c))
      sum += value * load<f64>(x + bytes<f64>(c))
      store<f64>(y + bytes<f64>(c), load<f64>(y + bytes<f64>(c)) + value * xr)
    }
    store<f64>(y + bytes<f64>(r), sum + load<f64>(a + bytes<f64>(r)) * xr)
    a += stride
  }
}

/**
 * The step for a Hermitian matrix with parts re and im: A -= v w^H + w v^H, p = A u. Imaginary parts of the vectors lie n
 * elements behind the real ones.
 */
export function hermitianStep(
  n: i32, k: i32, re: usize, im: usize, u: usize, v: usize, w: usize, p: usize,
): void {
  const stride = bytes<f64>(n)
  const ui = u + stride
  const vi = v + stride
  const wi = w + stride
  const pi = p + stride
  memory.fill(p, 0, bytes<f64>(k))
  memory.fill(pi, 0, bytes<f64>(k))
  for (let i = 0; i < k; i++) {
    const at = bytes<f64>(i)
    const xr = load<f64>(v + at), xi = load<f64>(vi + at)
    const yr = load<f64>(w + at), yi = load<f64>(wi + at)
    const zr = load<f64>(u + at), zi = load<f64>(ui + at)
    const xrs = f64x2.splat(xr), xis = f64x2.splat(xi)
    const yrs = f64x2.splat(yr), yis = f64x2.splat(yi)
    const zrs = f64x2.splat(zr), zis = f64x2.splat(zi)
    let srs = zero(), sis = zero()
    const row = re + <usize>i * stride
    const column = im + <usize>i * stride
    const whole = bytes<f64>(i & ~1)
    let j: usize = 0
    for (; j < whole; j += 16) {
      const cr = v128.load(w + j), ci = v128.load(wi + j)
      const br = v128.load(v + j), bi = v128.load(vi + j)
      const ar = f64x2.sub(
        v128.load(row + j),
        f64x2.add(
          f64x2.add(f64x2.mul(xrs, cr), f64x2.mul(xis, ci)), f64x2.add(f64x2.mul(yrs, br), f64x2.mul(yis, bi)),
        ),
      )
      const ai = f64x2.sub(
        v128.load(column + j),
        f64x2.add(
          f64x2.sub(f64x2.mul(xis, cr), f64x2.mul(xrs, ci)), f64x2.sub(f64x2.mul(yis, br), f64x2.mul(yrs, bi)),
        ),
      )
      v128.store(row + j, ar)
      v128.store(column + j, ai)
      const er = v128.load(u + j), ei = v128.load(ui + j)
      srs = f64x2.add(srs, f64x2.sub(f64x2.mul(ar, er), f64x2.mul(ai, ei)))
      sis = f64x2.add(sis, f64x2.add(f64x2.mul(ar, ei), f64x2.mul(ai, er)))
      v128.store(p + j, f64x2.add(v128.load(p + j), f64x2.add(f64x2.mul(ar, zrs), f64x2.mul(ai, zis))))
      v128.store(pi + j, f64x2.add(v128.load(pi + j), f64x2.sub(f64x2.mul(ar, zis), f64x2.mul(ai, zrs))))
    }
    let sr = f64x2.extract_lane(srs, 0)
    let si = f64x2.extract_lane(sis, 0)
    if (j < at) {
      const cr = load<f64>(w + j), ci = load<f64>(wi + j)
      const br = load<f64>(v + j), bi = load<f64>(vi + j)
      const ar = load<f64>(row + j) - (xr * cr + xi * ci + (yr * br + yi * bi))
      const ai = load<f64>(column + j) - (xi * cr - xr * ci + (yi * br - yr * bi))
      store<f64>(row + j, ar)
      store<f64>(column + j, ai)
      const er = load<f64>(u + j), ei = load<f64>(ui + j)
      sr += ar * er - ai * ei
      si += ar * ei + ai * er
      store<f64>(p + j, load<f64>(p + j) + (ar * zr + ai * zi))
      store<f64>(pi + j, load<f64>(pi + j) + (ar * zi - ai * zr))
    }
    const d = load<f64>(row + at) - 2 * (xr * yr + xi * yi)
    store<f64>(row + at, d)
    store<f64>(p + at, load<f64>(p + at) + (sr + f64x2.extract_lane(srs, 1)) + d * zr)
    store<f64>(pi + at, load<f64>(pi + at) + (si + f64x2.extract_lane(sis, 1)) + d * zi)
  }
}
