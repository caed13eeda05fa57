/** Lists of the best columns of a row, and their quality on held-out cells. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type { Compressed } from "./Table.ts"

/** Writes the scores of all columns for some rows into `out`, row after row. */
export type Scorer = (rows: Uint32Array, out: Float64Array) => void

/** Rows that are scored together. */
export const together = 32

/** Scores `left right' + effects of the columns`; an effect of a row does not change its order. */
export const scorerOf = (
  {
    effects,
    left,
    rank,
    right,
  }: {
    readonly effects: Float64Array
    readonly left: Float64Array
    readonly rank: number
    readonly right: Float64Array
  },
  kernels: Kernels.Kernels,
): Scorer => {
  const columns = effects.length
  const block = new Float64Array(together * rank)
  return (rows, out) => {
    for (let k = 0; k < rows.length; k++) {
      out.set(effects, k * columns)
      block.set(left.subarray(rows[k]! * rank, (rows[k]! + 1) * rank), k * rank)
    }
    if (rank === 0) return
    const own = block.subarray(0, rows.length * rank)
    const to = out.subarray(0, rows.length * columns)
    kernels.gemm(false, true, rows.length, columns, rank, 1, own, right, 1, to)
  }
}

/**
 * The `top` candidates with the highest scores, best first; of equal ones the lower column first. A score of -Infinity is no
 * candidate. Returns their number, and writes the columns into `out`.
 */
export const best = (scores: Float64Array, top: number, out: Uint32Array): number => {
  let count = 0
  for (let j = 0; j < scores.length; j++) {
    const score = scores[j]!
    if (score === -Infinity || (count === top && score <= scores[out[count - 1]!]!)) continue
    let place = count < top ? count++ : count - 1
    while (place > 0 && scores[out[place - 1]!]! < score) {
      out[place] = out[place - 1]!
      place--
    }
    out[place] = j
  }
  return count
}

/** Quality of the lists of some rows: one value for each row that has a relevant held-out cell. */
export interface Quality {
  readonly ndcg: Float64Array
  readonly precision: Float64Array
}

/** Discounted cumulative gain of binary or graded gains in order. */
const discounts = (top: number): Float64Array =>
  Float64Array.from({ length: top }, (_, k) => 1 / Elementary.log2(k + 2))

/** Held-out cells and the candidates among which a list must find them. */
export interface Trial {
  /** Cells that the fit has seen, by row: they are no candidates. */
  readonly seen: Compressed
  /** Held-out cells, by row. */
  readonly held: Compressed
  /** The gain of each held-out cell, from 0; above 0 it is relevant. */
  readonly gains: Float64Array
  /** Rows that are judged. */
  readonly rows: Uint32Array
  readonly top: number
  /** True where only the held-out cells of a row are its candidates: then the order of observed cells is judged. */
  readonly amongHeld: boolean
}

/** Rows of a trial that have a relevant cell. */
export const judgedRows = (
  { starts }: Compressed,
  gains: Float64Array,
  fewest: number,
): Uint32Array => {
  const rows: Array<number> = []
  for (let k = 0; k + 1 < starts.length; k++) {
    const [from, to] = [starts[k]!, starts[k + 1]!]
    if (to - from >= fewest && gains.subarray(from, to).some((gain) => gain > 0)) rows.push(k)
  }
  return Uint32Array.from(rows)
}

/** Normalised discounted cumulative gain and precision of the lists by a scorer. */
export const judge = (scorer: Scorer, columns: number, trial: Trial): Quality => {
  const { amongHeld, gains, held, rows, seen, top } = trial
  const discount = discounts(top)
  const [ndcg, precision] = [new Float64Array(rows.length), new Float64Array(rows.length)]
  const scores = new Float64Array(together * columns)
  const kept = new Float64Array(columns)
  const gainOf = new Float64Array(columns)
  const list = new Uint32Array(top)
  for (let first = 0; first < rows.length; first += together) {
    const block = rows.subarray(first, first + together)
    scorer(block, scores)
    for (let k = 0; k < block.length; k++) {
      const row = block[k]!
      const own = scores.subarray(k * columns, (k + 1) * columns)
      const [from, to] = [held.starts[row]!, held.starts[row + 1]!]
      if (amongHeld) {
        kept.fill(-Infinity)
        for (let e = from; e < to; e++) kept[held.others[e]!] = own[held.others[e]!]!
      } else {
        kept.set(own)
        for (let e = seen.starts[row]!; e < seen.starts[row + 1]!; e++) {
          kept[seen.others[e]!] = -Infinity
        }
      }
      for (let e = from; e < to; e++) gainOf[held.others[e]!] = gains[e]!
      const count = best(kept, top, list)
      let [sum, hits] = [0, 0]
      for (let place = 0; place < count; place++) {
        const gain = gainOf[list[place]!]!
        sum += gain * discount[place]!
        if (gain > 0) hits++
      }
      const ideal = gains.slice(from, to).toSorted().toReversed()
      let most = 0
      for (let place = 0; place < Math.min(top, ideal.length); place++) {
        most += ideal[place]! * discount[place]!
      }
      ndcg[first + k] = sum / most
      precision[first + k] = hits / top
      for (let e = from; e < to; e++) gainOf[held.others[e]!] = 0
    }
  }
  return { ndcg, precision }
}

/** Mean over rows, and its standard error. */
export const meanOf = (values: Float64Array) => {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  const mean = sum / values.length
  let square = 0
  for (let i = 0; i < values.length; i++) square += Elementary.square(values[i]! - mean)
  const variance = values.length > 1 ? square / (values.length - 1) / values.length : Infinity
  return { mean, standardError: Math.sqrt(variance) }
}
