/** Extent of a search: the largest sizes and horizons of its instances, by field name. */
import { Schema } from "effect"

/** The largest number of each field that counts something. */
export const Extent = Schema.Record(Schema.String, Schema.Int)
export type Extent = typeof Extent.Type

/** The larger of both in each field. */
export const join = (a: Extent, b: Extent): Extent => {
  const joined: Record<string, number> = { ...a }
  for (const [name, count] of Object.entries(b)) {
    joined[name] = Math.max(joined[name] ?? 0, count)
  }
  return joined
}

/** Describes an extent in words. */
export const describe = (extent: Extent): string =>
  Object.entries(extent)
    .map(([name, count]) => `${name} up to ${count}`)
    .join(", ")
