/** Sparse tables in plain loops: the twin of `assembly/sparse.ts`. */
/** Entries row by row: those of row k are `starts[k]` to `starts[k + 1]`. */
export interface SparseRows {
  readonly starts: Uint32Array
  /** The column of each entry. */
  readonly others: Uint32Array
  readonly values: Float64Array
  /** Weight of each entry, above 0; undefined where all are equal. Products do not read it. */
  readonly confidence: Float64Array | undefined
}

export const sparseLeastSquares = (
  rank: number,
  { confidence, others, starts, values }: SparseRows,
  other: Float64Array,
  penalties: Float64Array,
  ridge: number,
  own: Float64Array,
): void => {
  const n = rank + 1
  const entry = new Float64Array(n + 1)
  const gram = new Float64Array(n * n)
  const g = new Float64Array(n)
  for (let k = 0; k < penalties.length; k++) {
    const [from, to] = [starts[k]!, starts[k + 1]!]
    gram.fill(0)
    g.fill(0)
    for (let e = from; e < to; e++) {
      const at = others[e]! * n
      const root = confidence === undefined ? 1 : Math.sqrt(confidence[e]!)
      for (let a = 0; a < rank; a++) entry[a] = root * other[at + a]!
      entry[rank] = root
      const target = root * (values[e]! - other[at + rank]!)
      for (let a = 0; a < n; a++) {
        for (let b = 0; b <= a; b++) gram[a * n + b]! += entry[a]! * entry[b]!
        g[a]! += entry[a]! * target
      }
    }
    if (to > from) {
      for (let a = 0; a < n; a++) gram[a * (n + 1)]! += a < rank ? penalties[k]! : ridge
      solvePositive(gram, g, n)
    }
    own.set(g, k * n)
  }
}

/** Solves `G x = g` in place of g for the lower triangle of a positive definite G (n x n), which becomes L and D of `G = L D L'`. */
const solvePositive = (gram: Float64Array, g: Float64Array, n: number): void => {
  for (let i = 0; i < n; i++) {
    const row = i * n
    for (let j = 0; j < i; j++) {
      let sum = gram[row + j]!
      for (let k = 0; k < j; k++) sum -= gram[row + k]! * gram[j * n + k]!
      gram[row + j] = sum
    }
    let pivot = gram[row + i]!
    for (let j = 0; j < i; j++) {
      const product = gram[row + j]!
      const part = product / gram[j * (n + 1)]!
      pivot -= product * part
      gram[row + j] = part
    }
    // of a singular matrix rounding leaves nothing: no step in such a direction
    gram[row + i] = pivot > 0 ? pivot : Infinity
    let sum = g[i]!
    for (let k = 0; k < i; k++) sum -= gram[row + k]! * g[k]!
    g[i] = sum
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = g[i]! / gram[i * (n + 1)]!
    for (let k = i + 1; k < n; k++) sum -= gram[k * n + i]! * g[k]!
    g[i] = sum
  }
}

export const sparseResiduals = (
  rank: number,
  { confidence, others, starts, values }: SparseRows,
  left: Float64Array,
  right: Float64Array,
  out?: Float64Array,
): number => {
  const n = rank + 1
  let square = 0
  for (let k = 0; k < starts.length - 1; k++) {
    const p = k * n
    for (let e = starts[k]!; e < starts[k + 1]!; e++) {
      const q = others[e]! * n
      let rest = values[e]! - left[p + rank]! - right[q + rank]!
      for (let a = 0; a < rank; a++) rest -= left[p + a]! * right[q + a]!
      const weighed = confidence === undefined ? rest : confidence[e]! * rest
      square += weighed * rest
      if (out !== undefined) out[e] = weighed
    }
  }
  return square
}

export const sparseProduct = (
  transpose: boolean,
  count: number,
  { others, starts, values }: SparseRows,
  x: Float64Array,
  out: Float64Array,
): void => {
  out.fill(0)
  for (let k = 0; k < starts.length - 1; k++) {
    for (let e = starts[k]!; e < starts[k + 1]!; e++) {
      const [near, far] = [k * count, others[e]! * count]
      const [from, to] = transpose ? [near, far] : [far, near]
      for (let c = 0; c < count; c++) out[to + c]! += values[e]! * x[from + c]!
    }
  }
}
