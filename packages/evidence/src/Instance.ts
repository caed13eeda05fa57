/** Instances and compared numbers for readers: vectors in brackets, matrices row by row, numbers with six digits. */
import { significant } from "@nonconvex/numerics/Decimal"
import type { Schema } from "effect"
import type { Compared } from "./Margin.ts"

/** Entries of a vector that are shown; of a matrix rows and columns. */
const most = { vector: 12, matrix: 8 }

const isRecord = (value: Schema.Json): value is Schema.JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** A list, including a typed array that JSON turned into an object: `{ "0": 1, "1": 2 }`. */
const listOf = (value: Schema.Json): ReadonlyArray<Schema.Json> | undefined => {
  if (Array.isArray(value)) return value
  if (!isRecord(value)) return undefined
  const keys = Object.keys(value)
  return keys.length > 0 && keys.every((key, k) => key === String(k))
    ? Object.values(value)
    : undefined
}

/** A number; JSON has the strings "NaN" and "Infinity" for those that it lacks. */
const scalar = (value: Schema.Json): string => {
  if (typeof value === "number") return significant(value, 6)
  return typeof value === "string" ? value : JSON.stringify(value)
}

const shortened = <A>(items: ReadonlyArray<A>, limit: number, of: (item: A) => string): string =>
  items.slice(0, limit).map(of).join(", ") +
  (items.length > limit ? `, ... ${items.length} in all` : "")

/** Rows of equal length, at least two; undefined if the list is not a matrix. */
const matrixOf = (list: ReadonlyArray<Schema.Json>) => {
  const rows = list.map(listOf)
  const width = rows[0]?.length ?? 0
  const isMatrix =
    rows.length > 1 && width > 0 && rows.every((row) => row?.length === width && !row.some(listOf))
  return isMatrix ? rows.map((row) => row!) : undefined
}

/** On one line: `dimension 3, spectrum (1, 0.5), problem (loss log cosh, terms 2)`. */
export const inline = (value: Schema.Json): string => {
  const list = listOf(value)
  if (list !== undefined) return `(${shortened(list, most.vector, inline)})`
  if (!isRecord(value)) return scalar(value)
  return Object.entries(value)
    .map(([name, each]) =>
      isRecord(each) && listOf(each) === undefined
        ? `${name} (${inline(each)})`
        : `${name} ${inline(each)}`,
    )
    .join(", ")
}

/** Aligned columns, as many as fit on a line. */
const matrixLines = (rows: ReadonlyArray<ReadonlyArray<Schema.Json>>): ReadonlyArray<string> => {
  const cells = rows.slice(0, most.matrix).map((row) => row.slice(0, most.matrix).map(scalar))
  const widths = cells[0]!.map((_, j) => Math.max(...cells.map((row) => row[j]!.length)))
  const more = rows[0]!.length > most.matrix ? "  ..." : ""
  return [
    ...cells.map((row) => row.map((cell, j) => cell.padStart(widths[j]!)).join("  ") + more),
    ...(rows.length > most.matrix ? [`... ${rows.length} rows in all`] : []),
  ]
}

const named = (
  value: Schema.JsonObject,
  prefix: string,
): ReadonlyArray<readonly [string, Schema.Json]> =>
  Object.entries(value).flatMap(([name, each]) =>
    isRecord(each) && listOf(each) === undefined
      ? named(each, `${prefix}${name} `)
      : [[prefix + name, each] as const],
  )

/** One line per number, text and vector, and one per row of a matrix. */
export const lines = (value: Schema.Json): ReadonlyArray<string> => {
  if (!isRecord(value) || listOf(value) !== undefined) return [inline(value)]
  const all = named(value, "")
  const width = Math.max(0, ...all.map(([name]) => name.length))
  return all.flatMap(([name, each]) => {
    const matrix = matrixOf(listOf(each) ?? [])
    const [first, ...rest] = matrix === undefined ? [inline(each)] : matrixLines(matrix)
    return [`${name.padEnd(width)}  ${first}`, ...rest.map((line) => " ".repeat(width + 2) + line)]
  })
}

/** Describes a comparison in words: `1.2 is above its bound 1`, `the distance after two steps, 3e+23, exceeds the required 65086400`. */
export const comparison = (compared: Compared): string => {
  const { actual, bound, quantity, relation, tolerance = 0 } = compared
  const [found, than] = [significant(actual, 6), significant(bound, 6)]
  const is = quantity === undefined ? found : `the ${quantity}, ${found},`
  const off = Math.abs(actual - bound)
  switch (relation) {
    case "at most":
      return actual <= bound
        ? `${is} is within its bound ${than}`
        : `${is} is above its bound ${than}`
    case "at least":
      if (actual < bound) return `${is} is below the required ${than}`
      return actual > bound ? `${is} exceeds the required ${than}` : `${is} is the least allowed`
    case "equal":
      return off <= tolerance
        ? `${is} is ${than} up to ${significant(tolerance, 6)}`
        : `${is} is not ${than}: it is off by ${significant(off, 6)} where ${significant(tolerance, 6)} is allowed`
  }
}

/** Unit of a margin. */
export const unitOf = ({ relation }: Compared): string =>
  relation === "equal" ? "in tolerances" : "relative to the bound"
