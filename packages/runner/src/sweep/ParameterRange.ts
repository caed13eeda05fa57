import { Schema } from "effect"

/** Numbers between two ends, both of which can be drawn. */
export const ParameterRange = Schema.Struct({
  low: Schema.Finite,
  high: Schema.Finite,
  /** `log`: equally many between 0.01 and 0.1 as between 0.1 and 1. */
  scale: Schema.optionalKey(Schema.Literals(["linear", "log"])),
  /** Integers only. */
  integer: Schema.optionalKey(Schema.Boolean),
}).check(
  Schema.makeFilter(({ high, integer, low, scale }) => {
    if (!(low < high)) return `${low}..${high} is empty: the first end must be below the second`
    if (scale === "log" && low <= 0) return `${low}..${high} must be positive for :log`
    const isWhole = Number.isSafeInteger(low) && Number.isSafeInteger(high)
    return integer !== true || isWhole || `${low}..${high} must have integer ends for :integer`
  }),
)
export type ParameterRange = typeof ParameterRange.Type
