/**
 * Packing for gemm: the operands are copied, block by block, in the order in which the tile reads them.
 *
 * A panel of A holds `rows` rows: for each p the `rows` elements op(A)[i..][p]. The strict build stores each one in every lane
 * (the splat is then a plain load, which leaves the multiply and add pipes alone); the relaxed build stores it once.
 * A panel of B holds two vectors of columns: for each p the elements op(B)[p][j..], padded with zeros.
 */
import { bytes, lanes, loadSplat } from "./simd"

/** Bytes of one packed element of A. */
@inline
export function cell<T>(): usize {
  return ASC_FEATURE_RELAXED_SIMD ? sizeof<T>() : 16
}

/** Element i of a packed column of A, in every lane. */
@inline
export function packed<T>(column: usize, i: usize): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? loadSplat<T>(column + i * sizeof<T>()) : v128.load(column + i * 16)
}

@inline
function put<T>(column: usize, i: usize, from: usize): void {
  if (ASC_FEATURE_RELAXED_SIMD) store<T>(column + i * sizeof<T>(), load<T>(from))
  else v128.store(column + i * 16, loadSplat<T>(from))
}

/**
 * Packs `count` columns of rows `a`, `a + row`, ... (`available` of them; the first stands in for those past the last).
 * `row` and `column` are the distances in bytes from row to row and from column to column of op(A).
 */
export function packA<T>(rows: i32, available: i32, count: i32, a: usize, row: usize, column: usize, to: usize): void {
  const r1: usize = available > 1 ? row : 0
  const r2: usize = available > 2 ? 2 * row : 0
  const r3: usize = available > 3 ? 3 * row : 0
  if (rows == 4) {
    for (let p = 0; p < count; p++) {
      put<T>(to, 0, a)
      put<T>(to, 1, a + r1)
      put<T>(to, 2, a + r2)
      put<T>(to, 3, a + r3)
      to += 4 * cell<T>()
      a += column
    }
    return
  }
  const r4: usize = available > 4 ? 4 * row : 0
  const r5: usize = available > 5 ? 5 * row : 0
  for (let p = 0; p < count; p++) {
    put<T>(to, 0, a)
    put<T>(to, 1, a + r1)
    put<T>(to, 2, a + r2)
    put<T>(to, 3, a + r3)
    put<T>(to, 4, a + r4)
    put<T>(to, 5, a + r5)
    to += 6 * cell<T>()
    a += column
  }
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
