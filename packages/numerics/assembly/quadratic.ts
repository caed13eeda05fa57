/** Whole runs of gradient descent on a quadratic, accelerated or not: the twin of `reference/QuadraticDescent.ts`. */
import { symmetricProduct } from "./spectral"
import { at, bytes, zero } from "./simd"

/** Two numbers, or one and a zero. */
@inline
function read(address: usize, isLast: bool): v128 {
  return isLast ? v128.load64_zero(address) : at(address)
}

@inline
function write(address: usize, value: v128, isLast: bool): void {
  if (isLast) v128.store64_lane(address, value, 0)
  else v128.store(address, value)
}

let rates: v128 = zero()
let strengths: v128 = zero()

/** What the point loses, or where it comes to, in place of the gradient at `change`; zeros where that is finite. */
@inline
function move(i: usize, isLast: bool, y: usize, error: usize, center: usize, isAhead: bool, change: usize): v128 {
  let answer = read(change + i, isLast)
  if (error != 0) answer = f64x2.add(answer, read(error + i, isLast))
  if (center != 0) {
    const away = f64x2.sub(read(y + i, isLast), read(center + i, isLast))
    answer = f64x2.add(answer, f64x2.mul(strengths, away))
  }
  let moved = f64x2.mul(rates, answer)
  if (isAhead) moved = f64x2.sub(read(y + i, isLast), moved)
  write(change + i, moved, isLast)
  return f64x2.sub(moved, moved)
}

@inline
function leave(i: usize, isLast: bool, x: usize, change: usize): void {
  write(x + i, f64x2.sub(read(x + i, isLast), read(change + i, isLast)), isLast)
}

@inline
function glide(i: usize, isLast: bool, momentum: v128, x: usize, y: usize, change: usize): void {
  const next = read(change + i, isLast)
  const further = f64x2.mul(momentum, f64x2.sub(next, read(x + i, isLast)))
  write(y + i, f64x2.add(next, further), isLast)
  write(x + i, next, isLast)
}

/**
 * Takes up to `steps` steps x -= rate (A x + c), with A and c as `symmetricProduct` has them; returns how many: it stops before one with a change that is not
 * finite. Where it is not 0, `error` is added to each gradient, and where `center` is not, strength (x - center) then; where `ahead` is not, steps are accelerated, from there and
 * by their `momenta`. `change` has room for n numbers.
 */
export function descendQuadratic(
  n: i32, steps: i32, rate: f64, a: usize, c: usize, x: usize, error: usize, strength: f64, center: usize,
  ahead: usize, momenta: usize, change: usize,
): i32 {
  rates = f64x2.splat(rate)
  strengths = f64x2.splat(strength)
  const whole = bytes<f64>(n & ~1)
  const isOdd = whole < bytes<f64>(n)
  const isAhead = ahead != 0
  const y = isAhead ? ahead : x
  for (let taken = 0; taken < steps; taken++) {
    symmetricProduct(n, a, y, c, change)
    // 0 where every change, or every next point, is finite
    let finite = zero()
    for (let i: usize = 0; i < whole; i += 16) finite = f64x2.add(finite, move(i, false, y, error, center, isAhead, change))
    if (isOdd) finite = f64x2.add(finite, move(whole, true, y, error, center, isAhead, change))
    if (!i64x2.all_true(f64x2.eq(finite, zero()))) return taken
    if (isAhead) {
      const momentum = v128.load64_splat(momenta + bytes<f64>(taken))
      for (let i: usize = 0; i < whole; i += 16) glide(i, false, momentum, x, y, change)
      if (isOdd) glide(whole, true, momentum, x, y, change)
    } else {
      for (let i: usize = 0; i < whole; i += 16) leave(i, false, x, change)
      if (isOdd) leave(whole, true, x, change)
    }
  }
  return steps
}
