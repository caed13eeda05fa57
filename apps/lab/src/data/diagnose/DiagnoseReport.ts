/** What `diagnose` found. */
import { type Diagnosis, spikeMonitor } from "@nonconvex/catapults"
import { Figure } from "@nonconvex/evidence"
import { Schema } from "effect"
import * as Table from "../../cli/TextTable.ts"
import type { Entry } from "./LossLog.ts"

const Event = Schema.Struct({
  kind: Schema.String,
  confidence: Schema.String,
  start: Schema.Number,
  onset: Schema.NullOr(Schema.Number),
  peak: Schema.Number,
  end: Schema.Number,
  height: Schema.Number,
  ramp: Schema.Int,
  sharpness: Schema.NullOr(Schema.Number),
  action: Schema.String,
  learningRate: Schema.NullOr(Schema.Number),
  summary: Schema.String,
})
type Event = typeof Event.Type

/** What `diagnose --json` prints. */
export const DiagnoseReport = Schema.Struct({
  steps: Schema.Int,
  lowestLoss: Schema.Number,
  lastLoss: Schema.Number,
  events: Schema.Array(Event),
  /** What would make the diagnosis surer. */
  next: Schema.String,
})
export type DiagnoseReport = typeof DiagnoseReport.Type

const eventOf = ({ advice, confidence, evidence, kind, spike, summary }: Diagnosis): Event => ({
  kind,
  confidence,
  start: spike.start,
  onset: spike.onset ?? null,
  peak: spike.peak,
  end: spike.end,
  height: evidence.height,
  ramp: spike.ramp,
  sharpness: evidence.sharpness?.largest ?? null,
  action: advice.action,
  learningRate: advice.learningRate ?? null,
  summary,
})

const nextOf = (events: ReadonlyArray<Event>): string => {
  if (events.length === 0) return "nothing to do: no spike past the threshold"
  return events.some(({ confidence }) => confidence === "guess")
    ? "log |g_t|^2 and g_(t-1) . g_t of one batch at every step, and the learning rate, and name them with --squared-norm, --product and --rate: then this is no guess"
    : "for a measurement of the curvature use spikeMonitor of @nonconvex/catapults in the training loop"
}

export const diagnose = (
  entries: ReadonlyArray<Entry>,
  options: { readonly threshold: number; readonly smoothing: number; readonly momentum: number },
): DiagnoseReport => {
  const monitor = spikeMonitor(options)
  const found = entries.flatMap(
    ({ loss, products, rate, step }) =>
      monitor.observe({
        step,
        loss,
        ...(rate === undefined ? {} : { learningRate: rate }),
        ...(products === undefined ? {} : { products }),
      }) ?? [],
  )
  const last = monitor.finish()
  const events = [...found, ...(last === undefined ? [] : [last])].map(eventOf)
  const losses = entries.map(({ loss }) => loss)
  return {
    steps: entries.length,
    lowestLoss: losses.reduce((least, loss) => Math.min(least, Number.isNaN(loss) ? least : loss)),
    lastLoss: losses.at(-1)!,
    events,
    next: nextOf(events),
  }
}

export const render = ({ events, lastLoss, lowestLoss, next, steps }: DiagnoseReport): string =>
  [
    `${Table.plural(steps, "step")}, lowest loss ${Table.margin(lowestLoss)}, last loss ${Table.margin(lastLoss)}`,
    events.length === 0 ? "no spikes" : `${Table.plural(events.length, "event")}:`,
    ...events.map(({ summary }) => `  ${summary}`),
    `next: ${next}`,
  ].join("\n")

/** The losses, each stretch in the colour of what it is. */
export const figure = (
  entries: ReadonlyArray<Entry>,
  { events }: DiagnoseReport,
): Figure.Figure => {
  const kindAt = (step: number) =>
    events.find(({ end, start }) => step >= start && step <= end)?.kind ?? "calm"
  return Figure.points({
    id: "losses",
    title: "Losses, and what their spikes are",
    caption: "Each step in the colour of the event that it belongs to.",
    rows: entries
      .filter(({ loss }) => loss > 0 && Number.isFinite(loss))
      .map(({ loss, step }) => ({ step, loss, kind: kindAt(step) })),
    x: { field: "step", title: "step" },
    y: { field: "loss", title: "loss", scale: "log" },
    series: { field: "kind", title: "event" },
  })
}
