/** Reports of `diagnose` on the runs of a folder or a database. */
import * as Figure from "@nonconvex/figures"
import { Schema } from "effect"
import * as Table from "../../cli/TextTable.ts"
import { DiagnoseReport } from "./DiagnoseReport.ts"
import type { LossLog } from "@nonconvex/interchange"

const Run = Schema.Struct({
  name: Schema.String,
  log: Schema.String,
  /** Null if the log of the run cannot be read, or if the file is not a log. */
  report: Schema.NullOr(DiagnoseReport),
  /** Reason for a missing report. */
  problem: Schema.NullOr(Schema.String),
})
type Run = typeof Run.Type

/** JSON of `diagnose` for several runs. */
export const DiagnosedRuns = Schema.Struct({
  /** Version of this format, described in `docs/commands/diagnose.md`. */
  format: Schema.Literal(1),
  runs: Schema.Array(Run),
  notes: Schema.Array(Schema.String),
})
export type DiagnosedRuns = typeof DiagnosedRuns.Type

/** Kinds of events with how sure they are, and where the first of each is. */
const eventsOf = ({ problem, report }: Run): string => {
  if (report === null) return problem!
  if (report.events.length === 0 && report.ifFull === null) return "no spikes"
  const events = namesOf(report)
  return report.ifFull === null
    ? events
    : `if batches: ${events}; if all samples: ${namesOf(report.ifFull)}`
}

const namesOf = ({ events }: Pick<DiagnoseReport, "events">): string => {
  if (events.length === 0) return "no spikes"
  return events
    .map(({ confidence, count, kind, onset }) => {
      const times = count === 1 ? "" : `${count} x `
      return `${times}${kind} (${confidence}) at step ${onset}`
    })
    .join(", ")
}

/** Maximum characters of a cell; `--run NAME` shows all. */
const longest = 100

const shortened = (text: string): string =>
  text.length > longest ? `${text.slice(0, longest)}...` : text

const cells = (run: Run): ReadonlyArray<string> => [
  run.name,
  run.report === null ? "" : Table.count(run.report.steps),
  run.report === null ? "" : Table.margin(run.report.lowestLoss),
  run.report === null ? "" : Table.margin(run.report.lastLoss),
  shortened(eventsOf(run)),
]

export const render = ({ notes, runs }: DiagnosedRuns): string => {
  const spiked = runs.filter(({ report }) => report !== null && report.events.length > 0).length
  return [
    `${Table.plural(runs.length, "run")}, ${spiked} with spikes`,
    ...notes.map((note) => Table.wrap(note, 100)),
    ...Table.clipped(["run", "steps", "lowest loss", "last loss", "found"], runs, cells, {
      what: "run",
      where: "--json has all",
    }),
    "next: --run NAME explains one of them",
  ].join("\n")
}

/** Runs that a picture can show, and points of each. */
const most = { runs: 8, points: 500 }

/** The losses of the first runs. */
export const figure = (logs: ReadonlyMap<string, LossLog>): Figure.Figure => {
  const rows = [...logs].slice(0, most.runs).flatMap(
    ([
      run,
      {
        numbers: { losses, steps },
      },
    ]) => {
      const every = Math.ceil(losses.length / most.points)
      return Array.from(losses, (loss, k) => ({ run, step: steps[k]!, loss })).filter(
        ({ loss }, k) => k % every === 0 && loss > 0 && Number.isFinite(loss),
      )
    },
  )
  return Figure.lines({
    id: "losses",
    title: "Losses of the runs",
    caption: logs.size > most.runs ? `The first ${most.runs} runs.` : "A curve for each run.",
    rows,
    x: { field: "step", title: "step" },
    y: { field: "loss", title: "loss", scale: "log" },
    series: { field: "run", title: "run" },
  })
}

/** Number of runs whose losses are kept for the figure. */
export const drawn = most.runs
