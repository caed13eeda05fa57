/** Matrix-vector products in twice the working precision (Ogita, Rump, Oishi 2005, as recalled), using only `+ - *`. */

const splitter = 2 ** 27 + 1

/** High and low halves of the numbers, whose products are exact. */
const halves = (values: Float64Array): readonly [Float64Array, Float64Array] => {
  const high = values.map((x) => splitter * x - (splitter * x - x))
  return [high, values.map((x, i) => x - high[i]!)]
}

/** A number or an array as two parts: the rounded value and its rounding error. */
export interface Parts<A> {
  readonly level: A
  readonly rest: A
}

/**
 * `sum += A x` for A `rows` x `columns`, or `A^T x` if `transpose`; the error of the sum of both parts is at most `terms^2
 * 2^-105` times the magnitudes. Entries must lie between 1e-100 and 1e100 in magnitude, or be 0.
 */
export const addProduct = (
  transpose: boolean,
  rows: number,
  columns: number,
  matrix: Float64Array,
  { level: x, rest: tail }: Parts<Float64Array>,
  { level: sums, rest: lost }: Parts<Float64Array>,
): void => {
  const [high, low] = halves(x)
  // by rows of A either way: one sum at a time where they are those of rows, all of them where they are those of columns
  for (let i = 0; i < rows; i++) {
    if (transpose && x[i] === 0) continue
    let sum = sums[i]!
    let rest = lost[i]!
    for (let j = 0; j < columns; j++) {
      const from = transpose ? i : j
      const factor = x[from]!
      if (factor === 0) continue
      if (transpose) {
        sum = sums[j]!
        rest = lost[j]!
      }
      const a = matrix[i * columns + j]!
      const scaled = splitter * a
      const upper = scaled - (scaled - a)
      const lower = a - upper
      const term = a * factor
      const total = sum + term
      const back = total - sum
      rest +=
        sum -
        (total - back) +
        (term - back) +
        (lower * low[from]! -
          (term - upper * high[from]! - lower * high[from]! - upper * low[from]!)) +
        a * tail[from]!
      sum = total
      if (transpose) {
        sums[j] = sum
        lost[j] = rest
      }
    }
    if (!transpose) {
      sums[i] = sum
      lost[i] = rest
    }
  }
}

/** Zeros as numbers in two parts. */
export const zeros = (size: number): Parts<Float64Array> => ({
  level: new Float64Array(size),
  rest: new Float64Array(size),
})

/** Adds a step to a number in two parts. */
export const add = ({ level, rest }: Parts<number>, step: number): Parts<number> => {
  const small = rest + step
  const total = level + small
  const back = total - level
  return { level: total, rest: level - (total - back) + (small - back) }
}

/** A step added to one of the numbers, in place. */
export const addTo = ({ level, rest }: Parts<Float64Array>, i: number, step: number): void => {
  const sum = add({ level: level[i]!, rest: rest[i]! }, step)
  level[i] = sum.level
  rest[i] = sum.rest
}
