import type { Row } from "@nonconvex/evidence/Experiment"
import type { ExperimentResult } from "@nonconvex/evidence/Report"
import * as Code from "@nonconvex/runner/node/Code"
import { Difference, KeptRun, Runs } from "@nonconvex/store/Runs"
import { Effect, Schema } from "effect"
import * as Output from "../../cli/Output.ts"
import { type Paint, paint } from "../../cli/Paint.ts"
import type { Place } from "../../cli/Stores.ts"
import * as CommandStore from "../../cli/CommandStore.ts"
import * as Table from "../../cli/TextTable.ts"
import * as Lookup from "../Lookup.ts"
import * as RunSelection from "../runs/RunSelection.ts"
import * as Configuration from "../runs/Configuration.ts"
import * as Listing from "../runs/Listing.ts"
import * as RunTable from "../RunTable.ts"
import { isSubject } from "../program/ProgramSystem.ts"
import * as ProgramFigures from "../program/ProgramFigures.ts"
import * as Programs from "../program/Programs.ts"
import * as TerminalFigure from "../TerminalFigure.ts"
import * as Verdicts from "../Verdicts.ts"
import { reported } from "../../cli/Failure.ts"

export interface Input extends Place {
  readonly run: string
  readonly json: boolean
}

/** JSON of the command. */
export const Shown = Schema.Struct({
  run: KeptRun,
  rows: Schema.Array(
    Schema.Record(Schema.String, Schema.Union([Schema.Number, Schema.String, Schema.Boolean])),
  ),
  differences: Schema.Array(Difference),
})

/** The command line of a run of a program; undefined for other runs. */
const commandOf = (run: KeptRun) =>
  Programs.sweepOf(run).pipe(
    Effect.map((found) => found?.program.command),
    // a store that cannot be read fails where its rows are read
    Effect.orElseSucceed(() => undefined),
  )

/** Compares the code of a run with the current code. */
const codeOf = ({ key }: KeptRun) =>
  Effect.map(RunSelection.systemOf(key), (system) => {
    if (isSubject(key.subject)) return "that of the program and its files"
    if (system === undefined) return "of an unknown subject"
    return Code.digestOf(system) === key.code ? "the current version" : "not the current version"
  })

const width = 100

/** Pairs of name and text; the text is wrapped next to the names. */
const lines = (entries: ReadonlyArray<readonly [string, string]>): string => {
  const indent = Math.max(...entries.map(([name]) => name.length)) + 2
  return entries
    .map(
      ([name, text]) =>
        name.padEnd(indent) + Table.wrap(text, width, " ".repeat(indent)).trimStart(),
    )
    .join("\n")
}

/** Key and provenance as names and texts; `code` compares the code of the run with the current code. */
const facts = (
  run: KeptRun,
  code: string,
  command: string | undefined,
): ReadonlyArray<readonly [string, string]> => {
  const { key, provenance } = run
  const settings = Configuration.settingsOf(key.config)
  const times = [run.startedAt, ...(run.endedAt === undefined ? [] : [run.endedAt])]
  const packages = Object.entries(provenance.packages).map(
    ([name, version]) => `${name} ${version}`,
  )
  return [
    ["run", run.id],
    [isSubject(key.subject) ? "program" : key.kind, key.subject],
    ["command", command ?? ""],
    ["settings", Array.from(settings, ([name, value]) => `${name}=${value}`).join(", ")],
    ["seed", String(key.seed)],
    ["kernels", isSubject(key.subject) ? "" : key.kernels],
    ["data", key.data ?? ""],
    ["code", `${key.code.slice(0, 12)}, ${code}`],
    [
      "status",
      `${Listing.standing(run)}, ${run.kept} of ${Table.plural(run.parts, "part")}, ${Table.duration(run.seconds)} of work`,
    ],
    ["when", times.map(Listing.time).join(" to ")],
    ["computed by", Listing.by(provenance)],
    ["with", packages.join(", ")],
  ]
}

/** The same including that comparison, without empty entries. */
export const factsOf = (run: KeptRun) =>
  Effect.map(Effect.all([codeOf(run), commandOf(run)]), ([code, command]) =>
    facts(run, code, command).filter(([, text]) => text !== ""),
  )

/**
 * Title, question and figures of an experiment; absent if the experiment does not exist, or rejects the configuration now. A
 * program has its command line as the title.
 */
export const known = Effect.fnUntraced(function* (run: KeptRun, rows: ReadonlyArray<Row>) {
  const { key } = run
  if (isSubject(key.subject)) {
    const title = (yield* commandOf(run)) ?? ""
    return { title, question: "", figures: ProgramFigures.of(rows) }
  }
  return yield* Lookup.experiment(key.subject).pipe(
    Effect.flatMap(({ experiment }) =>
      Effect.try(() => ({
        title: experiment.title,
        question: experiment.question,
        figures: experiment.configure(key.config).evaluate(rows).figures,
      })),
    ),
    Effect.orElseSucceed(() => ({ title: "", question: "", figures: [] })),
  )
})

/** Rows with their figure, and their expectations. */
const table = Effect.fnUntraced(function* (run: KeptRun, rows: ReadonlyArray<Row>) {
  const { figures, question, title } = yield* known(run, rows)
  const shown = run.outcome?._tag === "Shown" ? run.outcome : undefined
  const result: ExperimentResult = {
    id: run.key.subject,
    title,
    question,
    source: { paper: "", statement: "", basis: "derived here" },
    seed: run.key.seed,
    config: run.key.config,
    rows,
    figures,
    expectations: shown?.expectations ?? [],
    seconds: run.seconds,
    ...(shown === undefined || shown.data.length === 0 ? {} : { data: shown.data }),
  }
  return RunTable.render(
    yield* paint,
    yield* TerminalFigure.shown(result),
    "--json and export have all rows",
  )(result)
})

const outcome = Effect.fnUntraced(function* (run: KeptRun, rows: ReadonlyArray<Row>, look: Paint) {
  if (run.outcome?._tag === "Judged") return Verdicts.render(look)(run.outcome.verdict)
  if (run.outcome?._tag === "Failed") return look.bad(`failed: ${run.outcome.reason}`)
  return run.key.kind === "experiment" ? yield* table(run, rows) : "no verdict yet"
})

export const handle = Effect.fn("show")(
  function* ({ json, run: name }: Input) {
    const runs = yield* Runs
    const run = yield* runs.find(name)
    const rows = yield* runs.rowsOf(run.id)
    const differences = yield* runs.differences(run.id)
    if (json) return yield* Output.json(Shown, { run, rows, differences })
    const look = yield* paint
    yield* Output.text(lines(yield* factsOf(run)))
    yield* Output.text(`\n${yield* outcome(run, rows, look)}`)
    if (run.status === "unfinished") {
      yield* Output.text(look.dim("unfinished: repeat the command to compute the missing parts"))
    }
    if (differences.length > 0) {
      yield* Output.text(`\n${Listing.differences(look, differences)}`)
    }
  },
  (work, input) => Effect.provide(work, CommandStore.runs(input)),
  reported,
)
