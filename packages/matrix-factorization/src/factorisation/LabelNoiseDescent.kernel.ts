/**
 * Steps of gradient descent on the squared loss of a product of matrices, with given labels for each step. One run uses the
 * products of the kernels; several runs share the lanes of one or two vectors.
 */
import { chain, chainGradient } from "../../../numerics/assembly/chain"
import { residualOf } from "../../../numerics/assembly/residual"
import { at, bytes, multiplyAdd, zero } from "../../../numerics/assembly/simd"
import { axpy, dot } from "../../../numerics/assembly/vector"

/** Largest sum of squares at which nothing overflows. */
const most: f64 = 1e300

@inline
function width(widths: usize, j: i32): i32 {
  return load<i32>(widths + 4 * <usize>j)
}

/** The second vector of a number; two lanes have none. */
@inline
function second(lanes: i32, address: usize): v128 {
  return lanes == 4 ? v128.load(address, 16) : zero()
}

/** The second of two vectors that operations join; two lanes have none. */
@inline
function joined(lanes: i32, a: v128, b: v128, sum: v128): v128 {
  return lanes == 4 ? multiplyAdd(a, b, sum) : sum
}

@inline
function put(lanes: i32, address: usize, first: v128, other: v128): void {
  v128.store(address, first)
  if (lanes == 4) v128.store(address, other, 16)
}

/**
 * C = A B, m x n, from k products each. A and B have given strides in bytes, from row to row and from column to column. Up to
 * three products need no loop.
 */
@inline
function multiply(
  lanes: i32, m: i32, n: i32, k: i32, a: usize, rowA: usize, columnA: usize, b: usize, rowB: usize, columnB: usize, c: usize,
): void {
  const next = k > 1 ? rowB : 0
  const third = k > 2 ? rowB << 1 : 0
  for (let i = 0; i < m; i++) {
    const a0 = at(a), b0 = second(lanes, a)
    const a1 = k > 1 ? at(a + columnA) : zero(), b1 = k > 1 ? second(lanes, a + columnA) : zero()
    const a2 = k > 2 ? at(a + (columnA << 1)) : zero(), b2 = k > 2 ? second(lanes, a + (columnA << 1)) : zero()
    let from = b
    for (let j = 0; j < n; j++) {
      let sum = multiplyAdd(a0, at(from), zero())
      let other = joined(lanes, b0, second(lanes, from), zero())
      if (k > 1) {
        sum = multiplyAdd(a1, at(from + next), sum)
        other = joined(lanes, b1, second(lanes, from + next), other)
      }
      if (k > 2) {
        sum = multiplyAdd(a2, at(from + third), sum)
        other = joined(lanes, b2, second(lanes, from + third), other)
      }
      let x = a + 3 * columnA
      let y = from + 3 * rowB
      for (let p = 3; p < k; p++) {
        sum = multiplyAdd(at(x), at(y), sum)
        other = joined(lanes, second(lanes, x), second(lanes, y), other)
        x += columnA
        y += rowB
      }
      put(lanes, c, sum, other)
      c += <usize>lanes << 3
      from += columnB
    }
    a += rowA
  }
}

/** `chain` of runs in lanes. */
@inline
function chainInLanes(lanes: i32, depth: i32, widths: usize, x: usize, products: usize): void {
  const unit = <usize>lanes << 3
  const columns = width(widths, 0)
  const row = <usize>columns * unit
  let before = x
  for (let j = 2; j <= depth; j++) {
    const k = width(widths, j - 1)
    const m = width(widths, j)
    x += <usize>(k * width(widths, j - 2)) * unit
    multiply(lanes, m, columns, k, x, <usize>k * unit, unit, before, row, unit, products)
    before = products
    products += <usize>m * row
  }
}

/** `chainGradient` of runs in lanes, from the ends of its arguments. */
@inline
function gradientInLanes(lanes: i32, depth: i32, widths: usize, x: usize, products: usize, backs: usize, gradient: usize): void {
  const unit = <usize>lanes << 3
  const columns = width(widths, 0)
  const row = <usize>columns * unit
  for (let j = depth; j >= 2; j--) {
    const m = width(widths, j)
    const k = width(widths, j - 1)
    const size = <usize>(m * k) * unit
    const before = <usize>k * row
    x -= size
    gradient -= size
    products -= <usize>m * row
    backs -= <usize>m * row
    multiply(lanes, m, k, columns, backs, row, unit, (j == 2 ? x : products) - before, unit, row, gradient)
    multiply(lanes, k, columns, m, x, unit, <usize>k * unit, backs, row, unit, (j == 2 ? gradient : backs) - before)
  }
}

/** `residualOf` of runs in lanes. */
@inline
function residualsInLanes(
  lanes: i32, size: i32, a: usize, batch: i32, rows: usize, product: usize, labels: usize, alpha: f64, residuals: usize, out: usize,
): void {
  const unit = <usize>lanes << 3
  const end = out + <usize>size * unit
  const left = size & 3
  for (let q = out; q < end; q += 16) v128.store(q, zero())
  for (let k = 0; k < batch; k++) {
    const first = a + bytes<f64>(size) * <usize>(rows == 0 ? k : load<i32>(rows + 4 * <usize>k))
    let s0 = zero(), s1 = zero(), s2 = zero(), s3 = zero()
    let t0 = zero(), t1 = zero(), t2 = zero(), t3 = zero()
    let row = first
    let p = product
    for (const whole = p + <usize>(size - left) * unit; p < whole; p += 4 * unit) {
      const a0 = v128.load64_splat(row), a1 = v128.load64_splat(row, 8)
      const a2 = v128.load64_splat(row, 16), a3 = v128.load64_splat(row, 24)
      s0 = multiplyAdd(a0, at(p), s0)
      t0 = joined(lanes, a0, second(lanes, p), t0)
      s1 = multiplyAdd(a1, at(p + unit), s1)
      t1 = joined(lanes, a1, second(lanes, p + unit), t1)
      s2 = multiplyAdd(a2, at(p + 2 * unit), s2)
      t2 = joined(lanes, a2, second(lanes, p + 2 * unit), t2)
      s3 = multiplyAdd(a3, at(p + 3 * unit), s3)
      t3 = joined(lanes, a3, second(lanes, p + 3 * unit), t3)
      row += 32
    }
    if (left > 0) {
      s0 = multiplyAdd(v128.load64_splat(row), at(p), s0)
      t0 = joined(lanes, v128.load64_splat(row), second(lanes, p), t0)
    }
    if (left > 1) {
      s1 = multiplyAdd(v128.load64_splat(row, 8), at(p + unit), s1)
      t1 = joined(lanes, v128.load64_splat(row, 8), second(lanes, p + unit), t1)
    }
    if (left > 2) {
      s2 = multiplyAdd(v128.load64_splat(row, 16), at(p + 2 * unit), s2)
      t2 = joined(lanes, v128.load64_splat(row, 16), second(lanes, p + 2 * unit), t2)
    }
    const label = v128.load64_splat(labels + bytes<f64>(k))
    const residual = f64x2.sub(f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3)), label)
    const other = f64x2.sub(f64x2.add(f64x2.add(t0, t1), f64x2.add(t2, t3)), label)
    put(lanes, residuals + <usize>k * unit, residual, other)
    const coefficient = f64x2.mul(f64x2.splat(alpha), residual), coefficientOfOther = f64x2.mul(f64x2.splat(alpha), other)
    row = first
    for (let q = out; q < end; q += unit) {
      const value = v128.load64_splat(row)
      const sum = multiplyAdd(coefficient, value, at(q))
      put(lanes, q, sum, joined(lanes, coefficientOfOther, value, second(lanes, q)))
      row += 8
    }
  }
}

@inline
function run(lanes: i32, steps: i32, depth: i32, widths: usize, batch: i32, a: usize, rows: usize, numbers: usize): i32 {
  const size = width(widths, 0) * width(widths, depth)
  let dimension = 0
  let later = 0
  for (let j = 1; j <= depth; j++) {
    dimension += width(widths, j) * width(widths, j - 1)
    if (j > 1) later += width(widths, j) * width(widths, 0)
  }
  const ofPoint = bytes<f64>(lanes * dimension)
  const ofProducts = bytes<f64>(lanes * later)
  const ofResidual = bytes<f64>(lanes * batch)
  const rate = load<f64>(numbers)
  let labels = <usize>load<f64>(numbers, 8)
  const nextLabels = <usize>load<f64>(numbers, 16)
  const nextRows: usize = rows == 0 ? 0 : <usize>batch << 2
  const groups = <i32>load<f64>(numbers, 24)
  const weights = groups * lanes * dimension
  const points = numbers + 32
  const gradients = points + bytes<f64>(weights)
  const residuals = gradients + bytes<f64>(weights)
  const products = residuals + <usize>groups * ofResidual
  const backs = products + ofProducts
  const last = ofProducts - bytes<f64>(lanes * size)
  const alpha = 2 / <f64>batch
  for (let taken = 0; taken < steps; taken++) {
    let gradient = gradients
    let residual = residuals
    let isOrdinary = true
    for (let x = points; x < gradients; x += ofPoint) {
      if (lanes == 1) {
        chain(depth, widths, x, products, 0)
        residualOf(size, a, batch, rows, products + last, labels, alpha, residual, backs + last)
        chainGradient(depth, widths, x, products, backs, gradient, 0)
      } else {
        chainInLanes(lanes, depth, widths, x, products)
        residualsInLanes(lanes, size, a, batch, rows, products + last, labels, alpha, residual, backs + last)
        gradientInLanes(lanes, depth, widths, x + ofPoint, backs, backs + ofProducts, gradient + ofPoint)
      }
      isOrdinary = isOrdinary && dot(lanes * batch, residual, residual) < most && dot(lanes * dimension, gradient, gradient) < most
      gradient += ofPoint
      residual += ofResidual
    }
    if (!isOrdinary) return taken
    axpy(weights, -rate, gradients, points)
    rows += nextRows
    labels += nextLabels
  }
  return steps
}

/**
 * Up to `steps` steps, on batches of the rows of A, of runs that have 1, 2 or 4 `lanes` together; returns how many. Step t
 * has the rows `rows[t batch ...]`, or all in their order where `rows` is 0, and the labels that lie `numbers[2]` t bytes
 * behind `numbers[1]`. It stops before a step in which a number of any run comes close to overflow. `widths` are d_0, ...,
 * d_depth.
 *
 * `numbers` begins with four numbers: the learning rate, these, and the number of groups of runs that share lanes. Each group
 * then has its matrices W_1, ..., W_depth. Room follows for as many gradients, for the residuals of a batch, and twice for the
 * products from the second on.
 */
export function descend(
  steps: i32, lanes: i32, depth: i32, widths: usize, batch: i32, a: usize, rows: usize, numbers: usize,
): i32 {
  if (lanes == 1) return run(1, steps, depth, widths, batch, a, rows, numbers)
  if (lanes == 2) return run(2, steps, depth, widths, batch, a, rows, numbers)
  return run(4, steps, depth, widths, batch, a, rows, numbers)
}
