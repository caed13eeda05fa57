/** Report of `diagnose`. */
import { Diagnosed, type Event } from "@nonconvex/catapults/operations"
import * as Figure from "@nonconvex/figures"
import type { LossLog, Run } from "@nonconvex/interchange"
import { KernelsName } from "@nonconvex/runner/Capabilities"
import { Schema } from "effect"
import * as Table from "../../cli/TextTable.ts"
import { describe, withFacts } from "./LoggedRunFlags.ts"

/** JSON of `diagnose` for one run. */
export const DiagnoseReport = Schema.Struct({
  /** Version of this format, described in `docs/commands/diagnose.md`. */
  format: Schema.Literal(1),
  /** Format of the log. */
  log: Schema.String,
  steps: Schema.Int,
  lowestLoss: Schema.Number,
  lastLoss: Schema.Number,
  /** Facts about the run from the flags and the log. */
  run: Schema.String,
  /** Columns that were read, with their interpretation. */
  columns: Schema.Record(Schema.String, Schema.String),
  notes: Schema.Array(Schema.String),
  ...Diagnosed.fields,
  /** Measurement that would settle the diagnosis. */
  next: Schema.String,
  /** Kernels used. */
  kernels: KernelsName,
})
export type DiagnoseReport = typeof DiagnoseReport.Type

/** Sentences on a reading of the losses that the log does not state. */
const assumedOf = ({ roughness }: Diagnosed): ReadonlyArray<string> => {
  switch (roughness) {
    case "said":
    case "unknown":
      return []
    case "smooth":
      return [
        "assumed: all samples at every step, since the losses are smooth; --batch changes this",
      ]
    case "scattered":
      return [
        "assumed: batches of samples, since the losses scatter from step to step; --batch full changes this",
      ]
  }
}

const nextOf = (
  { events, ifFull }: Diagnosed,
  { batch, optimizer }: Run,
  { columns, facts: { isAveraged, stride }, numbers }: LossLog,
) => {
  if (numbers.steps.length < 2) {
    return "give the losses of the run step by step: this may be the summary of one"
  }
  if (events.length === 0 && ifFull === null && batch !== undefined) {
    return "nothing to do: no spike above the threshold and the scatter of the log"
  }
  if (
    events.length > 0 &&
    ifFull === null &&
    events.every(({ confidence }) => confidence === "measured")
  ) {
    return "nothing: every verdict is measured"
  }
  const unsaid = [
    ...(optimizer === undefined ? ["--optimizer"] : []),
    ...(batch === undefined ? ["--batch"] : []),
  ]
  if (unsaid.length > 0) {
    return events.length === 0
      ? `set ${unsaid.join(" and ")}: the smallest rise that counts as a spike depends on it`
      : `set ${unsaid.join(" and ")}: the stability limit, and whether a batch can be bad, depend on it`
  }
  const has = (key: string) => columns.some((each) => each.key === key)
  const lacks = [
    ...(has("rate") ? [] : ["the learning rate (--rate)"]),
    ...(has("gradientNorm") || has("squaredNorm")
      ? []
      : ["the norm of the gradient (--gradient-norm)"]),
    ...(has("product")
      ? []
      : ["|g_t|^2 and g_(t-1) . g_t of one fixed batch (--squared-norm, --product)"]),
  ]
  return lacks.length === 0
    ? "to measure the curvature, use spikeMonitor of @nonconvex/catapults in the training loop"
    : `log ${lacks.join(", ")} at every step${isAveraged || stride > 1 ? ", and the loss of each step" : ""}`
}

/** A rise that a log should show. */
const plain = 10

/** Describes losses whose scatter hides spikes. */
const blindnessOf = ({ roughness, unseen }: Diagnosed): ReadonlyArray<string> => {
  if (unseen <= plain) return []
  const scatter =
    roughness === "unknown"
      ? "if steps use batches, their losses scatter so much"
      : "the losses of single batches scatter so much"
  return [
    `${scatter} that a rise by less than a factor of ${Table.margin(unseen)} is hidden: log a loss on the same samples at each step, and name its column with --loss`,
  ]
}

/** Report of a log; `said` holds the facts that the flags state. */
export const of = (
  log: LossLog,
  said: Run,
  found: Diagnosed,
  kernels: DiagnoseReport["kernels"],
): DiagnoseReport => {
  const { columns, facts, notes } = log
  const { losses, steps } = log.numbers
  return {
    format: 1,
    log: log.format,
    steps: steps.length,
    lowestLoss: losses.reduce((least, loss) =>
      Number.isNaN(least) || loss < least ? loss : least,
    ),
    lastLoss: losses.at(-1)!,
    run: describe(said, facts),
    columns: Object.fromEntries(columns.map(({ column, key }) => [key, column])),
    notes: [...notes, ...assumedOf(found), ...blindnessOf(found)],
    ...found,
    next: nextOf(found, withFacts(said, facts), log),
    kernels,
  }
}

const width = 100

/** A line of a name and its text, broken under the text. */
const told = (name: string, text: string): string =>
  Table.wrap(`${name}: ${text}`, width, "      ").replace(/^ {6}/, "    ")

const first = (text: string): string => Table.wrap(text, width, "    ").replace(/^ {4}/, "  ")

/** An event in a few lines. */
export const block = (event: Event): string => {
  const { advice, because, better, candidates, summary } = event
  return [
    first(summary.slice(0, summary.indexOf(";"))),
    told("evidence", because),
    ...(candidates.length === 0 ? [] : [told("may be", candidates.join(", or "))]),
    told("better evidence", better),
    told("to do", advice),
  ].join("\n")
}

/** Formats as a person calls them. */
export const formats: { readonly [Format in LossLog["format"]]: string } = {
  tensorboard: "TensorBoard event files",
  "trainer-state": "the state of a Hugging Face Trainer",
  csv: "CSV",
  json: "JSON",
  parquet: "Parquet",
  "mlflow-database": "an MLflow database",
  "mlflow-files": "MLflow files",
}

const reading = ({
  events,
  overshoots,
}: Pick<Diagnosed, "events" | "overshoots">): ReadonlyArray<string> => [
  events.length === 0 ? "no spikes" : `${Table.plural(events.length, "event")}:`,
  ...events.map(block),
  ...overshoots.map(({ rises }) =>
    first(
      `not counted: ${Table.plural(rises.length, "rise")} by an oscillation of momentum, as in stable runs; the first at step ${rises[0]!.onset}`,
    ),
  ),
]

export const render = (report: DiagnoseReport): string => {
  const { columns, ifFull, lastLoss, lowestLoss, next, notes, run, steps } = report
  const read = Object.entries(columns).map(([key, column]) =>
    key === column ? key : `${key} "${column}"`,
  )
  return [
    ...(report.log === "csv" ? [] : [`read as ${formats[report.log as LossLog["format"]]}`]),
    `${Table.plural(steps, "step")}, lowest loss ${Table.margin(lowestLoss)}, last loss ${Table.margin(lastLoss)}`,
    `${run}; columns: ${read.join(", ")}`,
    ...notes.map((note) => Table.wrap(note, width, "  ").replace(/^ {2}/, "")),
    ...(steps < 2
      ? ["a single loss cannot show a spike"]
      : ifFull === null
        ? reading(report)
        : [
            "if each step uses a batch of the samples:",
            ...reading(report),
            "if every step uses all samples:",
            ...reading(ifFull),
          ]),
    Table.wrap(`next: ${next}`, width, "  ").replace(/^ {2}/, ""),
  ].join("\n")
}

/** Points that a picture can show. */
const most = 4000

/** Rises that a picture names one by one. */
const mostNamed = 6

/** The losses, with each episode marked by its kind. */
export const figure = (
  { numbers }: LossLog,
  report: Pick<Diagnosed, "events" | "ifFull">,
): Figure.Figure => {
  const events = report.events.length > 0 ? report.events : (report.ifFull?.events ?? [])
  const { losses, steps } = numbers
  const count = events.reduce((sum, { rises }) => sum + rises.length, 0)
  const stretches = events
    .flatMap(({ kind, rises }) =>
      rises.map(({ end, onset, start }) => ({
        kind: count <= mostNamed ? `${kind} at step ${onset}` : kind,
        start,
        end,
      })),
    )
    .toSorted((a, b) => a.start - b.start)
  const every = Math.ceil(losses.length / most)
  let next = 0
  const rows: Array<{ readonly step: number; readonly loss: number; readonly kind: string }> = []
  for (let k = 0; k < losses.length; k++) {
    const [step, loss] = [steps[k]!, losses[k]!]
    while (next < stretches.length && stretches[next]!.end < step) next++
    const stretch = stretches[next]
    const kind = stretch !== undefined && step >= stretch.start ? stretch.kind : "calm"
    const isShown = k % every === 0 || (kind !== "calm" && stretches.length * 50 < most)
    if (isShown && loss > 0 && Number.isFinite(loss)) rows.push({ step, loss, kind })
  }
  return Figure.points({
    id: "losses",
    title: "Losses and their spikes",
    caption: "Each step is marked by its event.",
    rows,
    x: { field: "step", title: "step" },
    y: { field: "loss", title: "loss", scale: "log" },
    series: { field: "kind", title: "event" },
  })
}
