/** A program of the user in the form in which a sweep runs the experiments of a system. */
import { CaseFailed, type Experiment } from "@nonconvex/evidence/Experiment"
import type { System } from "@nonconvex/evidence/System"
import type { Program, Sweep } from "@nonconvex/runner/sweep/Sweep"
import { Effect, type Schema } from "effect"
import { basename } from "node:path"
import * as ProgramCode from "./ProgramCode.ts"
import * as ProgramFigures from "./ProgramFigures.ts"

/** System with a program as its only experiment. */
export interface ProgramSystem extends System {
  readonly program: Program
  readonly code: ProgramCode.ProgramCode
}

export const isProgram = (system: object): system is ProgramSystem => "program" in system

const id = "program"

/** Tests whether the subject of a run is a program. */
export const isSubject = (subject: string): boolean => subject.startsWith(`${id}/`)

/** Name of a program as a subject of runs: `program/train` for `python train.py`. */
export const nameOf = (command: string): string => {
  const [first] = command.trim().split(/\s+/)
  const file = ProgramCode.started(command).at(-1) ?? first!
  const name = basename(file)
    .replace(/\.\w+$/, "")
    .replaceAll(/[^\w.-]/g, "-")
  return `${id}/${name}`
}

/** Settings of a sweep, without their values. */
export const settingsOf = ({
  competition,
  set,
  vary,
}: Pick<Sweep, "competition" | "set" | "vary">): ReadonlyArray<string> => [
  ...new Set([
    ...Object.keys(set),
    ...Object.keys(vary),
    ...(competition === undefined ? [] : [competition.resource]),
  ]),
]

const experimentOf = (sweep: Sweep, { command }: Program): Experiment => {
  const experiment: Experiment = {
    id: nameOf(command),
    title: command,
    question: "",
    source: { paper: "", statement: "", basis: "derived here" },
    preset: () => sweep.set,
    optional: settingsOf(sweep),
    settings: () => ({}),
    configure: (encoded) => ({
      experiment,
      encoded,
      count: 1,
      rowsOf: () =>
        Effect.fail(
          new CaseFailed({
            experiment: experiment.id,
            case: 0,
            reason: "a program does not run on a thread",
          }),
        ),
      dataOf: () => Effect.succeed([]),
      evaluate: (rows) => ({ figures: ProgramFigures.of(rows), expectations: [] }),
    }),
  }
  return experiment
}

/** The system of a program, with the settings of a sweep. */
export const make = (
  sweep: Sweep,
  program: Program,
  code: ProgramCode.ProgramCode,
): { readonly system: ProgramSystem; readonly experiment: Experiment } => {
  const experiment = experimentOf(sweep, program)
  return {
    experiment,
    system: {
      id,
      package: id,
      version: code.begun,
      title: program.command,
      paper: { title: "", authors: "", venue: "", year: 0, arxiv: "" },
      claims: [],
      errata: [],
      experiments: [experiment],
      operations: [],
      program,
      code,
    },
  }
}

/** A setting as a word of a command line, or as the value of an environment variable. */
export const textOf = (value: Schema.Json): string =>
  typeof value === "string" ? value : JSON.stringify(value)
