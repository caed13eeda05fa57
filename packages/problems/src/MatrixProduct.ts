/** Products of matrices that are read through strides, so that a transposed factor costs no copy. */

/** The elements `data[offset + i row + j column]`. */
export interface View {
  readonly data: Float64Array
  readonly offset: number
  readonly row: number
  readonly column: number
}

/** A row-major matrix with `columns` columns that starts at `offset`. */
export const rowMajor = (data: Float64Array, columns: number, offset = 0): View => ({
  data,
  offset,
  row: columns,
  column: 1,
})

/** The same elements with rows and columns exchanged. */
export const transposed = ({ column, data, offset, row }: View): View => ({
  data,
  offset,
  row: column,
  column: row,
})

/**
 * `out = keep out + A B` for an m x inner matrix A, an inner x n matrix B and `keep` 0 or 1; `out` overlaps neither factor.
 *
 * Every element is summed in increasing inner index and then added to what was kept, so its bits do not depend on the blocking.
 */
export const multiply = (
  keep: 0 | 1,
  a: View,
  b: View,
  out: View,
  m: number,
  n: number,
  inner: number,
): void => {
  const wholeRows = m - (m % 4)
  const wholeColumns = n - (n % 2)
  for (let i = 0; i < wholeRows; i += 4) {
    for (let j = 0; j < wholeColumns; j += 2) block(keep, a, b, out, i, j, inner)
  }
  for (let i = 0; i < m; i++) {
    for (let j = i < wholeRows ? wholeColumns : 0; j < n; j++) element(keep, a, b, out, i, j, inner)
  }
}

const element = (
  keep: 0 | 1,
  a: View,
  b: View,
  out: View,
  i: number,
  j: number,
  inner: number,
): void => {
  let sum = 0
  let p = a.offset + i * a.row
  let q = b.offset + j * b.column
  for (let l = 0; l < inner; l++) {
    sum += a.data[p]! * b.data[q]!
    p += a.column
    q += b.row
  }
  const at = out.offset + i * out.row + j * out.column
  out.data[at] = keep === 0 ? sum : out.data[at]! + sum
}

/** Four rows times two columns: eight sums, which is what fits into registers beside the six factors. */
const block = (
  keep: 0 | 1,
  a: View,
  b: View,
  out: View,
  i: number,
  j: number,
  inner: number,
): void => {
  const x = a.data
  const y = b.data
  const { column: xStep, row: xRow } = a
  const { column: yColumn, row: yStep } = b
  let s00 = 0
  let s01 = 0
  let s10 = 0
  let s11 = 0
  let s20 = 0
  let s21 = 0
  let s30 = 0
  let s31 = 0
  let p = a.offset + i * xRow
  let q = b.offset + j * yColumn
  for (let l = 0; l < inner; l++) {
    const x0 = x[p]!
    const x1 = x[p + xRow]!
    const x2 = x[p + 2 * xRow]!
    const x3 = x[p + 3 * xRow]!
    const y0 = y[q]!
    const y1 = y[q + yColumn]!
    s00 += x0 * y0
    s01 += x0 * y1
    s10 += x1 * y0
    s11 += x1 * y1
    s20 += x2 * y0
    s21 += x2 * y1
    s30 += x3 * y0
    s31 += x3 * y1
    p += xStep
    q += yStep
  }
  const z = out.data
  const { column, row } = out
  const r = out.offset + i * row + j * column
  if (keep === 0) {
    z[r] = s00
    z[r + column] = s01
    z[r + row] = s10
    z[r + row + column] = s11
    z[r + 2 * row] = s20
    z[r + 2 * row + column] = s21
    z[r + 3 * row] = s30
    z[r + 3 * row + column] = s31
  } else {
    z[r]! += s00
    z[r + column]! += s01
    z[r + row]! += s10
    z[r + row + column]! += s11
    z[r + 2 * row]! += s20
    z[r + 2 * row + column]! += s21
    z[r + 3 * row]! += s30
    z[r + 3 * row + column]! += s31
  }
}
