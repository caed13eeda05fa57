/** Whole runs of small descents on quadratics in n variables, as `descendProduct` of `descent.ts` has them in two. */
import { stepDense } from "./dense"
import { settle, stepDiagonal } from "./descent"

/** Up to `steps` steps; `matrix` has the eigenvalues along the axes, or all of H where it is dense. */
@inline
function run(
  isDense: bool, kind: i32, steps: i32, given: f64, reached: f64, n: i32, matrix: usize, center: usize, vectors: i32, points: usize, work: usize,
): i32 {
  const rate = f64x2.splat(given), radius = f64x2.splat(reached)
  const one = <usize>n << 4
  const size = <usize>vectors * one
  let now = points
  let next = work
  for (let taken = 0; taken < steps; taken++) {
    let ordinary = i64x2.splat(-1)
    for (let at: usize = 0; at < size; at += one) {
      ordinary = v128.and(
        ordinary,
        isDense
          ? stepDense(kind, rate, radius, n, matrix, center, now + at, next + at, work + size)
          : stepDiagonal(kind, rate, radius, n, matrix, center, now + at, next + at, work + size),
      )
    }
    if (!i64x2.all_true(ordinary)) return settle(size, points, now, taken)
    const before = now
    now = next
    next = before
  }
  return settle(size, points, now, steps)
}

/** As `descendProduct`, in n variables; behind the room for the points, `work` holds n vectors. */
export function descendDiagonal(
  kind: i32, steps: i32, rate: f64, radius: f64, n: i32, spectrum: usize, center: usize, vectors: i32, points: usize, work: usize,
): i32 {
  return run(false, kind, steps, rate, radius, n, spectrum, center, vectors, points, work)
}

/** As `descendDiagonal`, with H, n x n, in place of a spectrum; behind the room for the points, `work` holds 2 n vectors. */
export function descendDense(
  kind: i32, steps: i32, rate: f64, radius: f64, n: i32, hessian: usize, center: usize, vectors: i32, points: usize, work: usize,
): i32 {
  return run(true, kind, steps, rate, radius, n, hessian, center, vectors, points, work)
}
