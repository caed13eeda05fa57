import type { Experiment, Preset } from "@nonconvex/evidence/Experiment"
import { Schema } from "effect"
import * as Running from "./Running.ts"

/** One experiment in the list that `experiments --json` prints. */
export const ExperimentEntry = Schema.Struct({
  id: Schema.String,
  title: Schema.String,
  question: Schema.String,
  source: Schema.String,
  /** The settings of the preset, as `run --set` takes them. */
  settings: Schema.Record(Schema.String, Schema.Json),
  /** Duration of the paper preset, where that preset is listed and was measured. */
  time: Schema.optionalKey(Schema.String),
})
export type ExperimentEntry = typeof ExperimentEntry.Type

/** An experiment with the settings of every preset. */
export interface IndexedExperiment extends Omit<ExperimentEntry, "settings"> {
  readonly presets: Readonly<Record<Preset, ExperimentEntry["settings"]>>
}

export const indexed = (experiment: Experiment): IndexedExperiment => {
  const { id, preset, question, source, title } = experiment
  const time = Running.paperTime(experiment)
  return {
    id,
    title,
    question,
    source: `${source.paper}, ${source.statement}`,
    presets: { smoke: preset("smoke"), fast: preset("fast"), paper: preset("paper") },
    ...(time === undefined ? {} : { time }),
  }
}

/** An experiment as listed for one preset. */
export const entryFor =
  (preset: Preset) =>
  ({ presets, time, ...rest }: IndexedExperiment): ExperimentEntry => ({
    ...rest,
    settings: presets[preset],
    ...(preset === "paper" && time !== undefined ? { time } : {}),
  })
