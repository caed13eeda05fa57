/** Models that fill a table, with the code that cross-validation and the final fit share. */
import { compress, countsOf, type Observations, type Table } from "./Table.ts"

/** The kinds of models, from the simplest. */
export const kinds = ["mean", "column means", "effects", "low rank"] as const
export type Kind = (typeof kinds)[number]

/** Powers of weights, the first to be tried first. */
export const weightings = [0.5, 0, 1] as const
export type Weighting = (typeof weightings)[number]

/** Model that fills a table. */
export interface Model {
  readonly kind: Kind
  /** The largest rank of the product; 0 without a product. */
  readonly rank: number
  /** Weight of the trace norm of that product; Infinity without a product. */
  readonly penalty: number
  /**
   * Exponent of the number of observations in the weights of rows and columns in the trace norm. It is 0 for none, 1 as in
   * flatness, 1/2 in between (Srebro and Salakhutdinov 2010, as recalled).
   */
  readonly weighting: Weighting
  /** Ridge of an effect, as a number of observations with value zero, for rows and for columns. */
  readonly ridge: readonly [rows: number, columns: number]
}

export const isLowRank = ({ kind }: Model): boolean => kind === "low rank"

/** Power function with the same bits on every engine. */
export const power = (part: number, weighting: Weighting): number => {
  if (weighting === 0) return 1
  return weighting === 1 ? part : Math.sqrt(part)
}

/** Weights of rows and columns: powers of their number of observations over the mean, in a table of `total` observations. */
export const weightsOf = (
  observations: Observations,
  weighting: Weighting,
  total: number,
): readonly [rows: Float64Array, columns: Float64Array] => {
  const { columns, rows } = countsOf(observations)
  const of = (counts: Float64Array) => {
    const weights = new Float64Array(counts.length).fill(1)
    if (weighting === 0) return weights
    for (let k = 0; k < counts.length; k++) {
      if (counts[k]! > 0) weights[k] = power((counts[k]! * counts.length) / total, weighting)
    }
    return weights
  }
  return [of(rows), of(columns)]
}

/** Weighted mean of some values, by default all. */
const meanOf = (
  values: Float64Array,
  confidence: Float64Array | undefined,
  entries?: Uint32Array,
): number => {
  let sum = 0
  if (entries === undefined && confidence === undefined) {
    for (let i = 0; i < values.length; i++) sum += values[i]!
    return sum / values.length
  }
  let count = 0
  const { length } = entries ?? values
  for (let k = 0; k < length; k++) {
    const i = entries?.[k] ?? k
    const weight = confidence?.[i] ?? 1
    sum += weight * values[i]!
    count += weight
  }
  return sum / count
}

/** The entries of a table minus their mean. */
export interface Centred {
  readonly mean: number
  readonly observations: Observations
}

/** Some entries of a table, by default all, minus the mean of their values. */
export const centred = (table: Table, entries?: Uint32Array): Centred => {
  const mean = meanOf(table.values, table.confidence, entries)
  const observations = compress(table, entries)
  for (const { values } of [observations.byRow, observations.byColumn]) {
    for (let i = 0; i < values.length; i++) values[i]! -= mean
  }
  return { mean, observations }
}

/** Column means minus the overall mean; 0 for a column without observations. */
export const columnMeans = ({ byColumn, columns }: Observations): Float64Array => {
  const { confidence, starts, values } = byColumn
  return Float64Array.from({ length: columns }, (_, j) => {
    const own = values.subarray(starts[j], starts[j + 1])
    return own.length === 0 ? 0 : meanOf(own, confidence?.subarray(starts[j], starts[j + 1]))
  })
}

/** Maximum number of distinct values, each occurring ten times on average, for which a table counts as ratings on a scale. */
const fewValues = 20

/** Least and largest value of a table with a scale: predictions stay between them. */
export const boundsOf = (
  values: Float64Array,
): readonly [least: number, largest: number] | undefined => {
  const distinct = new Float64Array(fewValues)
  let count = 0
  // where a value was seen last, by its high bits: which of five it is no processor guesses
  const words = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length)
  const seen = new Float64Array(64).fill(Number.NaN)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    const at = Math.imul(words[2 * i + 1]!, 0x9e3779b1) >>> 26
    if (seen[at] === value) continue
    seen[at] = value
    let k = 0
    while (k < count && distinct[k] !== value) k++
    if (k < count) continue
    if (count === fewValues || (count + 1) * 10 > values.length) return undefined
    distinct[count++] = value
  }
  const found = distinct.subarray(0, count)
  return count < 2 ? undefined : [Math.min(...found), Math.max(...found)]
}
