/** Settings to vary, as flags write them: `radius=0.05,0.1,0.2`, `weights=[1,2],[3,4]`, `rate=0.001..1:log`. */
import type { Varied } from "@nonconvex/runner/sweep/Sweep"
import { Effect, type Schema } from "effect"
import { Misfit } from "../../cli/Failure.ts"

/** JSON, or else text, as `--set` reads a value. */
export const valueOf = (text: string): Schema.Json => {
  try {
    return JSON.parse(text) as Schema.Json
  } catch {
    return text
  }
}

/** Parts between commas that are outside lists, objects and quotes. */
const parts = (text: string): ReadonlyArray<string> => {
  const found: Array<string> = []
  let depth = 0
  let isQuoted = false
  let from = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (isQuoted && character === "\\") at++
    else if (character === '"') isQuoted = !isQuoted
    else if (isQuoted) continue
    else if (character === "[" || character === "{") depth++
    else if (character === "]" || character === "}") depth--
    else if (character === "," && depth === 0) {
      found.push(text.slice(from, at))
      from = at + 1
    }
  }
  return [...found, text.slice(from)]
}

const gridOf = (text: string): ReadonlyArray<Schema.Json> =>
  text.trim() === "" ? [] : parts(text).map((part) => valueOf(part.trim()))

const range = /^(?<low>[^:]+?)\.\.(?<high>[^:]+?)(?<scale>:log)?(?<integer>:integer)?$/

const rangeOf = (text: string): Varied | undefined => {
  const { high, integer, low, scale } = range.exec(text)?.groups ?? {}
  const ends = { low: Number(low), high: Number(high) }
  if (!Number.isFinite(ends.low) || !Number.isFinite(ends.high)) return undefined
  return {
    ...ends,
    ...(scale === undefined ? {} : { scale: "log" }),
    ...(integer === undefined ? {} : { integer: true }),
  }
}

/** Tests whether a text has two ends, as required by `--range`. */
export const isRange = (text: string): boolean => rangeOf(text) !== undefined

/** `name=rest` of a flag, each name once. */
const named = Effect.fnUntraced(function* <Value>(
  flag: string,
  written: ReadonlyArray<string>,
  needs: string,
  read: (text: string) => Value | undefined,
): Effect.fn.Return<Readonly<Record<string, Value>>, Misfit> {
  const found: Record<string, Value> = {}
  for (const text of written) {
    const equals = text.indexOf("=")
    const name = text.slice(0, Math.max(0, equals)).trim()
    const value = equals < 0 ? undefined : read(text.slice(equals + 1))
    if (name === "" || value === undefined) {
      return yield* new Misfit({ flag, needs: `${needs}, not ${text}` })
    }
    if (Object.hasOwn(found, name)) {
      return yield* new Misfit({ flag, needs: `each setting once; ${name} is given twice` })
    }
    found[name] = value
  }
  return found
})

/** Settings varied by `--grid` and `--range`; undefined if there are none. Fails with `Misfit`. */
export const varied = Effect.fnUntraced(function* (
  grids: ReadonlyArray<string>,
  ranges: ReadonlyArray<string>,
): Effect.fn.Return<Readonly<Record<string, Varied>> | undefined, Misfit> {
  const lists = yield* named("grid", grids, "values such as radius=0.05,0.1,0.2", gridOf)
  const between = yield* named(
    "range",
    ranges,
    "two ends such as rate=0.001..1, optionally followed by :log or :integer",
    rangeOf,
  )
  const twin = Object.keys(between).find((name) => Object.hasOwn(lists, name))
  if (twin !== undefined) {
    return yield* new Misfit({
      flag: "range",
      needs: `a setting that --grid ${twin} does not already vary`,
    })
  }
  const all = { ...lists, ...between }
  return Object.keys(all).length === 0 ? undefined : all
})
