/** Whole runs of gradient descent on a quadratic: the twin of `reference/QuadraticDescent.ts`. */
import { symmetricProduct } from "./spectral"
import { bytes, zero } from "./simd"

/**
 * Takes up to `steps` steps x -= rate (A x + c), with A and c as `symmetricProduct` has them; returns how many: it stops before one with a change that is not
 * finite. `change` has room for n numbers.
 */
export function descendQuadratic(
  n: i32, steps: i32, rate: f64, a: usize, c: usize, x: usize, change: usize,
): i32 {
  const rates = f64x2.splat(rate)
  const whole = bytes<f64>(n & ~1)
  const end = bytes<f64>(n)
  for (let taken = 0; taken < steps; taken++) {
    symmetricProduct(n, a, x, c, change)
    // 0 where every change is finite
    let finite = zero()
    for (let at: usize = 0; at < whole; at += 16) {
      const moved = f64x2.mul(rates, v128.load(change + at))
      v128.store(change + at, moved)
      finite = f64x2.add(finite, f64x2.sub(moved, moved))
    }
    let last: f64 = 0
    if (whole < end) {
      const moved = rate * load<f64>(change + whole)
      store<f64>(change + whole, moved)
      last = moved - moved
    }
    if (f64x2.extract_lane(finite, 0) + f64x2.extract_lane(finite, 1) + last != 0) return taken
    for (let at: usize = 0; at < whole; at += 16) {
      v128.store(x + at, f64x2.sub(v128.load(x + at), v128.load(change + at)))
    }
    if (whole < end) store<f64>(x + whole, load<f64>(x + whole) - load<f64>(change + whole))
  }
  return steps
}
