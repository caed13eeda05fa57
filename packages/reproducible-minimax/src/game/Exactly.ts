/** Products of a matrix and a vector in twice the working precision (Ogita, Rump, Oishi 2005, as recalled), by `+ - *` alone. */

const splitter = 2 ** 27 + 1

/** High and low halves of the numbers, whose products are exact. */
const halves = (values: Float64Array): readonly [Float64Array, Float64Array] => {
  const high = values.map((x) => splitter * x - (splitter * x - x))
  return [high, values.map((x, i) => x - high[i]!)]
}

/**
 * `out = A x - level - rest` for A `rows` x `columns`, or `A^T x` where `transpose`: off by an ulp of itself and `terms^2 2^-106` of the
 * magnitudes. Entries must lie between 1e-100 and 1e100 in magnitude, or be 0.
 */
export const product = (
  transpose: boolean,
  rows: number,
  columns: number,
  matrix: Float64Array,
  x: Float64Array,
  out: Float64Array,
  { level, rest }: { readonly level: number; readonly rest: number },
): void => {
  const [high, low] = halves(x)
  const lost = new Float64Array(out.length).fill(-rest)
  out.fill(-level)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const [from, to] = transpose ? [i, j] : [j, i]
      const factor = x[from]!
      if (factor === 0) continue
      const a = matrix[i * columns + j]!
      const scaled = splitter * a
      const upper = scaled - (scaled - a)
      const lower = a - upper
      const term = a * factor
      const sum = out[to]!
      const total = sum + term
      const back = total - sum
      lost[to]! +=
        sum -
        (total - back) +
        (term - back) +
        (lower * low[from]! -
          (term - upper * high[from]! - lower * high[from]! - upper * low[from]!))
      out[to] = total
    }
  }
  for (let i = 0; i < out.length; i++) out[i]! += lost[i]!
}

/** `level + rest + step` in two parts again. */
export const add = (
  { level, rest }: { readonly level: number; readonly rest: number },
  step: number,
): { readonly level: number; readonly rest: number } => {
  const small = rest + step
  const total = level + small
  return { level: total, rest: small - (total - level) }
}
