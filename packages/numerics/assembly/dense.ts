/** Steps of small descents on (x - c)^T H (x - c) / 2, two points in the lanes of a vector: the twin of `reference/Descent.ts`, where `descent.ts` says when they stop. */
import { least, normalised, reach, within } from "./descent"
import { at, bytes, multiplyAdd, zero } from "./simd"

let squares: v128 = zero()
let losses: v128 = zero()

/** H times what is at `offset`, with its squares and the sizes of the terms of the loss; n vectors each, and a row in the order of a product of vectors. */
@inline
function multiply(n: i32, hessian: usize, offset: usize, gradient: usize): void {
  const row = bytes<f64>(n)
  const whole = bytes<f64>(n & ~3)
  squares = zero()
  losses = zero()
  let h = hessian
  for (let i = 0; i < n; i++) {
    let s0 = zero(), s1 = zero(), s2 = zero(), s3 = zero()
    let j: usize = 0
    let p = offset
    for (; j < whole; j += 32) {
      s0 = multiplyAdd(v128.load64_splat(h + j), at(p), s0)
      s1 = multiplyAdd(v128.load64_splat(h + j, 8), v128.load(p, 16), s1)
      s2 = multiplyAdd(v128.load64_splat(h + j, 16), v128.load(p, 32), s2)
      s3 = multiplyAdd(v128.load64_splat(h + j, 24), v128.load(p, 48), s3)
      p += 64
    }
    for (; j < row; j += 8) {
      s0 = multiplyAdd(v128.load64_splat(h + j), at(p), s0)
      p += 16
    }
    const g = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3))
    const place = <usize>i << 4
    v128.store(gradient + place, g)
    squares = multiplyAdd(g, g, squares)
    losses = f64x2.add(losses, f64x2.abs(f64x2.mul(g, at(offset + place))))
    h += row
  }
}

/** One step, with ones in the lanes where it is ordinary; `gradient` holds 2 n vectors. */
export function stepDense(
  kind: i32, rate: v128, radius: v128, n: i32, hessian: usize, center: usize, from: usize, to: usize, gradient: usize,
): v128 {
  const size = <usize>n << 4
  const offset = gradient + size
  for (let i: usize = 0; i < size; i += 16) v128.store(offset + i, f64x2.sub(at(from + i), v128.load64_splat(center + (i >> 1))))
  multiply(n, hessian, offset, gradient)
  let ordinary = v128.and(within(squares, kind == normalised ? least : 0), within(losses, 0))
  if (kind != 0) {
    const scale = reach(kind, radius, squares)
    for (let i: usize = 0; i < size; i += 16) {
      const perturbed = f64x2.add(at(from + i), f64x2.mul(scale, at(gradient + i)))
      v128.store(offset + i, f64x2.sub(perturbed, v128.load64_splat(center + (i >> 1))))
    }
    multiply(n, hessian, offset, gradient)
    ordinary = v128.and(v128.and(ordinary, within(scale, 0)), v128.and(within(squares, 0), within(losses, 0)))
  }
  for (let i: usize = 0; i < size; i += 16) v128.store(to + i, f64x2.sub(at(from + i), f64x2.mul(rate, at(gradient + i))))
  return ordinary
}
