/**
 * Whole runs of gradient descent on `(1/n) sum_k (<A_k, W_L ... W_1> - b_k)^2` with noise on the b_k: the twin of `reference/Layers.ts`. Two runs are in the lanes of a vector, or where
 * `isWide` four in those of two, whose operations stand beside each other, loads ahead of stores, so that wide vectors join them. No multiply-add is fused, whatever the build.
 */
import { at, bytes, multiplyAdd, zero } from "./simd"

/** Sums of squares up to which nothing overflows. */
const most: f64 = 1e300

@inline
function width(widths: usize, j: i32): i32 {
  return load<i32>(widths + 4 * <usize>j)
}

/** The second vector of a number; what is not wide has none. */
@inline
function second(isWide: bool, address: usize): v128 {
  return isWide ? v128.load(address, 16) : zero()
}

/** C = A B, m x n, of k products each: A and B have so many bytes from row to row, and from column to column. Sums of two and of three products need no loop. */
@inline
function multiply(
  isWide: bool, m: i32, n: i32, k: i32, a: usize, rowA: usize, columnA: usize, b: usize, rowB: usize, columnB: usize, c: usize,
): void {
  const unit: usize = isWide ? 32 : 16
  const next = k > 1 ? rowB : 0
  const third = k > 2 ? rowB << 1 : 0
  for (let i = 0; i < m; i++) {
    let from = b
    const a0 = at(a), b0 = second(isWide, a)
    const a1 = k > 1 ? at(a + columnA) : zero(), b1 = k > 1 ? second(isWide, a + columnA) : zero()
    const a2 = k > 2 ? at(a + (columnA << 1)) : zero(), b2 = k > 2 ? second(isWide, a + (columnA << 1)) : zero()
    for (let j = 0; j < n; j++) {
      let sum = multiplyAdd(a0, at(from), zero())
      let other = isWide ? multiplyAdd(b0, second(isWide, from), zero()) : zero()
      if (k > 1) {
        sum = multiplyAdd(a1, at(from + next), sum)
        if (isWide) other = multiplyAdd(b1, second(isWide, from + next), other)
      }
      if (k > 2) {
        sum = multiplyAdd(a2, at(from + third), sum)
        if (isWide) other = multiplyAdd(b2, second(isWide, from + third), other)
      }
      let x = a + <usize>3 * columnA
      let y = from + <usize>3 * rowB
      for (let p = 3; p < k; p++) {
        sum = multiplyAdd(at(x), at(y), sum)
        if (isWide) other = multiplyAdd(second(isWide, x), second(isWide, y), other)
        x += columnA
        y += rowB
      }
      v128.store(c, sum)
      if (isWide) v128.store(c, other, 16)
      c += unit
      from += columnB
    }
    a += rowA
  }
}

/** The products P_j = W_j P_(j-1) from j = 2 on, with P_1 = W_1; returns where the last one is. */
@inline
function forward(isWide: bool, depth: i32, widths: usize, x: usize, products: usize): usize {
  const unit: usize = isWide ? 32 : 16
  const columns = width(widths, 0)
  const row = <usize>columns * unit
  let before = x
  for (let j = 2; j <= depth; j++) {
    const k = width(widths, j - 1)
    const m = width(widths, j)
    x += <usize>(k * width(widths, j - 2)) * unit
    multiply(isWide, m, columns, k, x, <usize>k * unit, unit, before, row, unit, products)
    before = products
    products += <usize>m * row
  }
  return before
}

/** What of the runs is above the largest sum of squares. */
let above: v128 = zero()

@inline
function hear(squares: v128): void {
  above = v128.or(above, v128.not(f64x2.lt(squares, f64x2.splat(most))))
}

/** Residuals, and 2/n times their sum with the A_k. */
@inline
function measure(
  isWide: bool, n: i32, size: i32, a: usize, targets: usize, isNoisy: bool, noise: v128, epsilon: usize, product: usize, out: usize,
): void {
  const unit: usize = isWide ? 32 : 16
  const scale = f64x2.splat(2 / <f64>n)
  const end = out + <usize>size * unit
  for (let q = out; q < end; q += 16) v128.store(q, zero())
  let squares = zero(), others = zero()
  for (let k = 0; k < n; k++) {
    let s0 = zero(), s1 = zero(), s2 = zero(), s3 = zero()
    let t0 = zero(), t1 = zero(), t2 = zero(), t3 = zero()
    let row = a
    let p = product
    let i = 0
    for (const whole = size & ~3; i < whole; i += 4) {
      const a0 = v128.load64_splat(row), a1 = v128.load64_splat(row, 8)
      const a2 = v128.load64_splat(row, 16), a3 = v128.load64_splat(row, 24)
      s0 = multiplyAdd(a0, at(p), s0)
      if (isWide) t0 = multiplyAdd(a0, second(isWide, p), t0)
      s1 = multiplyAdd(a1, at(p + unit), s1)
      if (isWide) t1 = multiplyAdd(a1, second(isWide, p + unit), t1)
      s2 = multiplyAdd(a2, at(p + 2 * unit), s2)
      if (isWide) t2 = multiplyAdd(a2, second(isWide, p + 2 * unit), t2)
      s3 = multiplyAdd(a3, at(p + 3 * unit), s3)
      if (isWide) t3 = multiplyAdd(a3, second(isWide, p + 3 * unit), t3)
      row += 32
      p += 4 * unit
    }
    if (i < size) {
      s0 = multiplyAdd(v128.load64_splat(row), at(p), s0)
      if (isWide) t0 = multiplyAdd(v128.load64_splat(row), second(isWide, p), t0)
    }
    if (i + 1 < size) {
      s1 = multiplyAdd(v128.load64_splat(row, 8), at(p + unit), s1)
      if (isWide) t1 = multiplyAdd(v128.load64_splat(row, 8), second(isWide, p + unit), t1)
    }
    if (i + 2 < size) {
      s2 = multiplyAdd(v128.load64_splat(row, 16), at(p + 2 * unit), s2)
      if (isWide) t2 = multiplyAdd(v128.load64_splat(row, 16), second(isWide, p + 2 * unit), t2)
    }
    let label = v128.load64_splat(targets + bytes<f64>(k)), another = label
    if (isNoisy) {
      const drawn = epsilon + <usize>k * unit
      if (isWide) another = f64x2.add(another, f64x2.mul(noise, second(isWide, drawn)))
      label = f64x2.add(label, f64x2.mul(noise, at(drawn)))
    }
    const r = f64x2.sub(f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3)), label)
    const t = isWide ? f64x2.sub(f64x2.add(f64x2.add(t0, t1), f64x2.add(t2, t3)), another) : r
    squares = multiplyAdd(r, r, squares)
    if (isWide) others = multiplyAdd(t, t, others)
    const coefficient = f64x2.mul(scale, r), coefficientOfOthers = f64x2.mul(scale, t)
    for (let q = out; q < end; q += unit) {
      const value = v128.load64_splat(a)
      const sum = multiplyAdd(coefficient, value, at(q))
      const other = isWide ? multiplyAdd(coefficientOfOthers, value, second(isWide, q)) : sum
      v128.store(q, sum)
      if (isWide) v128.store(q, other, 16)
      a += 8
    }
  }
  hear(squares)
  if (isWide) hear(others)
}

/** G_j = X_j P_(j-1)^T and G_1 = X_1, with X_(j-1) = W_j^T X_j from the last of `backs` down; arguments are the ends of what they name. */
@inline
function backward(isWide: bool, depth: i32, widths: usize, x: usize, products: usize, backs: usize, gradient: usize): void {
  const unit: usize = isWide ? 32 : 16
  const columns = width(widths, 0)
  const row = <usize>columns * unit
  for (let j = depth; j >= 2; j--) {
    const m = width(widths, j)
    const k = width(widths, j - 1)
    x -= <usize>(m * k) * unit
    gradient -= <usize>(m * k) * unit
    products -= <usize>m * row
    backs -= <usize>m * row
    const before = <usize>k * row
    const first = j == 2
    multiply(isWide, m, k, columns, backs, row, unit, (first ? x : products) - before, unit, row, gradient)
    multiply(isWide, k, columns, m, x, unit, <usize>k * unit, backs, row, unit, (first ? gradient : backs) - before)
  }
}

@inline
function run(
  isWide: bool, steps: i32, groups: i32, depth: i32, widths: usize, n: i32, a: usize, targets: usize, isNoisy: bool,
  deviation: f64, epsilon: usize, rate: f64, points: usize, work: usize,
): i32 {
  const unit: usize = isWide ? 32 : 16
  const size = width(widths, depth) * width(widths, 0)
  let dimension: usize = 0
  let later: usize = 0
  for (let j = 1; j <= depth; j++) {
    dimension += <usize>(width(widths, j) * width(widths, j - 1)) * unit
    if (j > 1) later += <usize>(width(widths, j) * width(widths, 0)) * unit
  }
  const noise = f64x2.splat(deviation)
  const back = f64x2.splat(-rate)
  const all = <usize>groups * dimension
  const products = work + all
  const backs = products + later
  const gradient = backs + later
  let now = points
  let next = work
  let taken = 0
  for (; taken < steps; taken++) {
    above = zero()
    for (let from: usize = 0; from < all; from += dimension) {
      const x = now + from
      const to = next + from
      const product = forward(isWide, depth, widths, x, products)
      const end = backs + later - <usize>size * unit
      measure(isWide, n, size, a, targets, isNoisy, noise, epsilon, product, end)
      backward(isWide, depth, widths, x + dimension, products + later, backs + later, gradient + dimension)
      let length = zero(), other = zero()
      for (let i: usize = 0; i < dimension; i += unit) {
        const g = at(gradient + i), h = second(isWide, gradient + i)
        length = multiplyAdd(g, g, length)
        if (isWide) other = multiplyAdd(h, h, other)
        const moved = multiplyAdd(back, g, at(x + i))
        const another = isWide ? multiplyAdd(back, h, second(isWide, x + i)) : moved
        v128.store(to + i, moved)
        if (isWide) v128.store(to + i, another, 16)
      }
      hear(length)
      if (isWide) hear(other)
      if (isNoisy) epsilon += <usize>n * unit
    }
    if (v128.any_true(above)) break
    const before = now
    now = next
    next = before
  }
  if (now != points) memory.copy(points, now, all)
  return taken
}

/**
 * Up to `steps` steps of all runs; returns how many. For each group of two runs, or four where `isWide`, `points` has the W_j as vectors; `epsilon` has n for each group, step after step.
 * `work` holds as much as `points`, then the products from the second on, twice, and a gradient.
 */
export function descendLayers(
  isWide: bool, steps: i32, groups: i32, depth: i32, widths: usize, n: i32, a: usize, targets: usize, isNoisy: bool, deviation: f64,
  epsilon: usize, rate: f64, points: usize, work: usize,
): i32 {
  if (isWide) return run(true, steps, groups, depth, widths, n, a, targets, isNoisy, deviation, epsilon, rate, points, work)
  return run(false, steps, groups, depth, widths, n, a, targets, isNoisy, deviation, epsilon, rate, points, work)
}
