/**
 * Eigenvalues of many small symmetric tridiagonal matrices, four at a time: one alone waits for its divisions.
 *
 * Each lane goes through the steps of `rootFreeQL` in `src/TridiagonalQL.ts` for its own matrix, so its bits do not depend on the
 * others. A sweep runs over the rows that any of the four needs; lanes that are not in it keep what they have.
 */
import { bytes } from "./simd"

const width: i32 = 4
/** Bytes from a row of four lanes to the next. */
const row: usize = 32
/** 2^-106 */
const epsilonSquared: f64 = 1.232595164407831e-32
const smallestNormal: f64 = 2.2250738585072014e-308
const sweepLimit: i32 = 60

/** In memory, because V8 makes a constant vector again at each use. */
const table = memory.data<f64>([1e280, 1e-30])
/** Quotients up to here are multiplied by. */
const most: usize = 0
/** Squares of negligible off-diagonals are smaller, because no diagonal entry passes 6: a search for one may be worth it. */
const least: usize = 8

@inline
function number(at: usize): v128 {
  return v128.load64_splat(table + at)
}

@inline
function pair(a: i32, b: i32): v128 {
  return f64x2.replace_lane(f64x2.splat(<f64>a), 1, <f64>b)
}

/** The numbers at two addresses. */
@inline
function gather(a: usize, b: usize): v128 {
  return v128.load64_lane(b, v128.load64_zero(a), 1)
}

/** Stores the value in the lanes of the mask. */
@inline
function keep(mask: v128, to: usize, value: v128): void {
  v128.store(to, v128.bitselect(value, v128.load(to), mask))
}

/** Whether the off-diagonal below a row of a lane counts as 0. */
@inline
function negligible(d: usize, e: usize): bool {
  return load<f64>(e) <= epsilonSquared * abs(load<f64>(d)) * abs(load<f64>(d + row)) + smallestNormal
}

/** A power of two within a factor 2 below x > 0, from 2^-1021 to 2^1022; 1 for 0. */
@inline
function powerOfTwoNear(x: f64): f64 {
  if (x == 0) return 1
  return reinterpret<f64>(min<i64>(2045, max<i64>(2, reinterpret<i64>(x) >> 52)) << 52)
}

/** Brings a matrix into its lane, divided by a power of two near its largest entry, off-diagonals squared; 0 if it is not finite. */
function bring(n: i32, diagonal: usize, off: usize, d: usize, e: usize): f64 {
  let peak: f64 = 0
  for (let i = 0; i < n; i++) peak = max(peak, abs(load<f64>(diagonal + bytes<f64>(i))))
  for (let i = 0; i < n - 1; i++) peak = max(peak, abs(load<f64>(off + bytes<f64>(i))))
  if (!(peak < Infinity)) return 0
  const scale = powerOfTwoNear(peak)
  const factor = 1 / scale
  for (let i = 0; i < n; i++) {
    store<f64>(d, load<f64>(diagonal + bytes<f64>(i)) * factor)
    d += row
  }
  for (let i = 0; i < n - 1; i++) {
    const x = load<f64>(off + bytes<f64>(i)) * factor
    store<f64>(e, x * x)
    e += row
  }
  // the last row has no off-diagonal: its square is never negligible, so no search goes past it
  store<f64>(e, NaN)
  return scale
}

/** The last row of the block of a lane that begins at `first`; what couples it to the next becomes 0. */
function lastOf(n: i32, first: i32, d: usize, e: usize): i32 {
  let last = first
  while (last < n - 1 && !negligible(d + <usize>last * row, e + <usize>last * row)) last++
  if (last < n - 1) store<f64>(e + <usize>last * row, 0)
  return last
}

/** Wilkinson's shift, from the first off-diagonal, squared, of a block and the entries beside it. */
@inline
function shiftOf(square: v128, here: v128, after: v128): v128 {
  const root = f64x2.sqrt(square)
  const start = f64x2.div(f64x2.sub(after, here), f64x2.mul(f64x2.splat(2), root))
  const length = f64x2.sqrt(f64x2.add(f64x2.mul(start, start), f64x2.splat(1)))
  const sign = v128.and(f64x2.lt(start, f64x2.splat(0)), i64x2.splat(i64.MIN_VALUE))
  return f64x2.sub(here, f64x2.div(root, f64x2.add(start, v128.xor(length, sign))))
}

/** The last factor of a step, where 1 / c is too large to be multiplied by. */
function careful(unusual: v128, p: v128, c: v128, gamma: v128, oldC: v128, square: v128): v128 {
  const none = f64x2.eq(c, f64x2.splat(0))
  const quotient = f64x2.div(f64x2.mul(gamma, gamma), c)
  return v128.bitselect(v128.bitselect(f64x2.mul(oldC, square), quotient, none), p, unusual)
}

/** Turns the four matrices into eigenvalues, unsorted; returns -1, or the first lane that does not converge. */
function iterate(n: i32, d: usize, e: usize): i32 {
  const one = f64x2.splat(1)
  // the first and last rows of the blocks of the lanes
  let a0 = 0, a1 = 0, a2 = 0, a3 = 0
  let b0 = 0, b1 = 0, b2 = 0, b3 = 0
  // whether an off-diagonal inside of a block may be negligible
  let split = 1
  for (let round = 0; ; round++) {
    // past the rows that are eigenvalues already
    while (true) {
      const at0 = <usize>a0 * row, at1 = <usize>a1 * row + 8, at2 = <usize>a2 * row + 16, at3 = <usize>a3 * row + 24
      const done0 = <i32>negligible(d + at0, e + at0)
      const done1 = <i32>negligible(d + at1, e + at1)
      const done2 = <i32>negligible(d + at2, e + at2)
      const done3 = <i32>negligible(d + at3, e + at3)
      a0 += done0
      a1 += done1
      a2 += done2
      a3 += done3
      if ((done0 | done1 | done2 | done3) == 0) break
    }
    const bottom = min(min(a0, a1), min(a2, a3))
    if (bottom == n - 1) return -1
    if (round == sweepLimit * n) return a0 < n - 1 ? 0 : a1 < n - 1 ? 1 : a2 < n - 1 ? 2 : 3
    if (split | <i32>(a0 >= b0) | <i32>(a1 >= b1) | <i32>(a2 >= b2) | <i32>(a3 >= b3)) {
      b0 = lastOf(n, a0, d, e)
      b1 = lastOf(n, a1, d + 8, e + 8)
      b2 = lastOf(n, a2, d + 16, e + 16)
      b3 = lastOf(n, a3, d + 24, e + 24)
    }
    const inner = max(max(a0, a1), max(a2, a3))
    const outer = min(min(b0, b1), min(b2, b3)) - 1
    const top = max(max(b0, b1), max(b2, b3))
    const at0 = <usize>a0 * row, at1 = <usize>a1 * row + 8, at2 = <usize>a2 * row + 16, at3 = <usize>a3 * row + 24
    const sigma0 = shiftOf(gather(e + at0, e + at1), gather(d + at0, d + at1), gather(d + at0 + row, d + at1 + row))
    const sigma1 = shiftOf(gather(e + at2, e + at3), gather(d + at2, d + at3), gather(d + at2 + row, d + at3 + row))
    const first0 = pair(a0, a1), first1 = pair(a2, a3)
    const last0 = pair(b0, b1), last1 = pair(b2, b3)

    let c0 = one, c1 = one
    let s0 = f64x2.splat(0), s1 = s0
    let p0 = one, p1 = one
    let gamma0 = one, gamma1 = one
    let split0 = s0, split1 = s0
    // the row above that of the step
    let x = d + <usize>top * row
    let y = e + <usize>top * row
    for (let i = top - 1; i >= bottom; i--) {
      if (i >= outer) {
        // lanes whose block ends in the row above begin
        const above = f64x2.splat(<f64>(i + 1))
        const begins0 = f64x2.eq(last0, above), begins1 = f64x2.eq(last1, above)
        const start0 = f64x2.sub(v128.load(x), sigma0), start1 = f64x2.sub(v128.load(x, 16), sigma1)
        gamma0 = v128.bitselect(start0, gamma0, begins0)
        gamma1 = v128.bitselect(start1, gamma1, begins1)
        p0 = v128.bitselect(f64x2.mul(start0, start0), p0, begins0)
        p1 = v128.bitselect(f64x2.mul(start1, start1), p1, begins1)
        c0 = v128.bitselect(one, c0, begins0)
        c1 = v128.bitselect(one, c1, begins1)
        s0 = v128.andnot(s0, begins0)
        s1 = v128.andnot(s1, begins1)
      }
      const square0 = v128.load(y - row), square1 = v128.load(y - row, 16)
      const r0 = f64x2.add(p0, square0), r1 = f64x2.add(p1, square1)
      const rise0 = f64x2.mul(s0, r0), rise1 = f64x2.mul(s1, r1)
      const oldC0 = c0, oldC1 = c1
      const oldGamma0 = gamma0, oldGamma1 = gamma1
      c0 = f64x2.div(p0, r0)
      c1 = f64x2.div(p1, r1)
      s0 = f64x2.div(square0, r0)
      s1 = f64x2.div(square1, r1)
      const unusual0 = f64x2.ge(r0, f64x2.mul(number(most), p0))
      const unusual1 = f64x2.ge(r1, f64x2.mul(number(most), p1))
      const inverse0 = f64x2.div(r0, p0), inverse1 = f64x2.div(r1, p1)
      const alpha0 = v128.load(x - row), alpha1 = v128.load(x - row, 16)
      gamma0 = f64x2.sub(f64x2.mul(c0, f64x2.sub(alpha0, sigma0)), f64x2.mul(s0, oldGamma0))
      gamma1 = f64x2.sub(f64x2.mul(c1, f64x2.sub(alpha1, sigma1)), f64x2.mul(s1, oldGamma1))
      const value0 = f64x2.add(oldGamma0, f64x2.sub(alpha0, gamma0))
      const value1 = f64x2.add(oldGamma1, f64x2.sub(alpha1, gamma1))
      p0 = f64x2.mul(f64x2.mul(gamma0, gamma0), inverse0)
      p1 = f64x2.mul(f64x2.mul(gamma1, gamma1), inverse1)
      if (v128.any_true(v128.or(unusual0, unusual1))) {
        p0 = careful(unusual0, p0, c0, gamma0, oldC0, square0)
        p1 = careful(unusual1, p1, c1, gamma1, oldC1, square1)
      }
      if (i > inner && i < outer) {
        v128.store(x, value0)
        v128.store(x, value1, 16)
        v128.store(y, rise0)
        v128.store(y, rise1, 16)
        split0 = v128.or(split0, f64x2.le(rise0, number(least)))
        split1 = v128.or(split1, f64x2.le(rise1, number(least)))
      } else {
        // only lanes whose block has this row
        const here = f64x2.splat(<f64>i)
        const above = f64x2.splat(<f64>(i + 1))
        const in0 = v128.and(f64x2.le(first0, here), f64x2.ge(last0, above))
        const in1 = v128.and(f64x2.le(first1, here), f64x2.ge(last1, above))
        keep(in0, x, value0)
        keep(in1, x + 16, value1)
        const inside0 = v128.and(in0, f64x2.gt(last0, above))
        const inside1 = v128.and(in1, f64x2.gt(last1, above))
        keep(inside0, y, rise0)
        keep(inside1, y + 16, rise1)
        split0 = v128.or(split0, v128.and(inside0, f64x2.le(rise0, number(least))))
        split1 = v128.or(split1, v128.and(inside1, f64x2.le(rise1, number(least))))
        if (i <= inner) {
          const ends0 = f64x2.eq(first0, here), ends1 = f64x2.eq(first1, here)
          keep(ends0, x - row, f64x2.add(sigma0, gamma0))
          keep(ends1, x - row + 16, f64x2.add(sigma1, gamma1))
          keep(ends0, y - row, f64x2.mul(s0, p0))
          keep(ends1, y - row + 16, f64x2.mul(s1, p1))
        }
      }
      x -= row
      y -= row
    }
    split = <i32>v128.any_true(v128.or(split0, split1))
  }
  return -1
}

/** Sorts the rows in each lane by exchanges of neighbours, which need no branches. */
function sort(n: i32, d: usize): void {
  for (let i = 1; i < n; i++) {
    let at = d + <usize>i * row
    let x0 = v128.load(at), x1 = v128.load(at, 16)
    for (; at > d; at -= row) {
      const y0 = v128.load(at - row), y1 = v128.load(at - row, 16)
      v128.store(at, f64x2.max(y0, x0))
      v128.store(at, f64x2.max(y1, x1), 16)
      x0 = f64x2.min(y0, x0)
      x1 = f64x2.min(y1, x1)
    }
    v128.store(d, x0)
    v128.store(d, x1, 16)
  }
}

/** Up to four matrices; returns -1, or the first that is not finite or does not converge. */
function solve(filled: i32, n: i32, diagonal: usize, off: usize, values: usize, work: usize): i32 {
  const d = work + row
  const e = d + <usize>n * row
  for (let k = 0; k < width; k++) {
    // spare lanes do the work of the last matrix again
    const from = min(k, filled - 1)
    const lane = bytes<f64>(k)
    const scale = bring(n, diagonal + bytes<f64>(from * n), off + bytes<f64>(from * (n - 1)), d + lane, e + lane)
    if (scale == 0) return k
    store<f64>(work + lane, scale)
  }
  const failed = iterate(n, d, e)
  if (failed >= 0) return failed
  const scale0 = v128.load(work), scale1 = v128.load(work, 16)
  for (let at = d; at < e; at += row) {
    v128.store(at, f64x2.mul(v128.load(at), scale0))
    v128.store(at, f64x2.mul(v128.load(at, 16), scale1), 16)
  }
  sort(n, d)
  for (let k = 0; k < filled; k++) {
    for (let at = d + bytes<f64>(k); at < e; at += row) {
      store<f64>(values, load<f64>(at))
      values += 8
    }
  }
  return -1
}

/**
 * The eigenvalues, ascending, of `count` matrices, n and n - 1 numbers each; returns -1, or the first matrix that is not finite or
 * does not converge. Work: 32 + 64 n bytes.
 */
export function tridiagonalBatched(
  count: i32, n: i32, diagonal: usize, off: usize, values: usize, work: usize,
): i32 {
  if (n == 0) return -1
  for (let done = 0; done < count; done += width) {
    const failed = solve(min(width, count - done), n, diagonal, off, values, work)
    if (failed >= 0) return done + failed
    diagonal += bytes<f64>(width * n)
    off += bytes<f64>(width * (n - 1))
    values += bytes<f64>(width * n)
  }
  return -1
}
