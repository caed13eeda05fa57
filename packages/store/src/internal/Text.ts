/** JSON that keeps the sign of zero, which `JSON.stringify` drops. */
import type { Schema } from "effect"

const hasNegativeZero = (value: Schema.Json): boolean =>
  typeof value === "object" && value !== null
    ? Object.values(value).some(hasNegativeZero)
    : Object.is(value, -0)

const exact = (value: Schema.Json): string => {
  if (Object.is(value, -0)) return "-0"
  if (typeof value !== "object" || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(exact).join(",")}]`
  const fields = Object.entries(value).map(
    ([name, each]) => `${JSON.stringify(name)}:${exact(each)}`,
  )
  return `{${fields.join(",")}}`
}

/** JSON text of a value, with fields in their order. */
export const of = (value: Schema.Json): string =>
  hasNegativeZero(value) ? exact(value) : JSON.stringify(value)

/** The value of JSON text. */
export const read = (text: string): Schema.Json => JSON.parse(text) as Schema.Json
