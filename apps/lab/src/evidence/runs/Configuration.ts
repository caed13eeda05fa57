/** Settings of runs, by name: a nested setting is named `outer.inner`, and a list is written as JSON. */
import { isObject } from "@nonconvex/figures"
import { canonical } from "@nonconvex/runner/RunKey"
import type { Schema } from "effect"
import type { Value } from "./Clause.ts"

const valueOf = (json: Schema.Json): Value => (typeof json === "object" ? canonical(json) : json)

/** The setting of this name; undefined where the configuration has none. */
export const settingOf = (config: Schema.Json, name: string): Value | undefined => {
  if (!isObject(config)) return undefined
  const whole = Object.hasOwn(config, name) ? config[name] : undefined
  if (whole !== undefined && !isObject(whole)) return valueOf(whole)
  const dot = name.indexOf(".")
  const outer = dot < 0 ? undefined : name.slice(0, dot)
  if (outer === undefined || !Object.hasOwn(config, outer)) return undefined
  return settingOf(config[outer]!, name.slice(dot + 1))
}

/** All settings of a configuration, in its order. */
export const settingsOf = (config: Schema.Json): ReadonlyMap<string, Value> => {
  const found = new Map<string, Value>()
  const collect = (json: Schema.Json, prefix: string) => {
    if (!isObject(json)) return
    for (const [name, each] of Object.entries(json)) {
      if (isObject(each)) collect(each, `${prefix}${name}.`)
      else found.set(prefix + name, valueOf(each))
    }
  }
  collect(config, "")
  return found
}

/** The names of all settings that any of the configurations has. */
export const namesOf = (configs: ReadonlyArray<Schema.Json>): ReadonlyArray<string> => [
  ...new Set(configs.flatMap((config) => [...settingsOf(config).keys()])),
]

/** Settings in which configurations differ, including those that only some of them have. */
export const varying = (configs: ReadonlyArray<Schema.Json>): ReadonlyArray<string> => {
  const distinct = [...new Map(configs.map((config) => [canonical(config), config])).values()]
  if (distinct.length < 2) return []
  const settings = distinct.map(settingsOf)
  return namesOf(distinct).filter((name) => {
    const first = settings[0]!.get(name)
    return settings.some((each) => each.get(name) !== first)
  })
}

/** `radius=0.1, steps=100`; missing settings are omitted. */
export const render = (config: Schema.Json, names: ReadonlyArray<string>): string =>
  names
    .flatMap((name) => {
      const value = settingOf(config, name)
      return value === undefined ? [] : [`${name}=${value}`]
    })
    .join(", ")
