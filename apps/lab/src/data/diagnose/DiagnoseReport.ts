/** What `diagnose` found. */
import { Event } from "@nonconvex/catapults/evidence"
import { Figure } from "@nonconvex/evidence"
import { KernelsName } from "@nonconvex/runner/Capabilities"
import { Schema } from "effect"
import * as Table from "../../cli/TextTable.ts"
import type { LossLog } from "./LossLog.ts"

/** What `diagnose --json` prints. */
export const DiagnoseReport = Schema.Struct({
  steps: Schema.Int,
  lowestLoss: Schema.Number,
  lastLoss: Schema.Number,
  events: Schema.Array(Event),
  /** What would make the diagnosis surer. */
  next: Schema.String,
  /** What computed it. */
  kernels: KernelsName,
})
export type DiagnoseReport = typeof DiagnoseReport.Type

const nextOf = (events: ReadonlyArray<Event>): string => {
  if (events.length === 0) return "nothing to do: no spike past the threshold"
  return events.some(({ confidence }) => confidence === "guess")
    ? "log |g_t|^2 and g_(t-1) . g_t of one batch at every step, and the learning rate, and name them with --squared-norm, --product and --rate: then this is no guess"
    : "for a measurement of the curvature use spikeMonitor of @nonconvex/catapults in the training loop"
}

export const of = (
  { losses, steps }: LossLog,
  events: ReadonlyArray<Event>,
  kernels: DiagnoseReport["kernels"],
): DiagnoseReport => ({
  steps: steps.length,
  lowestLoss: losses.reduce((least, loss) => Math.min(least, Number.isNaN(loss) ? least : loss)),
  lastLoss: losses.at(-1)!,
  events,
  next: nextOf(events),
  kernels,
})

export const render = ({ events, lastLoss, lowestLoss, next, steps }: DiagnoseReport): string =>
  [
    `${Table.plural(steps, "step")}, lowest loss ${Table.margin(lowestLoss)}, last loss ${Table.margin(lastLoss)}`,
    events.length === 0 ? "no spikes" : `${Table.plural(events.length, "event")}:`,
    ...events.map(({ summary }) => `  ${summary}`),
    `next: ${next}`,
  ].join("\n")

/** The losses, each stretch in the colour of what it is. */
export const figure = ({ losses, steps }: LossLog, events: ReadonlyArray<Event>): Figure.Figure => {
  const kindAt = (step: number) =>
    events.find(({ end, start }) => step >= start && step <= end)?.kind ?? "calm"
  return Figure.points({
    id: "losses",
    title: "Losses, and what their spikes are",
    caption: "Each step in the colour of the event that it belongs to.",
    rows: Array.from(steps, (step, k) => ({ step, loss: losses[k]!, kind: kindAt(step) })).filter(
      ({ loss }) => loss > 0 && Number.isFinite(loss),
    ),
    x: { field: "step", title: "step" },
    y: { field: "loss", title: "loss", scale: "log" },
    series: { field: "kind", title: "event" },
  })
}
