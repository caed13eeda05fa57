/** Form fields for each setting of an experiment, from the schema of its settings. */
import { isObject } from "@nonconvex/figures"
import type { Schema } from "effect"

/** A setting as a form shows it. */
export interface Asked {
  readonly name: string
  /** Kind of value in words: `a number above 0`. */
  readonly what: string
  /** Possible values, if they are few. */
  readonly choices?: ReadonlyArray<string>
}

/** A value as a form shows it and `nonconvex run --set` reads it. */
export const written = (value: Schema.Json): string => {
  if (typeof value !== "string") return JSON.stringify(value)
  try {
    JSON.parse(value)
  } catch {
    return value
  }
  return JSON.stringify(value)
}

const boundsOf = (schema: Schema.JsonObject): ReadonlyArray<string> => {
  const words = [
    ["minimum", "at least"],
    ["exclusiveMinimum", "above"],
    ["maximum", "at most"],
    ["exclusiveMaximum", "below"],
  ] as const
  return words.flatMap(([key, word]) => {
    const bound = schema[key]
    return typeof bound === "number" && Math.abs(bound) < Number.MAX_SAFE_INTEGER
      ? [`${word} ${bound}`]
      : []
  })
}

const nouns: Readonly<Record<string, string>> = {
  number: "a number",
  integer: "an integer",
  boolean: "true or false",
  string: "a text",
  array: "a list, as JSON",
  object: "an object, as JSON",
}

const nounOf = (schema: Schema.JsonObject): string => {
  const { items, type } = schema
  if (type === "array" && isObject(items) && typeof items["type"] === "string") {
    const inner = items["enum"]
    const of = Array.isArray(inner) ? inner.map(written).join(", ") : items["type"]
    return `a list, as JSON, of ${of}`
  }
  return (typeof type === "string" ? nouns[type] : undefined) ?? "JSON"
}

const choicesOf = ({
  enum: values,
  type,
}: Schema.JsonObject): ReadonlyArray<string> | undefined => {
  if (type === "boolean") return ["true", "false"]
  return Array.isArray(values) ? values.map(written) : undefined
}

/** Settings of an experiment in order; `schema` is a JSON Schema with one field per setting. */
export const settingsOf = (schema: Schema.JsonObject): ReadonlyArray<Asked> => {
  const { properties } = schema
  if (!isObject(properties)) return []
  return Object.entries(properties).map(([name, of]) => {
    if (!isObject(of)) return { name, what: "JSON" }
    const choices = choicesOf(of)
    const what = [nounOf(of), boundsOf(of).join(" and ")].filter((word) => word !== "").join(" ")
    return { name, what, ...(choices !== undefined && { choices }) }
  })
}

/** Prefixes of settings in an address: fixed and varied. */
export const prefix = { set: "set.", vary: "vary." } as const

/** Settings in an address, by name. */
export const under = (
  query: Readonly<Record<string, string>>,
  by: string,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) =>
      name.startsWith(by) && value !== "" ? [[name.slice(by.length), value]] : [],
    ),
  )

/** A configuration as encoded in the address of a form. */
export const settingsIn = (config: Schema.Json): Readonly<Record<string, string>> =>
  isObject(config)
    ? Object.fromEntries(
        Object.entries(config).map(([name, value]) => [`${prefix.set}${name}`, written(value)]),
      )
    : {}
