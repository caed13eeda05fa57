/** Missing coordinates by the mean of the rows that are nearest in the coordinates known of both. */

/** Rows that are looked at, evenly spaced: at most so many, and fewer where the differences would be more than so many. */
const [donors, differences] = [2000, 5e8]

/** Rows of them that are taken into account, nearest first. */
const kept = 60

/** Places of the least distances, ascending. */
const nearest = (distances: Float64Array): ReadonlyArray<number> => {
  const places: Array<number> = []
  for (let k = 0; k < distances.length; k++) {
    const isFull = places.length === kept
    if (isFull && distances[k]! >= distances[places[kept - 1]!]!) continue
    let at = isFull ? kept - 1 : places.length
    for (; at > 0 && distances[places[at - 1]!]! > distances[k]!; at--) places[at] = places[at - 1]!
    places[at] = k
  }
  return places
}

interface Neighbours {
  readonly count: number
  /** True if a row counts by the inverse of its distance. */
  readonly byDistance: boolean
}

/** Fills coordinates once for each of the rules. */
export const fill = (
  cells: Float64Array,
  width: number,
  rules: ReadonlyArray<Neighbours>,
): ReadonlyArray<Float64Array> => {
  const rows = cells.length / width
  const most = Math.max(kept, Math.min(donors, differences / (rows * width)))
  const stride = Math.max(1, Math.ceil(rows / most))
  const list = Uint32Array.from({ length: Math.ceil(rows / stride) }, (_, k) => k * stride)
  const filled = rules.map(() => cells.slice())
  const distances = new Float64Array(list.length)
  for (let i = 0; i < rows; i++) {
    const own = cells.subarray(i * width, (i + 1) * width)
    if (!own.some(Number.isNaN)) continue
    list.forEach((row, k) => {
      let [sum, shared] = [0, 0]
      if (row !== i) {
        for (let a = 0; a < width; a++) {
          const difference = own[a]! - cells[row * width + a]!
          if (Number.isNaN(difference)) continue
          sum += difference * difference
          shared++
        }
      }
      distances[k] = shared === 0 ? Infinity : sum / shared
    })
    const order = nearest(distances)
    for (let a = 0; a < width; a++) {
      if (!Number.isNaN(own[a]!)) continue
      rules.forEach(({ byDistance, count }, rule) => {
        let [sum, weights, taken] = [0, 0, 0]
        for (const k of order) {
          const value = cells[list[k]! * width + a]!
          if (distances[k] === Infinity || taken === count) break
          if (Number.isNaN(value)) continue
          const weight = byDistance ? 1 / Math.max(1e-9, Math.sqrt(distances[k]!)) : 1
          sum += weight * value
          weights += weight
          taken++
        }
        filled[rule]![i * width + a] = taken === 0 ? 0 : sum / weights
      })
    }
  }
  return filled
}
