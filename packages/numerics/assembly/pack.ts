/**
 * Packing for gemm: the operands are copied, block by block, in the order in which the tile reads them.
 *
 * A panel of A holds `rows` rows: for each p the `rows` elements op(A)[i..][p]. A panel of B holds two vectors of columns: for
 * each p the elements op(B)[p][j..], padded with zeros.
 */
import { bytes, lanes } from "./simd"

/** Two rows of two columns, from rows to columns. */
@inline
export function turn(row0: usize, row1: usize, to: usize, next: usize): void {
  const x = v128.load(row0)
  const y = v128.load(row1)
  v128.store(to, v128.shuffle<f64>(x, y, 0, 2))
  v128.store(to + next, v128.shuffle<f64>(x, y, 1, 3))
}

/** The rows are contiguous, two columns at a time. */
@inline
function packRows(rows: i32, count: i32, a: usize, row: usize, to: usize): void {
  const size = bytes<f64>(rows)
  for (let p = 0; p + 2 <= count; p += 2) {
    turn(a, a + row, to, size)
    turn(a + 2 * row, a + 3 * row, to + 16, size)
    if (rows == 6) turn(a + 4 * row, a + 5 * row, to + 32, size)
    if (rows == 5) {
      store<f64>(to, load<f64>(a + 4 * row), 32)
      store<f64>(to + size, load<f64>(a + 4 * row, 8), 32)
    }
    to += 2 * size
    a += 16
  }
  if (count & 1) {
    for (let i = 0; i < rows; i++) store<f64>(to + bytes<f64>(i), load<f64>(a + <usize>i * row))
  }
}

/** The columns are contiguous. */
@inline
function packColumns(rows: i32, count: i32, a: usize, column: usize, to: usize): void {
  for (let p = 0; p < count; p++) {
    v128.store(to, v128.load(a))
    v128.store(to, v128.load(a, 16), 16)
    if (rows == 6) v128.store(to, v128.load(a, 32), 32)
    if (rows == 5) store<f64>(to, load<f64>(a, 32), 32)
    to += bytes<f64>(rows)
    a += column
  }
}

/** Any distances; the first row stands in for those past the last. */
@inline
function packAny<T>(rows: i32, available: i32, count: i32, a: usize, row: usize, column: usize, to: usize): void {
  const r1: usize = available > 1 ? row : 0
  const r2: usize = available > 2 ? 2 * row : 0
  const r3: usize = available > 3 ? 3 * row : 0
  const r4: usize = available > 4 ? 4 * row : 0
  const r5: usize = available > 5 ? 5 * row : 0
  for (let p = 0; p < count; p++) {
    store<T>(to, load<T>(a))
    store<T>(to + sizeof<T>(), load<T>(a + r1))
    store<T>(to + 2 * sizeof<T>(), load<T>(a + r2))
    store<T>(to + 3 * sizeof<T>(), load<T>(a + r3))
    if (rows > 4) store<T>(to + 4 * sizeof<T>(), load<T>(a + r4))
    if (rows > 5) store<T>(to + 5 * sizeof<T>(), load<T>(a + r5))
    to += bytes<T>(rows)
    a += column
  }
}

/**
 * Packs `count` columns of rows `a`, `a + row`, ..., of which `available` exist. `row` and `column` are the distances in bytes
 * from row to row and from column to column of op(A).
 */
@inline
export function packA<T>(rows: i32, available: i32, count: i32, a: usize, row: usize, column: usize, to: usize): void {
  if (sizeof<T>() == 8 && available == rows && column == 8) packRows(rows, count, a, row, to)
  else if (sizeof<T>() == 8 && available == rows && row == 8) packColumns(rows, count, a, column, to)
  else packAny<T>(rows, available, count, a, row, column, to)
}

/** Four columns of op(B) that are contiguous, two rows at a time; returns the end of the panel. */
@inline
function packTurned(count: i32, b: usize, column: usize, to: usize): usize {
  for (let p = 0; p + 2 <= count; p += 2) {
    turn(b, b + column, to, 32)
    turn(b + 2 * column, b + 3 * column, to + 16, 32)
    b += 16
    to += 64
  }
  if (count & 1) {
    for (let l = 0; l < 4; l++) store<f64>(to + bytes<f64>(l), load<f64>(b + <usize>l * column))
    to += 32
  }
  return to
}

/** Packs `count` rows of op(B), `columns` wide, panel after panel. `row` and `column` are distances in bytes. */
export function packB<T>(count: i32, columns: i32, b: usize, row: usize, column: usize, to: usize): void {
  const width = 2 * lanes<T>()
  for (let j = 0; j < columns; j += width) {
    const w = min(width, columns - j)
    let source = b + <usize>j * column
    if (w == width && column == sizeof<T>()) {
      for (let p = 0; p < count; p++) {
        v128.store(to, v128.load(source))
        v128.store(to, v128.load(source, 16), 16)
        to += 32
        source += row
      }
    } else if (sizeof<T>() == 8 && w == width && row == 8) {
      to = packTurned(count, source, column, to)
    } else {
      for (let p = 0; p < count; p++) {
        let from = source
        for (let l = 0; l < w; l++) {
          store<T>(to + bytes<T>(l), load<T>(from))
          from += column
        }
        for (let l = w; l < width; l++) store<T>(to + bytes<T>(l), <T>0)
        to += 32
        source += row
      }
    }
  }
}
