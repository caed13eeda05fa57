/**
 * Elementwise functions of networks: value, slope (first derivative) and bend (second derivative).
 *
 * Everything is computed in float64, two elements at a time; float32 elements are widened, and rounded once at the end.
 */
import * as Of from "./constants"
import { number } from "./constants"
import { bytes, lanes, zero } from "./simd"
import { exp2, log } from "./elementary"

/** The numbers of the functions, as `Activation.ts` lists them. */
const identity = 0
const relu = 1
const tanh = 2
const sigmoid = 3
const softplus = 4
const square = 5
const cube = 6

/** tanh: a rational function below 0.625 (Cephes, Moshier 1989), else 1 - 2 / (e^2x + 1). */
function tanh2(x: v128): v128 {
  const a = f64x2.abs(x)
  const z = f64x2.mul(a, a)
  let p = f64x2.add(f64x2.mul(number(Of.tanhP0), z), number(Of.tanhP1))
  p = f64x2.add(f64x2.mul(p, z), number(Of.tanhP2))
  let q = f64x2.add(z, number(Of.tanhQ0))
  q = f64x2.add(f64x2.mul(q, z), number(Of.tanhQ1))
  q = f64x2.add(f64x2.mul(q, z), number(Of.tanhQ2))
  const near = f64x2.add(a, f64x2.mul(a, f64x2.mul(z, f64x2.div(p, q))))
  const far = f64x2.sub(number(Of.one), f64x2.div(number(Of.two), f64x2.add(exp2(f64x2.add(a, a)), number(Of.one))))
  const size = v128.bitselect(near, far, f64x2.lt(a, number(Of.nearLimit)))
  return v128.bitselect(x, size, i64x2.splat(i64.MIN_VALUE))
}

/** 1 / (1 + e^-x), from e^-|x| so that neither tail cancels. */
@inline
function sigmoid2(x: v128, e: v128): v128 {
  const d = f64x2.add(number(Of.one), e)
  return f64x2.div(v128.bitselect(e, number(Of.one), f64x2.lt(x, zero())), d)
}

/** log(1 + e) for 0 <= e <= 1. */
function log1p(e: f64): f64 {
  const w = 1 + e
  return log(w) - (w - 1 - e) / w
}

@inline
function softplus2(x: v128, e: v128): v128 {
  const low = log1p(f64x2.extract_lane(e, 0))
  const high = log1p(f64x2.extract_lane(e, 1))
  return f64x2.add(f64x2.pmax(zero(), x), f64x2.replace_lane(f64x2.splat(low), 1, high))
}

/** Two elements, widened; only the first where `single`. */
@inline
function read<T>(at: usize, single: bool): v128 {
  if (sizeof<T>() == 8) return single ? v128.load64_splat(at) : v128.load(at)
  return f64x2.promote_low_f32x4(single ? v128.load32_splat(at) : v128.load64_splat(at))
}

@inline
function write<T>(at: usize, x: v128, single: bool): void {
  if (single) {
    store<T>(at, <T>f64x2.extract_lane(x, 0))
  } else if (sizeof<T>() == 8) {
    v128.store(at, x)
  } else {
    v128.store64_lane(at, f32x4.demote_f64x2_zero(x), 0)
  }
}

@inline
function each<T>(kind: i32, n: i32, x: usize, value: usize, slope: usize): void {
  for (let i = 0; i < n; i += 2) {
    const at = bytes<T>(i)
    const single = i + 1 == n
    const z = read<T>(x + at, single)
    let v = z
    let s = number(Of.one)
    if (kind == relu) {
      // So that NaN stays.
      const off = f64x2.le(z, zero())
      v = v128.andnot(z, off)
      s = v128.andnot(s, off)
    } else if (kind == tanh) {
      v = tanh2(z)
      s = f64x2.sub(s, f64x2.mul(v, v))
    } else if (kind == sigmoid) {
      const e = exp2(f64x2.neg(f64x2.abs(z)))
      v = sigmoid2(z, e)
      const d = f64x2.add(number(Of.one), e)
      s = f64x2.div(f64x2.div(e, d), d)
    } else if (kind == softplus) {
      const e = exp2(f64x2.neg(f64x2.abs(z)))
      v = softplus2(z, e)
      s = sigmoid2(z, e)
    } else if (kind == square) {
      v = f64x2.mul(z, z)
      s = f64x2.add(z, z)
    } else if (kind == cube) {
      const w = f64x2.mul(z, z)
      v = f64x2.mul(w, z)
      s = f64x2.mul(number(Of.three), w)
    }
    write<T>(value + at, v, single)
    write<T>(slope + at, s, single)
  }
}

/** relu is exact, and needs no float64: whole vectors of any element, and what is left. */
@inline
function rectify<T>(n: i32, x: usize, value: usize, slope: usize): void {
  const ones = v128.splat<T>(1)
  const whole = n & ~(lanes<T>() - 1)
  const end = x + bytes<T>(whole)
  while (x < end) {
    const z = v128.load(x)
    // So that NaN stays.
    const off = v128.le<T>(z, zero())
    v128.store(value, v128.andnot(z, off))
    v128.store(slope, v128.andnot(ones, off))
    x += 16
    value += 16
    slope += 16
  }
  each<T>(relu, n - whole, x, value, slope)
}

/** value = phi(x), slope = phi'(x). */
export function activate<T>(kind: i32, n: i32, x: usize, value: usize, slope: usize): void {
  if (kind == identity) each<T>(identity, n, x, value, slope)
  else if (kind == relu) rectify<T>(n, x, value, slope)
  else if (kind == tanh) each<T>(tanh, n, x, value, slope)
  else if (kind == sigmoid) each<T>(sigmoid, n, x, value, slope)
  else if (kind == softplus) each<T>(softplus, n, x, value, slope)
  else if (kind == square) each<T>(square, n, x, value, slope)
  else if (kind == cube) each<T>(cube, n, x, value, slope)
}
