/** Differences between two results of the same part. */
import type { Row } from "@nonconvex/evidence/Experiment"
import type { Part } from "@nonconvex/runner/RunStore"

/** First difference between two parts, with both values. */
interface Difference {
  /** `row 3, column loss`, or the field of a search; empty where the number of rows differs. */
  readonly place: string
  readonly kept: string
  readonly found: string
}

const shown = (value: unknown): string => {
  if (value === undefined) return "nothing"
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value)
  return JSON.stringify(value)
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

/** The first field, at any depth, that two values do not share; numbers by their bits. */
const fieldDifference = (kept: unknown, found: unknown, place: string): Difference | undefined => {
  if (!isObject(kept) || !isObject(found)) {
    return Object.is(kept, found) ? undefined : { place, kept: shown(kept), found: shown(found) }
  }
  for (const name of new Set([...Object.keys(kept), ...Object.keys(found)])) {
    const inside = place === "" ? name : `${place}.${name}`
    const difference = fieldDifference(kept[name], found[name], inside)
    if (difference !== undefined) return difference
  }
  return undefined
}

const rowsDifference = (
  kept: ReadonlyArray<Row>,
  found: ReadonlyArray<Row>,
): Difference | undefined => {
  if (kept.length !== found.length) {
    return { place: "", kept: `${kept.length} rows`, found: `${found.length} rows` }
  }
  for (const [index, row] of kept.entries()) {
    const other = found[index]!
    const difference = fieldDifference(row, other, "")
    if (difference !== undefined)
      return { ...difference, place: `row ${index}, column ${difference.place}` }
    const [order, otherOrder] = [Object.keys(row).join(), Object.keys(other).join()]
    if (order !== otherOrder) {
      return { place: `row ${index}, order of columns`, kept: order, found: otherOrder }
    }
  }
  return undefined
}

/** First difference between two results of a part, bit for bit; undefined if they are equal. Time does not count. */
export const firstDifference = (kept: Part, found: Part): Difference | undefined => {
  if (kept._tag === "Rows" && found._tag === "Rows") {
    return rowsDifference(kept.rows, found.rows) ?? fieldDifference(kept.data, found.data, "data")
  }
  if (kept._tag === "Searched" && found._tag === "Searched") {
    return fieldDifference(kept.attempt, found.attempt, "")
  }
  return { place: "", kept: kept._tag, found: found._tag }
}
