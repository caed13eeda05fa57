/** Shows the default of each flag in the help of its command: the value that the flag parses to when absent. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import type * as Command from "effect/cli/Command"
import type { FlagDoc, HelpDoc } from "effect/cli/HelpDoc"
import * as Param from "effect/cli/Param"
import { ifLeftOut, Quiet } from "./Flags.ts"

type Flags = ReadonlyMap<string, Param.AnyFlag>

/** The flags of a command by name, as its help carries them. */
export const OwnFlags = Context.Reference<Flags>("@nonconvex/lab/OwnFlags", {
  defaultValue: () => new Map(),
})

const isFlag = (param: Param.Any): param is Param.AnyFlag => param.kind === Param.flagKind

/** Name of a flag, found in its innermost part. */
const nameOf = (flag: Param.AnyFlag): string | undefined => {
  if (Param.isSingle(flag)) return flag.name
  return Predicate.hasProperty(flag, "param") && Param.isParam(flag.param) && isFlag(flag.param)
    ? nameOf(flag.param)
    : undefined
}

type Parts = Command.Command.Config

/** All flags of a command by name, those in groups among them. */
export const byName = (config: Parts): Flags =>
  new Map(
    Object.values<Parts[string]>(config).flatMap(
      (part): ReadonlyArray<readonly [string, Param.AnyFlag]> => {
        if (!Param.isParam(part)) return [...byName(part as Parts)]
        const name = isFlag(part) ? nameOf(part) : undefined
        return name === undefined || !isFlag(part) ? [] : [[name, part]]
      },
    ),
  )

/** The value of an absent flag; undefined if the command requires it. */
const leftOut = (flag: Param.AnyFlag): { readonly value: unknown } | undefined => {
  const parsed = flag.parse({ flags: {}, arguments: [] })
  // a default needs no file and no prompt
  const exit = Effect.runSyncExit(parsed as Effect.Effect<readonly [unknown, unknown], unknown>)
  return Exit.isSuccess(exit) ? { value: exit.value[1] } : undefined
}

const isNothing = (value: unknown): boolean =>
  value === undefined || (typeof value === "object" && Object.keys(value ?? {}).length === 0)

/** A default in the words of the command line. */
const worded = (value: unknown): string =>
  // `String` of a list has commas between its items, as flags take them
  typeof value === "boolean" ? (value ? "on" : "off") : String(value)

/** `required`, `optional`, or the default of a flag. */
export const describe = (flag: Param.AnyFlag): string => {
  const words = ifLeftOut(flag)
  if (words !== undefined) return `default: ${words}`
  const without = leftOut(flag)
  if (without === undefined) return "required"
  return isNothing(without.value) ? "optional" : `default: ${worded(without.value)}`
}

const withDefault =
  (flags: Flags) =>
  (doc: FlagDoc): FlagDoc => {
    const flag = flags.get(doc.name)
    if (flag === undefined) return doc
    const description = Option.match(doc.description, {
      onNone: () => `(${describe(flag)})`,
      onSome: (text) => `${text} (${describe(flag)})`,
    })
    return { ...doc, description: Option.some(description) }
  }

/** The help of a command, with the default of each of its flags. */
export const shownIn = (doc: HelpDoc): HelpDoc => ({
  ...doc,
  flags: doc.flags.map(withDefault(Context.get(doc.annotations, OwnFlags))),
  globalFlags: (doc.globalFlags ?? []).map(withDefault(byName({ quiet: Quiet.flag }))),
})

/** The names of the flags that a command cannot do without. */
export const required = (doc: HelpDoc): ReadonlyArray<string> =>
  [...Context.get(doc.annotations, OwnFlags)]
    .filter(([, flag]) => describe(flag) === "required")
    .map(([name]) => name)
