/**
 * A = L L^T in place, row-major, on the lower triangle; the upper one is neither read nor written.
 *
 * Order of every element: blocks of 32 columns; a -= (0 + l0 l0' + l1 l1' + ...) block by block, then the division or root.
 */
import { bytes, madd, zero } from "./simd"
import { gemm } from "./gemm"
import { packA } from "./pack"

/** Columns of a block, part of the contract. */
const block: i32 = 32
/** Columns of an update. */
const strip: i32 = 64
/** Where the square on the diagonal of an update is made, behind the packed panels of gemm. */
const square: usize = 540672

/** Returns -1, or the first column whose pivot is not positive (the columns before it are done). */
export function cholesky(n: i32, a: usize, work: usize): i32 {
  const step = bytes<f64>(n)
  for (let k = 0; k < n; k += block) {
    const width = min(block, n - k)
    const corner = a + <usize>k * step + bytes<f64>(k)
    const failed = factorCorner(width, corner, step)
    if (failed >= 0) return k + failed
    const left = corner + <usize>width * step
    const rows = n - k - width
    solveBelow(rows, width, left, corner, step, work)
    update(rows, width, left, left + bytes<f64>(width), n, work)
  }
  return -1
}

/** The square on the diagonal, column by column; returns -1, or the column whose pivot is not positive. */
function factorCorner(width: i32, corner: usize, step: usize): i32 {
  for (let j = 0; j < width; j++) {
    const row = corner + <usize>j * step
    const pivot = load<f64>(row + bytes<f64>(j)) - product(j, row, row)
    if (!(pivot > 0)) return j
    const root = sqrt(pivot)
    store<f64>(row + bytes<f64>(j), root)
    let below = row
    for (let i = j + 1; i < width; i++) {
      below += step
      const to = below + bytes<f64>(j)
      store<f64>(to, (load<f64>(to) - product(j, below, row)) / root)
    }
  }
  return -1
}

@inline
function product(count: i32, x: usize, y: usize): f64 {
  let sum: f64 = 0
  for (let p = 0; p < count; p++) sum += load<f64>(x + bytes<f64>(p)) * load<f64>(y + bytes<f64>(p))
  return sum
}

/** The rows below the square, eight at a time: two panels of four rows, packed column by column. */
function solveBelow(rows: i32, width: i32, a: usize, corner: usize, step: usize, work: usize): void {
  const other = work + bytes<f64>(4 * block)
  for (let i = 0; i < rows; i += 8) {
    const first = min(4, rows - i)
    const second = min(4, rows - i - 4)
    packA<f64>(4, first, width, a, step, 8, work)
    if (second > 0) packA<f64>(4, second, width, a + 4 * step, step, 8, other)
    solvePanels(width, corner, step, work, other)
    unpack(first, width, work, a, step)
    if (second > 0) unpack(second, width, other, a + 4 * step, step)
    a += 8 * step
  }
}

/** x_j = (a_j - (0 + x_0 l_j0 + x_1 l_j1 + ...)) / l_jj, in the lanes of two panels. */
function solvePanels(width: i32, corner: usize, step: usize, x: usize, y: usize): void {
  for (let j = 0; j < width; j++) {
    let l = corner + <usize>j * step
    let s0 = zero(), s1 = zero(), s2 = zero(), s3 = zero()
    let u = x
    let v = y
    const end = x + bytes<f64>(4 * j)
    while (u < end) {
      const value = v128.load64_splat(l)
      s0 = madd<f64>(value, v128.load(u), s0)
      s1 = madd<f64>(value, v128.load(u, 16), s1)
      s2 = madd<f64>(value, v128.load(v), s2)
      s3 = madd<f64>(value, v128.load(v, 16), s3)
      l += 8
      u += 32
      v += 32
    }
    const root = v128.load64_splat(l)
    v128.store(u, f64x2.div(f64x2.sub(v128.load(u), s0), root))
    v128.store(u, f64x2.div(f64x2.sub(v128.load(u, 16), s1), root), 16)
    v128.store(v, f64x2.div(f64x2.sub(v128.load(v), s2), root))
    v128.store(v, f64x2.div(f64x2.sub(v128.load(v, 16), s3), root), 16)
  }
}

/** Brings `rows` rows of a packed panel back. */
function unpack(rows: i32, width: i32, panel: usize, a: usize, step: usize): void {
  for (let i = 0; i < rows; i++) {
    let from = panel + bytes<f64>(i)
    const end = a + bytes<f64>(width)
    for (let to = a; to < end; to += 8) {
      store<f64>(to, load<f64>(from))
      from += 32
    }
    a += step
  }
}

/** The lower triangle of C -= L L^T for the `rows` x `width` block `left` of L, strip of columns by strip. */
function update(rows: i32, width: i32, left: usize, c: usize, n: i32, work: usize): void {
  const step = bytes<f64>(n)
  const product = work + square
  for (let j = 0; j < rows; j += strip) {
    const columns = min(strip, rows - j)
    const below = left + <usize>columns * step
    gemm<f64>(false, true, columns, columns, width, 1, left, n, left, n, 0, product, columns, work)
    subtractLower(columns, product, c, step)
    if (j + columns < rows) {
      gemm<f64>(false, true, rows - j - columns, columns, width, -1, below, n, left, n, 1, c + <usize>columns * step, n, work)
    }
    left = below
    c += <usize>columns * step + bytes<f64>(columns)
  }
}

/** C -= P on the lower triangle. */
function subtractLower(count: i32, p: usize, c: usize, step: usize): void {
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      const to = c + bytes<f64>(j)
      store<f64>(to, load<f64>(to) - load<f64>(p + bytes<f64>(j)))
    }
    p += bytes<f64>(count)
    c += step
  }
}
