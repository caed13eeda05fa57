/**
 * Whole runs of gradient descent on `(1/n) sum_k (<A_k, W_L ... W_1> - b_k)^2` with noise on the b_k, two runs in the lanes of a vector: the twin of
 * `reference/Layers.ts`. No multiply-add is fused, whatever the build.
 */
import { at, bytes, multiplyAdd, zero } from "./simd"

/** Sums of squares up to which nothing overflows. */
const most: f64 = 1e300

@inline
function width(widths: usize, j: i32): i32 {
  return load<i32>(widths + 4 * <usize>j)
}

/** C = A B, m x n, of k products each: A and B have so many bytes from row to row, and from column to column. Sums of two and of three products need no loop. */
function multiply(
  m: i32, n: i32, k: i32, a: usize, rowA: usize, columnA: usize, b: usize, rowB: usize, columnB: usize, c: usize,
): void {
  const second = k > 1 ? rowB : 0
  const third = k > 2 ? rowB << 1 : 0
  for (let i = 0; i < m; i++) {
    let from = b
    const a0 = at(a)
    const a1 = k > 1 ? at(a + columnA) : zero()
    const a2 = k > 2 ? at(a + (columnA << 1)) : zero()
    for (let j = 0; j < n; j++) {
      let sum = multiplyAdd(a0, at(from), zero())
      if (k > 1) sum = multiplyAdd(a1, at(from + second), sum)
      if (k > 2) sum = multiplyAdd(a2, at(from + third), sum)
      let x = a + <usize>3 * columnA
      let y = from + <usize>3 * rowB
      for (let p = 3; p < k; p++) {
        sum = multiplyAdd(at(x), at(y), sum)
        x += columnA
        y += rowB
      }
      v128.store(c, sum)
      c += 16
      from += columnB
    }
    a += rowA
  }
}

/** The products P_j = W_j P_(j-1) from j = 2 on, with P_1 = W_1; returns where the last one is. */
function forward(depth: i32, widths: usize, x: usize, products: usize): usize {
  const columns = width(widths, 0)
  const row = <usize>columns << 4
  let before = x
  for (let j = 2; j <= depth; j++) {
    const k = width(widths, j - 1)
    const m = width(widths, j)
    x += <usize>(k * width(widths, j - 2)) << 4
    multiply(m, columns, k, x, <usize>k << 4, 16, before, row, 16, products)
    before = products
    products += <usize>m * row
  }
  return before
}

/** Residuals, and 2/n times their sum with the A_k; returns the sum of their squares. */
function measure(n: i32, size: i32, a: usize, targets: usize, isNoisy: bool, noise: v128, epsilon: usize, product: usize, out: usize): v128 {
  const scale = f64x2.splat(2 / <f64>n)
  for (let i = 0; i < size; i++) v128.store(out + (<usize>i << 4), zero())
  let squares = zero()
  const whole = size & ~3
  for (let k = 0; k < n; k++) {
    let s0 = zero(), s1 = zero(), s2 = zero(), s3 = zero()
    let row = a
    let p = product
    let i = 0
    for (; i < whole; i += 4) {
      s0 = multiplyAdd(v128.load64_splat(row), at(p), s0)
      s1 = multiplyAdd(v128.load64_splat(row, 8), v128.load(p, 16), s1)
      s2 = multiplyAdd(v128.load64_splat(row, 16), v128.load(p, 32), s2)
      s3 = multiplyAdd(v128.load64_splat(row, 24), v128.load(p, 48), s3)
      row += 32
      p += 64
    }
    if (i < size) s0 = multiplyAdd(v128.load64_splat(row), at(p), s0)
    if (i + 1 < size) s1 = multiplyAdd(v128.load64_splat(row, 8), v128.load(p, 16), s1)
    if (i + 2 < size) s2 = multiplyAdd(v128.load64_splat(row, 16), v128.load(p, 32), s2)
    const target = v128.load64_splat(targets + bytes<f64>(k))
    const label = isNoisy ? f64x2.add(target, f64x2.mul(noise, at(epsilon + (<usize>k << 4)))) : target
    const r = f64x2.sub(f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3)), label)
    squares = multiplyAdd(r, r, squares)
    const coefficient = f64x2.mul(scale, r)
    let q = out
    for (let j = 0; j < size; j++) {
      v128.store(q, multiplyAdd(coefficient, v128.load64_splat(a), at(q)))
      a += 8
      q += 16
    }
  }
  return squares
}

/** G_j = X_j P_(j-1)^T and G_1 = X_1, with X_(j-1) = W_j^T X_j from the last of `backs` down; arguments are the ends of what they name. */
function backward(depth: i32, widths: usize, x: usize, products: usize, backs: usize, gradient: usize): void {
  const columns = width(widths, 0)
  const row = <usize>columns << 4
  for (let j = depth; j >= 2; j--) {
    const m = width(widths, j)
    const k = width(widths, j - 1)
    x -= <usize>(m * k) << 4
    gradient -= <usize>(m * k) << 4
    products -= <usize>m * row
    backs -= <usize>m * row
    const before = <usize>k * row
    const first = j == 2
    multiply(m, k, columns, backs, row, 16, (first ? x : products) - before, 16, row, gradient)
    multiply(k, columns, m, x, 16, <usize>k << 4, backs, row, 16, (first ? gradient : backs) - before)
  }
}

/**
 * Up to `steps` steps of all runs; returns how many. For each pair `points` has the W_j as vectors; `epsilon` has n for each pair, step after step. `work` holds as much as
 * `points`, then the products from the second on, twice, and a gradient.
 */
export function descendLayers(
  steps: i32, pairs: i32, depth: i32, widths: usize, n: i32, a: usize, targets: usize, isNoisy: bool, deviation: f64,
  epsilon: usize, rate: f64, points: usize, work: usize,
): i32 {
  const size = width(widths, depth) * width(widths, 0)
  let dimension: usize = 0
  let later: usize = 0
  for (let j = 1; j <= depth; j++) {
    dimension += <usize>(width(widths, j) * width(widths, j - 1)) << 4
    if (j > 1) later += <usize>(width(widths, j) * width(widths, 0)) << 4
  }
  const noise = f64x2.splat(deviation)
  const back = f64x2.splat(-rate)
  const all = <usize>pairs * dimension
  const products = work + all
  const backs = products + later
  const gradient = backs + later
  const largest = f64x2.splat(most)
  let now = points
  let next = work
  let taken = 0
  for (; taken < steps; taken++) {
    let ordinary = i64x2.splat(-1)
    for (let from: usize = 0; from < all; from += dimension) {
      const x = now + from
      const product = forward(depth, widths, x, products)
      const end = backs + later - (<usize>size << 4)
      const squares = measure(n, size, a, targets, isNoisy, noise, epsilon, product, end)
      backward(depth, widths, x + dimension, products + later, backs + later, gradient + dimension)
      let length = zero()
      for (let i: usize = 0; i < dimension; i += 16) {
        const g = at(gradient + i)
        length = multiplyAdd(g, g, length)
        v128.store(next + from + i, multiplyAdd(back, g, at(x + i)))
      }
      ordinary = v128.and(ordinary, v128.and(f64x2.lt(squares, largest), f64x2.lt(length, largest)))
      if (isNoisy) epsilon += <usize>n << 4
    }
    if (!i64x2.all_true(ordinary)) break
    const before = now
    now = next
    next = before
  }
  if (now != points) memory.copy(points, now, all)
  return taken
}
