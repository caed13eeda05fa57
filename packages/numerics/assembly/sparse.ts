/**
 * Sparse tables: least squares of factors, what they leave, and products with several vectors at once. The twin of `reference/Sparse.ts`.
 *
 * A table is the addresses of four arrays. It has its entries row by row: those of row k are `starts[k]` to `starts[k + 1]`, at the columns `others`. `confidence` is 0 where all entries
 * count alike. Every sum goes from entry to entry.
 */
import { bytes, madd, zero } from "./simd"

/** Entries whose factors are multiplied at once. */
const group: usize = 4

@inline
function index(list: usize, place: i32): i32 {
  return load<i32>(list + ((<usize>place) << 2))
}

/** The address of an array of a table: its starts, others, values and confidence, in this order. */
@inline
function part(table: usize, place: usize): usize {
  return <usize>load<u32>(table + (place << 2))
}

/** The bytes of a row of `width` numbers in whole vectors. */
@inline
function padded(width: i32): usize {
  return bytes<f64>((width + 1) & ~1)
}

/** See `SparseKernels`; `work` has room for `(rank + 2 + 4) * (rank + 3)` numbers. */
export function sparseLeastSquares(
  rows: i32, rank: i32, table: usize, other: usize, penalties: usize, ridge: f64, own: usize, work: usize,
): void {
  const starts = part(table, 0), others = part(table, 1), values = part(table, 2), confidence = part(table, 3)
  const n = rank + 1
  const step = padded(n + 1)
  const gathered = work
  const sums = work + group * step
  const size = <usize>(n + 1) * step
  for (let k = 0; k < rows; k++) {
    const from = index(starts, k)
    const to = index(starts, k + 1)
    const row = own + bytes<f64>(k * n)
    if (from == to) {
      memory.fill(row, 0, bytes<f64>(n))
      continue
    }
    memory.fill(sums, 0, size)
    // a number beside the row where its width is odd, and rows that the last group lacks
    memory.fill(gathered, 0, group * step)
    for (let start = from; start < to; start += <i32>group) {
      const count = min(<i32>group, to - start)
      if (count < <i32>group) memory.fill(gathered, 0, group * step)
      for (let e = 0; e < count; e++) {
        gather(rank, start + e, others, values, confidence, other, gathered + <usize>e * step)
      }
      addSquares(n + 1, step, gathered, sums)
    }
    const penalty = load<f64>(penalties + bytes<f64>(k))
    let diagonal = sums
    for (let a = 0; a < rank; a++) {
      store<f64>(diagonal, load<f64>(diagonal) + penalty)
      diagonal += step + 8
    }
    store<f64>(diagonal, load<f64>(diagonal) + ridge)
    memory.copy(row, sums + <usize>n * step, bytes<f64>(n))
    solvePositive(n, sums, step, row)
  }
}

/** Of an entry the factors of the other side, a one for the effect, and the target, times the root of what it counts. */
@inline
function gather(
  rank: i32, entry: i32, others: usize, values: usize, confidence: usize, other: usize, out: usize,
): void {
  const from = other + bytes<f64>(index(others, entry) * (rank + 1))
  const place = bytes<f64>(entry)
  const root: f64 = confidence == 0 ? 1 : sqrt(load<f64>(confidence + place))
  const end = bytes<f64>(rank)
  for (let at: usize = 0; at < end; at += 8) store<f64>(out + at, root * load<f64>(from + at))
  store<f64>(out + end, root)
  store<f64>(out + end, root * (load<f64>(values + place) - load<f64>(from + end)), 8)
}

/** S += Z' Z for four rows of Z, on the lower triangle and what its vectors reach. */
@inline
function addSquares(width: i32, step: usize, z: usize, sums: usize): void {
  const z1 = z + step
  const z2 = z1 + step
  const z3 = z2 + step
  let row = sums
  for (let a = 0; a < width; a++) {
    const at = bytes<f64>(a)
    const s0 = v128.load64_splat(z + at)
    const s1 = v128.load64_splat(z1 + at)
    const s2 = v128.load64_splat(z2 + at)
    const s3 = v128.load64_splat(z3 + at)
    for (let b: usize = 0; b <= at; b += 16) {
      let sum = madd<f64>(s0, v128.load(z + b), v128.load(row + b))
      sum = madd<f64>(s1, v128.load(z1 + b), sum)
      sum = madd<f64>(s2, v128.load(z2 + b), sum)
      sum = madd<f64>(s3, v128.load(z3 + b), sum)
      v128.store(row + b, sum)
    }
    row += step
  }
}

/** Solves G x = g in place of g from the lower triangle of G, which becomes L and D of G = L D L'. */
function solvePositive(n: i32, gram: usize, step: usize, g: usize): void {
  let row = gram
  for (let i = 0; i < n; i++) {
    const end = bytes<f64>(i)
    let other = gram
    for (let j: usize = 0; j < end; j += 8) {
      store<f64>(row + j, less(load<f64>(row + j), j, row, other))
      other += step
    }
    let pivot = load<f64>(row + end)
    let diagonal = gram
    for (let j: usize = 0; j < end; j += 8) {
      const product = load<f64>(row + j)
      const part = product / load<f64>(diagonal)
      pivot -= product * part
      store<f64>(row + j, part)
      diagonal += step + 8
    }
    // of a singular matrix rounding leaves nothing: no step in such a direction
    store<f64>(row + end, pivot > 0 ? pivot : Infinity)
    store<f64>(g + end, less(load<f64>(g + end), end, row, g))
    row += step
  }
  for (let i = n - 1; i >= 0; i--) {
    const at = bytes<f64>(i)
    let below = gram + <usize>i * step + at
    let sum = load<f64>(g + at) / load<f64>(below)
    for (let k = i + 1; k < n; k++) {
      below += step
      sum -= load<f64>(below) * load<f64>(g + bytes<f64>(k))
    }
    store<f64>(g + at, sum)
  }
}

/** start - x0 y0 - x1 y1 - ... */
@inline
function less(start: f64, end: usize, x: usize, y: usize): f64 {
  let sum = start
  for (let at: usize = 0; at < end; at += 8) sum -= load<f64>(x + at) * load<f64>(y + at)
  return sum
}

/** See `SparseKernels`. */
export function sparseResiduals(rows: i32, rank: i32, table: usize, left: usize, right: usize, out: usize): f64 {
  const starts = part(table, 0), others = part(table, 1), values = part(table, 2), confidence = part(table, 3)
  const n = rank + 1
  let square: f64 = 0
  for (let k = 0; k < rows; k++) {
    const to = index(starts, k + 1)
    const row = left + bytes<f64>(k * n)
    let entry = index(starts, k)
    for (; entry + 1 < to; entry += 2) {
      const found = residualsOfTwo(rank, entry, others, values, row, right)
      square = keep(square, entry, f64x2.extract_lane(found, 0), confidence, out)
      square = keep(square, entry + 1, f64x2.extract_lane(found, 1), confidence, out)
    }
    if (entry < to) {
      const from = right + bytes<f64>(index(others, entry) * n)
      const end = bytes<f64>(rank)
      const start = load<f64>(values + bytes<f64>(entry)) - load<f64>(row + end) - load<f64>(from + end)
      square = keep(square, entry, less(start, end, row, from), confidence, out)
    }
  }
  return square
}

@inline
function residualsOfTwo(rank: i32, entry: i32, others: usize, values: usize, row: usize, right: usize): v128 {
  const n = rank + 1
  const first = right + bytes<f64>(index(others, entry) * n)
  const second = right + bytes<f64>(index(others, entry + 1) * n)
  const end = bytes<f64>(rank)
  let left = f64x2.sub(v128.load(values + bytes<f64>(entry)), v128.load64_splat(row + end))
  left = f64x2.sub(left, two(first + end, second + end))
  for (let at: usize = 0; at < end; at += 8) {
    left = f64x2.sub(left, f64x2.mul(v128.load64_splat(row + at), two(first + at, second + at)))
  }
  return left
}

/** The numbers at two addresses. */
@inline
function two(first: usize, second: usize): v128 {
  return v128.load64_lane(second, v128.load64_zero(first), 1)
}

/** Adds a square to a sum, and writes what is left where that is asked for. */
@inline
function keep(square: f64, entry: i32, left: f64, confidence: usize, out: usize): f64 {
  const at = bytes<f64>(entry)
  const weighed = confidence == 0 ? left : load<f64>(confidence + at) * left
  if (out != 0) store<f64>(out + at, weighed)
  return square + weighed * left
}

/** See `SparseKernels`; `out` begins with zeros. */
export function sparseProduct(transpose: bool, rows: i32, count: i32, table: usize, x: usize, out: usize): void {
  const starts = part(table, 0), others = part(table, 1), values = part(table, 2)
  const step = bytes<f64>(count)
  for (let k = 0; k < rows; k++) {
    const to = index(starts, k + 1)
    for (let entry = index(starts, k); entry < to; entry++) {
      const near = <usize>k * step
      const far = <usize>index(others, entry) * step
      const value = load<f64>(values + bytes<f64>(entry))
      if (transpose) addTimes(step, value, x + near, out + far)
      else addTimes(step, value, x + far, out + near)
    }
  }
}

/** y += alpha x. */
@inline
function addTimes(end: usize, alpha: f64, x: usize, y: usize): void {
  const factors = f64x2.splat(alpha)
  const whole = end & ~15
  for (let at: usize = 0; at < whole; at += 16) {
    v128.store(y + at, madd<f64>(factors, v128.load(x + at), v128.load(y + at)))
  }
  if (whole < end) store<f64>(y + whole, load<f64>(y + whole) + alpha * load<f64>(x + whole))
}
