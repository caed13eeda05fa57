/** Differences between two results of the same part. */
import type { Row } from "@nonconvex/evidence/Experiment"
import type { Part } from "@nonconvex/runner/RunStore"

/** First difference between two parts, with both values. */
export interface Apart {
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
const fieldApart = (kept: unknown, found: unknown, place: string): Apart | undefined => {
  if (!isObject(kept) || !isObject(found)) {
    return Object.is(kept, found) ? undefined : { place, kept: shown(kept), found: shown(found) }
  }
  for (const name of new Set([...Object.keys(kept), ...Object.keys(found)])) {
    const inside = place === "" ? name : `${place}.${name}`
    const apart = fieldApart(kept[name], found[name], inside)
    if (apart !== undefined) return apart
  }
  return undefined
}

const rowsApart = (kept: ReadonlyArray<Row>, found: ReadonlyArray<Row>): Apart | undefined => {
  if (kept.length !== found.length) {
    return { place: "", kept: `${kept.length} rows`, found: `${found.length} rows` }
  }
  for (const [index, row] of kept.entries()) {
    const other = found[index]!
    const apart = fieldApart(row, other, "")
    if (apart !== undefined) return { ...apart, place: `row ${index}, column ${apart.place}` }
    const [order, otherOrder] = [Object.keys(row).join(), Object.keys(other).join()]
    if (order !== otherOrder) {
      return { place: `row ${index}, order of columns`, kept: order, found: otherOrder }
    }
  }
  return undefined
}

/** First difference between two results of a part, bit for bit; undefined if they are equal. Time does not count. */
export const firstDifference = (kept: Part, found: Part): Apart | undefined => {
  if (kept._tag === "Rows" && found._tag === "Rows") {
    return rowsApart(kept.rows, found.rows) ?? fieldApart(kept.data, found.data, "data")
  }
  if (kept._tag === "Searched" && found._tag === "Searched") {
    return fieldApart(kept.attempt, found.attempt, "")
  }
  return { place: "", kept: kept._tag, found: found._tag }
}
