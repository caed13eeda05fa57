/**
 * Messages between the page and the server of `nonconvex open`, all in JSON. Requests are decoded and limited by these schemas
 * before anything is done; answers have their types.
 */
import { Schema } from "effect"

const text = (most: number) => Schema.String.check(Schema.isMaxLength(most))

const Preset = Schema.Literals(["smoke", "fast", "paper"])

/** Id of a run or a sweep: SHA-256, in hexadecimal digits. */
const Id = Schema.String.check(Schema.isPattern(/^[0-9a-f]{64}$/))

/** Settings by name, written as for flags: JSON, or else text. */
const Settings = Schema.Record(text(200), text(10_000)).check(Schema.isMaxProperties(200))

/** Asks for a run. */
const StartRun = Schema.TaggedStruct("Run", {
  experiment: text(200),
  preset: Preset,
  seed: Schema.Int,
  settings: Settings,
})
export type StartRun = typeof StartRun.Type

/** Asks for a sweep, in the syntax of the flags of `nonconvex sweep`. */
const StartSweep = Schema.TaggedStruct("Sweep", {
  experiment: text(200),
  preset: Preset,
  /** Seeds, such as `0..9` or `1,4,7`. */
  seeds: text(2000),
  /** Settings common to all trials. */
  settings: Settings,
  /** Settings with their values, or with two ends around `..`: `0,0.05,0.1`, `0.001..1:log`. */
  vary: Settings,
  /** Number of drawn configurations; undefined for a whole grid. */
  trials: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 100_000 }))),
  metric: Schema.optionalKey(text(2000)),
  goal: Schema.Literals(["least", "most"]),
})
export type StartSweep = typeof StartSweep.Type

export const Start = Schema.Union([StartRun, StartSweep])
export type Start = typeof Start.Type

/** Task requested from this server. */
const Task = Schema.Struct({
  id: Schema.String,
  kind: Schema.Literals(["run", "sweep"]),
  experiment: Schema.String,
  /** Run or sweep; absent if nothing of it is kept. */
  of: Schema.optionalKey(Id),
  /** `waiting`: no thread has started it. */
  state: Schema.Literals(["waiting", "running", "done", "failed", "stopped"]),
  /** Finished cases of a run, or trials of a sweep. */
  done: Schema.Int,
  total: Schema.Int,
  /** Whole seconds from its start to now, or to its end. */
  seconds: Schema.Int,
  /** Estimated remaining seconds, if known. */
  left: Schema.optionalKey(Schema.Finite),
  reason: Schema.optionalKey(Schema.String),
})
export type Task = typeof Task.Type

/** Running tasks, sent after every change. */
const Now = Schema.Struct({
  /** Changes whenever the store changes. */
  stamp: Schema.String,
  /** Reason why the store cannot be read. */
  fault: Schema.optionalKey(Schema.String),
  tasks: Schema.Array(Task),
  /** Unfinished runs that other programs are computing. */
  elsewhere: Schema.Array(
    Schema.Struct({ id: Id, subject: Schema.String, kept: Schema.Int, parts: Schema.Int }),
  ),
})
export type Now = typeof Now.Type

/** A table of texts. */
const Grid = Schema.Struct({
  header: Schema.Array(Schema.String),
  rows: Schema.Array(Schema.Array(Schema.String)),
})
type Grid = typeof Grid.Type

const ExperimentLine = Schema.Struct({
  id: Schema.String,
  system: Schema.String,
  title: Schema.String,
})

const ExperimentList = Schema.Array(ExperimentLine)
export type ExperimentList = typeof ExperimentList.Type

/** Form of an experiment: its settings and presets. */
const ExperimentForm = Schema.Struct({
  ...ExperimentLine.fields,
  question: Schema.String,
  /** Duration of the paper preset in words. */
  paperTime: Schema.optionalKey(Schema.String),
  presets: Schema.Record(Preset, Schema.Record(Schema.String, Schema.Json)),
  /** JSON Schema of the settings. */
  settings: Schema.Record(Schema.String, Schema.Json),
})
export type ExperimentForm = typeof ExperimentForm.Type

/** Some of the stored runs, the latest first. */
const RunList = Schema.Struct({
  place: Schema.String,
  /** Number of results in all. */
  count: Schema.Int,
  runs: Schema.Array(Schema.Struct({ id: Id, subject: Schema.String })),
  table: Grid,
})
export type RunList = typeof RunList.Type

/** A run without its rows. */
const RunFacts = Schema.Struct({
  id: Id,
  kind: Schema.Literals(["experiment", "claim", "erratum"]),
  subject: Schema.String,
  title: Schema.String,
  question: Schema.String,
  status: Schema.Literals(["unfinished", "done", "failed"]),
  standing: Schema.String,
  facts: Schema.Array(Schema.Tuple([Schema.String, Schema.String])),
  seed: Schema.Int,
  /** Settings of an experiment. */
  config: Schema.Json,
  expectations: Schema.Array(
    Schema.Struct({
      outcome: Schema.Literals(["holds", "fails", "toothless"]),
      text: Schema.String,
      control: Schema.optionalKey(Schema.String),
    }),
  ),
  /** Verdict of a statement, or the reason why a run failed. */
  verdict: Schema.optionalKey(Schema.String),
})
export type RunFacts = typeof RunFacts.Type

/** Columns and figures in the format of a report; see `Parts`. */
const RunTable = Schema.Struct({
  total: Schema.Int,
  /** Number of rows in `columns`: an even selection if the page cannot show all. */
  shown: Schema.Int,
  columns: Schema.Json,
  figures: Schema.Json,
  /** Reason why figures are missing. */
  fault: Schema.optionalKey(Schema.String),
})
export type RunTable = typeof RunTable.Type

const SweepList = Schema.Struct({
  sweeps: Schema.Array(Schema.Struct({ id: Id, experiment: Schema.String })),
  table: Grid,
})
export type SweepList = typeof SweepList.Type

const SweepFacts = Schema.Struct({
  id: Id,
  experiment: Schema.String,
  facts: Schema.Array(Schema.Tuple([Schema.String, Schema.String])),
  /** Settings that vary. */
  varied: Schema.Array(Schema.String),
  /** Metric as parsed; absent if there is none. */
  metric: Schema.optionalKey(Schema.String),
  /** Numeric columns from which a metric can be chosen. */
  offered: Schema.Array(Schema.String),
  /** One row per trial: varied settings, `seed`, `status`, `metric`, `run`. */
  columns: Schema.Json,
  total: Schema.Int,
  /** Number of trials in `columns`. */
  shown: Schema.Int,
  notes: Schema.Array(Schema.String),
})
export type SweepFacts = typeof SweepFacts.Type

const Interval = Schema.Struct({
  label: Schema.String,
  at: Schema.Finite,
  low: Schema.Finite,
  high: Schema.Finite,
})

const Comparison = Schema.Struct({
  headline: Schema.String,
  tables: Schema.Array(Grid),
  /** Columns in which the rows of two single runs differ. */
  apart: Schema.optionalKey(Schema.String),
  legend: Schema.optionalKey(Schema.String),
  notes: Schema.Array(Schema.String),
  /** Differences from the first group, with confidence intervals if known. */
  differences: Schema.Array(Interval),
  /** Name of the baseline group. */
  against: Schema.optionalKey(Schema.String),
})
export type Comparison = typeof Comparison.Type

/** Answer to a request that could not be fulfilled, in one line. */
const Refused = Schema.Struct({ error: Schema.String })
export type Refused = typeof Refused.Type
