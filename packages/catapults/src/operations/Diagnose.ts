/** A loss log, explained. */
import { operation } from "@nonconvex/problems/Operation"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import { Schema } from "effect"
import { diagnoseLog, type LogEvent, type Reading } from "../diagnosis/Diagnosis.ts"
import { TrainingLog } from "../diagnosis/TrainingLog.ts"

/** A log, and how to read it. */
export const DiagnoseInput = Schema.Struct({
  ...TrainingLog.fields,
  threshold: Schema.Finite,
  /** Half-life, in steps, of a moving average of the losses; 0 for none. */
  smoothing: Schema.Finite,
})
export type DiagnoseInput = typeof DiagnoseInput.Type

const rise = {
  /** Last step before the rise. */
  start: Schema.Number,
  /** First step above the threshold. */
  onset: Schema.Number,
  peak: Schema.Number,
  end: Schema.Number,
  /** Peak over the previous loss; null if the loss was not finite at once. */
  height: Schema.NullOr(Schema.Number),
  outcome: Schema.Literals(["closed", "lost", "settled", "open"]),
}

/** Evidence for the cause; null where the log does not show it. See `Evidence`. */
const Evidence = Schema.Record(
  Schema.String,
  Schema.NullOr(Schema.Union([Schema.Number, Schema.Boolean])),
)

/** Similar rises, their kind, and advice; null where unknown. The first fields are of the highest rise. */
const Event = Schema.Struct({
  kind: Schema.String,
  confidence: Schema.Literals(["measured", "likely", "guess"]),
  ...rise,
  count: Schema.Int,
  rises: Schema.Array(Schema.Struct(rise)),
  ramp: Schema.Int,
  /** Directional sharpness before the loss exceeded the threshold. */
  sharpness: Schema.NullOr(Schema.Number),
  because: Schema.String,
  evidence: Evidence,
  /** The measurement that would best decide the cause. */
  better: Schema.String,
  /** Candidate causes of an unresolved rise. */
  candidates: Schema.Array(Schema.String),
  action: Schema.String,
  advice: Schema.String,
  learningRate: Schema.NullOr(Schema.Number),
  /** The advised rate divided by the current one. */
  multiple: Schema.NullOr(Schema.Number),
  criticalRate: Schema.NullOr(Schema.Number),
  summary: Schema.String,
})
export type Event = typeof Event.Type

const reading = {
  events: Schema.Array(Event),
  /** Oscillations of a velocity, which also occur in stable runs. */
  overshoots: Schema.Array(Event),
  /** Smallest factor by which a rise is distinguished from the scatter of the log. */
  unseen: Schema.Number,
}

export const Diagnosed = Schema.Struct({
  ...reading,
  /** Roughness of the losses: those of all samples are `smooth`. `said`: the batches are stated. */
  roughness: Schema.Literals(["said", "smooth", "scattered", "unknown"]),
  /** The events if every step uses all samples; null where they do not differ, or the batches are known. */
  ifFull: Schema.NullOr(Schema.Struct(reading)),
})
export type Diagnosed = typeof Diagnosed.Type

const known = (x: number): number | null => (Number.isNaN(x) ? null : x)

const eventOf = (event: LogEvent): Event => {
  const { criticalRate, evidence, learningRate, multiple, rises, ...rest } = event
  return {
    ...rest,
    height: known(rest.height),
    count: rises.length,
    rises: rises.map((each) => ({ ...each, height: known(each.height) })),
    sharpness: evidence.sharpness ?? null,
    evidence: Object.fromEntries(
      Object.entries(evidence).map(([name, value]) => [
        name,
        typeof value === "number" ? known(value) : value,
      ]),
    ),
    learningRate: learningRate ?? null,
    multiple: multiple ?? null,
    criticalRate: criticalRate ?? null,
  }
}

const readingOf = ({ events, overshoots, unseen }: Reading) => ({
  events: events.map(eventOf),
  overshoots: overshoots.map(eventOf),
  unseen,
})

/** Decay per step of a running average with this half-life. A loss that is not finite is excluded. */
const smoothed = (losses: Float64Array, halfLife: number): Float64Array => {
  if (halfLife === 0) return losses
  const kept = Elementary.pow(2, -1 / halfLife)
  let average = Number.NaN
  return losses.map((loss) => {
    if (!Number.isFinite(loss)) return loss
    average = Number.isNaN(average) ? loss : kept * average + (1 - kept) * loss
    return average
  })
}

/** Every rise of a log. Throws InvalidInput as `diagnoseLog`. */
export const diagnose = operation({
  id: "catapults/diagnose",
  input: DiagnoseInput,
  output: Diagnosed,
  failure: InvalidInput,
  progress: Schema.Never,
  run: ({ smoothing, threshold, ...log }) => {
    const losses = smoothed(log.losses, smoothing)
    const found = diagnoseLog({ ...log, losses }, { threshold })
    const ifFull = found.ifFull === undefined ? null : readingOf(found.ifFull)
    return { ...readingOf(found), roughness: found.roughness, ifFull }
  },
})
