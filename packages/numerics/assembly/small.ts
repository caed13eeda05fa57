/**
 * C = op(A) op(B) for matrices that the first-level cache holds, in the order of gemm with alpha 1 and beta 0, for k <= 256.
 *
 * Tiles of four rows and four columns, from operands where they lie; only a transposed B is turned first. What is left gets tiles of two and of one: the last
 * of two columns may have one again that the tile before it has.
 */
import { gemm } from "./gemm"
import { turn } from "./pack"
import { bytes, madd, zero } from "./simd"

/** Multiply-adds up to which packing costs more than it gains. */
const most: i64 = 32 * 32 * 32

/**
 * A tile of 4, 2 or 1 rows and columns. `columns`: A gives the elements of a column next to each other, and `stepA` is from column to column; else it is from row to
 * row.
 */
@inline
function tile(
  columns: bool, rows: i32, width: i32, k: i32, a: usize, stepA: usize, b: usize, c: usize, row: usize,
): void {
  let c00 = zero(), c01 = zero()
  let c10 = zero(), c11 = zero()
  let c20 = zero(), c21 = zero()
  let c30 = zero(), c31 = zero()
  let a0 = a
  let a1 = a + stepA
  let a2 = a1 + stepA
  let a3 = a2 + stepA
  for (let p = k; p > 0; p--) {
    const b0 = width == 1 ? v128.load64_splat(b) : v128.load(b)
    const b1 = width == 4 ? v128.load(b, 16) : b0
    let x = v128.load64_splat(a0)
    c00 = madd<f64>(x, b0, c00)
    if (width == 4) c01 = madd<f64>(x, b1, c01)
    if (rows > 1) {
      x = columns ? v128.load64_splat(a0, 8) : v128.load64_splat(a1)
      c10 = madd<f64>(x, b0, c10)
      if (width == 4) c11 = madd<f64>(x, b1, c11)
    }
    if (rows > 2) {
      x = columns ? v128.load64_splat(a0, 16) : v128.load64_splat(a2)
      c20 = madd<f64>(x, b0, c20)
      if (width == 4) c21 = madd<f64>(x, b1, c21)
      x = columns ? v128.load64_splat(a0, 24) : v128.load64_splat(a3)
      c30 = madd<f64>(x, b0, c30)
      if (width == 4) c31 = madd<f64>(x, b1, c31)
    }
    b += row
    if (columns) {
      a0 += stepA
    } else {
      a0 += 8
      a1 += 8
      a2 += 8
      a3 += 8
    }
  }
  put(width, c, c00, c01)
  if (rows > 1) put(width, c + row, c10, c11)
  if (rows > 2) {
    put(width, c + 2 * row, c20, c21)
    put(width, c + 3 * row, c30, c31)
  }
}

@inline
function put(width: i32, c: usize, low: v128, high: v128): void {
  if (width == 1) {
    v128.store64_lane(c, low, 0)
    return
  }
  v128.store(c, low)
  if (width == 4) v128.store(c, high, 16)
}

/** 4, 2 or 1 rows of C, from B with rows as long as its own. */
@inline
function band(columns: bool, rows: i32, n: i32, k: i32, a: usize, stepA: usize, b: usize, c: usize): void {
  const row = bytes<f64>(n)
  for (let count = n >> 2; count > 0; count--) {
    tile(columns, rows, 4, k, a, stepA, b, c, row)
    b += 32
    c += 32
  }
  const left = n & 3
  if (left == 0) return
  if (n == 1) {
    tile(columns, rows, 1, k, a, stepA, b, c, row)
    return
  }
  if (left == 3) tile(columns, rows, 2, k, a, stepA, b, c, row)
  const last = bytes<f64>(left - 2)
  tile(columns, rows, 2, k, a, stepA, b + last, c + last, row)
}

// Functions of their own: next to what else multiplySmall holds, not all of a band would stay in registers.
function fourOfColumns(n: i32, k: i32, a: usize, stepA: usize, b: usize, c: usize): void {
  band(true, 4, n, k, a, stepA, b, c)
}

function fourOfRows(n: i32, k: i32, a: usize, stepA: usize, b: usize, c: usize): void {
  band(false, 4, n, k, a, stepA, b, c)
}

function twoOfColumns(n: i32, k: i32, a: usize, stepA: usize, b: usize, c: usize): void {
  band(true, 2, n, k, a, stepA, b, c)
}

function twoOfRows(n: i32, k: i32, a: usize, stepA: usize, b: usize, c: usize): void {
  band(false, 2, n, k, a, stepA, b, c)
}

function oneOfColumns(n: i32, k: i32, a: usize, stepA: usize, b: usize, c: usize): void {
  band(true, 1, n, k, a, stepA, b, c)
}

function oneOfRows(n: i32, k: i32, a: usize, stepA: usize, b: usize, c: usize): void {
  band(false, 1, n, k, a, stepA, b, c)
}

/** The k x n matrix that B, n x k, is the transpose of. */
function turnAll(n: i32, k: i32, b: usize, to: usize): void {
  const rowB = bytes<f64>(k)
  const row = bytes<f64>(n)
  for (let left = n; left > 1; left -= 2) {
    let from = b
    let at = to
    for (let p = k; p > 1; p -= 2) {
      turn(from, from + rowB, at, row)
      from += 16
      at += 2 * row
    }
    if (k & 1) {
      store<f64>(at, load<f64>(from))
      store<f64>(at, load<f64>(from + rowB), 8)
    }
    b += 2 * rowB
    to += 16
  }
  if (n & 1) {
    for (let p = k; p > 0; p--) {
      store<f64>(to, load<f64>(b))
      b += 8
      to += row
    }
  }
}

function multiplySmall(transposeA: bool, transposeB: bool, m: i32, n: i32, k: i32, a: usize, b: usize, c: usize, work: usize): void {
  const stepA = bytes<f64>(transposeA ? m : k)
  const row = bytes<f64>(n)
  if (transposeB) {
    turnAll(n, k, b, work)
    b = work
  }
  /** From a row of op(A) to the next. */
  const next: usize = transposeA ? sizeof<f64>() : stepA
  for (let count = m >> 2; count > 0; count--) {
    if (transposeA) fourOfColumns(n, k, a, stepA, b, c)
    else fourOfRows(n, k, a, stepA, b, c)
    a += 4 * next
    c += 4 * row
  }
  if (m & 2) {
    if (transposeA) twoOfColumns(n, k, a, stepA, b, c)
    else twoOfRows(n, k, a, stepA, b, c)
    a += 2 * next
    c += 2 * row
  }
  if (m & 1) {
    if (transposeA) oneOfColumns(n, k, a, stepA, b, c)
    else oneOfRows(n, k, a, stepA, b, c)
  }
}

/** C = op(A) op(B), row-major without gaps, by the kernel for its size. */
export function product(transposeA: bool, transposeB: bool, m: i32, n: i32, k: i32, a: usize, b: usize, c: usize, work: usize): void {
  if (k <= 256 && <i64>m * n * k <= most) multiplySmall(transposeA, transposeB, m, n, k, a, b, c, work)
  else gemm<f64>(transposeA, transposeB, m, n, k, 1, a, transposeA ? m : k, b, transposeB ? k : n, 0, c, n, work)
}
