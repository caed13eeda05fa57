/**
 * What an audit does with its samples, in pieces of a few milliseconds: the generators yield between them, so that who drives them
 * can pause. The results do not depend on that.
 */

/** Elements between two yields. */
const piece = 1 << 14

/** One run of a merge: from[first, middle) and from[middle, end), each sorted, into the same places of `to`. */
interface Merge {
  readonly from: Float64Array
  readonly to: Float64Array
  readonly middle: number
  readonly end: number
  left: number
  right: number
}

/** Writes the next `piece` elements at most; returns whether any are left. */
const advance = (merge: Merge): boolean => {
  const { end, from, middle, to } = merge
  let { left, right } = merge
  let at = left + right - middle
  const stop = Math.min(end, at + piece)
  for (; at < stop; at++) {
    const isLeft = right >= end || (left < middle && from[left]! <= from[right]!)
    to[at] = isLeft ? from[left++]! : from[right++]!
  }
  merge.left = left
  merge.right = right
  return stop < end
}

/** The values, ascending; the array itself is used up. No value may be NaN. */
export function* sorted(values: Float64Array): Generator<0, Float64Array> {
  const n = values.length
  for (let at = 0; at < n; at += piece) {
    values.subarray(at, at + piece).sort()
    yield 0
  }
  if (n <= piece) return values
  let from = values
  let to: Float64Array = new Float64Array(n)
  for (let width = piece; width < n; width *= 2) {
    for (let left = 0; left < n; left += 2 * width) {
      const middle = Math.min(n, left + width)
      const end = Math.min(n, middle + width)
      const merge: Merge = { from, to, middle, end, left, right: middle }
      while (advance(merge)) yield 0
      yield 0
    }
    ;[from, to] = [to, from]
  }
  return from
}

export interface Summary {
  readonly mean: number
  readonly variance: number
  /** How many values are at least the threshold. */
  readonly above: number
}

/** Mean, variance and tail of two values or more. */
export function* summary(values: Float64Array, threshold: number): Generator<0, Summary> {
  const n = values.length
  let [sum, above, squares] = [0, 0, 0]
  for (let first = 0; first < n; first += piece) {
    for (let i = first; i < Math.min(n, first + piece); i++) {
      sum += values[i]!
      if (values[i]! >= threshold) above++
    }
    yield 0
  }
  const mean = sum / n
  for (let first = 0; first < n; first += piece) {
    for (let i = first; i < Math.min(n, first + piece); i++) squares += (values[i]! - mean) ** 2
    yield 0
  }
  return { mean, variance: squares / (n - 1), above }
}
