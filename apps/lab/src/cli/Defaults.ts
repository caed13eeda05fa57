/** What help says of a flag that is left out, told by the flag itself: the value that its parser comes to without it. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type * as Command from "effect/cli/Command"
import type * as Flag from "effect/cli/Flag"
import type { FlagDoc, HelpDoc } from "effect/cli/HelpDoc"
import { ifLeftOut, Quiet } from "./Flags.ts"

type AnyFlag = Flag.Flag<unknown>

/** The innermost part of a flag, which has its name, and a choice its words. */
interface Named {
  readonly name: string
  readonly primitiveType: { readonly choiceKeys?: ReadonlyArray<string> }
}

/** Effect has no public way from a command to its flags, nor from a flag to its name; a test holds these two to every command. */
const flagsOf = (command: Command.Command.Any): ReadonlyArray<AnyFlag> =>
  (command as unknown as { readonly config: { readonly flags: ReadonlyArray<AnyFlag> } }).config
    .flags

const namedIn = (flag: AnyFlag): Named =>
  "param" in flag ? namedIn(flag.param as AnyFlag) : (flag as unknown as Named)

/** The value of a flag where these texts were given; undefined where it needs others. */
const parsed = (
  flag: AnyFlag,
  texts: ReadonlyArray<string>,
): { readonly value: unknown } | undefined => {
  const flags = texts.length === 0 ? {} : { [namedIn(flag).name]: texts }
  // what needs a file or a prompt has no default
  const exit = Effect.runSyncExit(
    flag.parse({ flags, arguments: [] }) as Effect.Effect<readonly [unknown, unknown], unknown>,
  )
  return Exit.isSuccess(exit) ? { value: exit.value[1] } : undefined
}

const isNothing = (value: unknown): boolean =>
  value === undefined || (typeof value === "object" && Object.keys(value ?? {}).length === 0)

/** A default in the words of the command line: of choices the word, not what it stands for. */
const worded = (flag: AnyFlag, value: unknown): string => {
  if (typeof value === "boolean") return value ? "on" : "off"
  const word = namedIn(flag).primitiveType.choiceKeys?.find(
    (key) => parsed(flag, [key])?.value === value,
  )
  // `String` of a list has commas between its items, as flags take them
  return word ?? String(value)
}

/** `required`, `optional`, or the default of a flag. */
export const describe = (flag: AnyFlag): string => {
  const words = ifLeftOut(flag)
  if (words !== undefined) return `default: ${words}`
  const without = parsed(flag, [])
  if (without === undefined) return "required"
  return isNothing(without.value) ? "optional" : `default: ${worded(flag, without.value)}`
}

const withDefault =
  (flags: ReadonlyArray<AnyFlag>) =>
  (doc: FlagDoc): FlagDoc => {
    const flag = flags.find((each) => namedIn(each).name === doc.name)
    if (flag === undefined) return doc
    const description = Option.match(doc.description, {
      onNone: () => `(${describe(flag)})`,
      onSome: (text) => `${text} (${describe(flag)})`,
    })
    return { ...doc, description: Option.some(description) }
  }

/** The command at the end of a path from `root`. */
const commandAt = (root: Command.Command.Any, path: ReadonlyArray<string>): Command.Command.Any =>
  path
    .slice(1)
    .reduce<Command.Command.Any>(
      (command, name) =>
        command.subcommands
          .flatMap(({ commands }) => [...commands])
          .find((each) => each.name === name) ?? command,
      root,
    )

/** The help of the command at `path` below `root`, with the default of each of its flags. */
export const shownIn = (
  doc: HelpDoc,
  root: Command.Command.Any,
  path: ReadonlyArray<string>,
): HelpDoc => ({
  ...doc,
  flags: doc.flags.map(withDefault(flagsOf(commandAt(root, path)))),
  globalFlags: (doc.globalFlags ?? []).map(withDefault([Quiet.flag])),
})

/** The names of the flags that the command at `path` below `root` cannot do without. */
export const required = (
  root: Command.Command.Any,
  path: ReadonlyArray<string>,
): ReadonlyArray<string> =>
  flagsOf(commandAt(root, path))
    .filter((flag) => describe(flag) === "required")
    .map((flag) => namedIn(flag).name)
