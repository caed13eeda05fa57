/** Checks that the settings of a sweep reach its program, and that its trials stay apart. */
import { wordsOf } from "@nonconvex/interchange/node"
import * as Seeds from "@nonconvex/runner/sweep/Seeds"
import type { Program, Sweep } from "@nonconvex/runner/sweep/Sweep"
import { Effect } from "effect"
import * as Placeholders from "./Placeholders.ts"
import { settingsOf } from "./ProgramSystem.ts"
import { UnusableProgram } from "./UnusableProgram.ts"

/** Names in braces that are no settings, with their meaning. */
export const reserved = {
  seed: "the seed of the trial",
  settings: "a JSON file with the settings and the seed of the trial",
  folder: "an empty folder of the trial, which is removed after it",
} as const

const isReserved = (name: string): boolean => Object.hasOwn(reserved, name)

const braced = (names: ReadonlyArray<string>): string =>
  names.map((name) => `{${name}}`).join(" and ")

const unclosed = ({ command }: Program): string | undefined =>
  wordsOf(command) === undefined ? "a quote in it is not closed" : undefined

const reservedSetting = (settings: ReadonlyArray<string>): string | undefined => {
  const name = settings.find(isReserved)
  return name === undefined
    ? undefined
    : `{${name}} is ${reserved[name as keyof typeof reserved]}; give the setting another name${name === "seed" ? ", or the seeds with --seeds" : ""}`
}

const withoutValue = (
  { command, results = "" }: Program,
  settings: ReadonlyArray<string>,
): string | undefined => {
  const name = Placeholders.namesIn(`${command} ${results}`).find(
    (each) => !isReserved(each) && !settings.includes(each),
  )
  return name === undefined
    ? undefined
    : `{${name}} has no value; give one with --set ${name}=VALUE, or several with --grid ${name}=V1,V2`
}

const unheard = (
  { command, env }: Program,
  settings: ReadonlyArray<string>,
  sweep: Sweep,
): string | undefined => {
  const named = Placeholders.namesIn(command)
  if (env === true || named.includes("settings")) return undefined
  const name = settings.find((each) => !named.includes(each))
  if (name !== undefined) {
    return `the program would not learn ${name}: write {${name}} or {settings} in the command, or give --env`
  }
  return Seeds.count(sweep.seeds) > 1n && !named.includes("seed")
    ? "all seeds would run the same: write {seed} or {settings} in the command, or give --env"
    : undefined
}

const unfitVariable = ({ env }: Program, settings: ReadonlyArray<string>): string | undefined => {
  if (env !== true) return undefined
  const name = settings.find((each) => !/^[A-Za-z_]\w*$/.test(each) || each === "SEED")
  return name === undefined
    ? undefined
    : `--env passes each setting as a variable of its name, but ${name} ${name === "SEED" ? "is that of the seed" : "is no name of a variable"}`
}

const sharedResults = ({ results }: Program, sweep: Sweep): string | undefined => {
  if (results === undefined) return undefined
  const named = Placeholders.namesIn(results)
  if (named.includes("folder")) return undefined
  const apart = [
    ...Object.keys(sweep.vary),
    ...(sweep.competition === undefined ? [] : [sweep.competition.resource]),
    ...(Seeds.count(sweep.seeds) > 1n ? ["seed"] : []),
  ].filter((name) => !named.includes(name))
  return apart.length === 0
    ? undefined
    : `trials would write into each other's --results ${results}; write {folder} in it, or ${braced(apart)}`
}

const unboundedResource = ({ competition, set }: Sweep): string | undefined =>
  competition === undefined || Object.hasOwn(set, competition.resource)
    ? undefined
    : `halving needs the largest ${competition.resource}; give it with --set ${competition.resource}=27`

/** Fails with UnusableProgram. */
export const check = (program: Program, sweep: Sweep): Effect.Effect<void, UnusableProgram> => {
  const settings = settingsOf(sweep)
  const reason =
    unclosed(program) ??
    reservedSetting(settings) ??
    withoutValue(program, settings) ??
    unboundedResource(sweep) ??
    unheard(program, settings, sweep) ??
    unfitVariable(program, settings) ??
    sharedResults(program, sweep)
  return reason === undefined
    ? Effect.void
    : Effect.fail(new UnusableProgram({ command: program.command, reason }))
}
