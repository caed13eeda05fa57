/** What a diagnosis says of a log of known cause, column by column. */
import { diagnoseLog } from "../../../src/diagnosis/Diagnosis.ts"
import { limitOf, type Optimizer, type TrainingLog } from "../../../src/diagnosis/TrainingLog.ts"
import type { Kind } from "../../../src/spikes/Evidence.ts"
import type { Cause, Scenario } from "./Scenarios.ts"
import { beta, type Columns, train, type Trained } from "./Training.ts"

/** What may be in a log beside the losses. */
export const columnSets = {
  "loss alone": [],
  rate: ["learningRates"],
  "gradient norm": ["gradientNorms"],
  "rate, gradient norm": ["learningRates", "gradientNorms"],
  "rate, products": ["learningRates", "squaredNorms", "products"],
  "rate, sharpness": ["learningRates", "sharpness"],
  "control batch": ["controls"],
  all: ["learningRates", "gradientNorms", "squaredNorms", "products", "sharpness", "controls"],
} as const satisfies Readonly<Record<string, ReadonlyArray<keyof Columns>>>
export type ColumnSet = keyof typeof columnSets

export interface Labelled {
  readonly scenario: Scenario
  readonly trained: Trained
  /** What was done, or, of a run that was to be quiet, what was measured: a rate past the limit on all samples. */
  readonly cause: Cause
}

export const optimizerOf = ({ setting }: Scenario): Optimizer => {
  if (setting.optimizer === "sgd") return { name: "sgd" }
  if (setting.optimizer === "momentum") return { name: "momentum", momentum: beta }
  return { name: "adam", beta1: beta, beta2: 0.999, epsilon: 1e-8 }
}

export const labelled = (scenario: Scenario): Labelled => {
  const trained = train(scenario.setting)
  const limit = limitOf(optimizerOf(scenario))
  const isPast = trained.sharpness.some((value, k) => value * trained.learningRates[k]! > limit)
  const isFull = scenario.setting.batch === undefined
  const isUnstable = scenario.cause === "quiet" && isFull && isPast
  return { scenario, trained, cause: isUnstable ? "instability" : scenario.cause }
}

/** The log with these columns, of a run that is described or not. */
export const logOf = (
  { scenario, trained }: Labelled,
  set: ColumnSet,
  isDescribed: boolean,
): TrainingLog => ({
  steps: trained.steps,
  losses: trained.losses,
  ...Object.fromEntries(columnSets[set].map((name) => [name, trained[name]])),
  optimizer: isDescribed ? optimizerOf(scenario) : undefined,
  batch: isDescribed ? (scenario.setting.batch ?? "full") : undefined,
})

const mapped = (
  log: TrainingLog,
  of: (column: Float64Array, name: string) => Float64Array,
): TrainingLog =>
  Object.fromEntries(
    Object.entries(log).map(([name, value]) => [
      name,
      value instanceof Float64Array ? of(value, name) : value,
    ]),
  ) as TrainingLog

/** The log that has one of so many steps. */
const thinned = (log: TrainingLog, every: number): TrainingLog =>
  mapped(log, (column) => column.filter((_, k) => k % every === every - 1))

/** The log whose losses are means over so many steps, and which has of the rest the last of them. */
const averaged = (log: TrainingLog, every: number): TrainingLog => ({
  ...mapped(log, (column, name) =>
    column
      .map((value, k) =>
        name === "losses" && k >= every - 1
          ? column.subarray(k + 1 - every, k + 1).reduce((sum, each) => sum + each, 0) / every
          : value,
      )
      .filter((_, k) => k % every === every - 1),
  ),
  isAveraged: true,
})

/** A log as programs keep it that do not write down each step. */
export const keptAs = {
  "one step in 5": (log: TrainingLog) => thinned(log, 5),
  "one step in 20": (log: TrainingLog) => thinned(log, 20),
  "means over 5 steps": (log: TrainingLog) => averaged(log, 5),
  "means over 10 steps": (log: TrainingLog) => averaged(log, 10),
} as const

const causes: { readonly [Each in Kind]: Cause | "unresolved" } = {
  catapult: "instability",
  divergence: "instability",
  instability: "instability",
  "optimizer mismatch": "instability",
  "data spike": "data",
  "numeric failure": "numbers",
  overshoot: "quiet",
  "edge of stability": "quiet",
  unresolved: "unresolved",
}

/** What it was called: its cause where an event has that, else the first cause that an event has, and quiet where there is none. */
export const calledOf = (log: TrainingLog, cause: Cause): Cause | "unresolved" => {
  const found = diagnoseLog(log).events.map(({ kind }) => causes[kind])
  if (found.includes(cause)) return cause
  return (
    found.find((each) => each !== "unresolved") ?? (found.length === 0 ? "quiet" : "unresolved")
  )
}

/** Causes that events have and the log does not. */
export const wrongOf = (log: TrainingLog, cause: Cause): ReadonlyArray<string> =>
  diagnoseLog(log).events.flatMap(({ kind, summary }) => {
    const said = causes[kind]
    return said === "unresolved" || said === cause ? [] : [summary]
  })

/** How many logs of each cause were called what. */
export type Confusion = Readonly<Record<string, number>>

export const confusionOf = (
  logs: ReadonlyArray<Labelled>,
  set: ColumnSet,
  isDescribed: boolean,
): Confusion => {
  const counts: Record<string, number> = {}
  for (const each of logs) {
    const key = `${each.cause} called ${calledOf(logOf(each, set, isDescribed), each.cause)}`
    counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}

/** The share of logs that are called what they are. */
export const rightOf = (confusion: Confusion): number => {
  const counts = Object.entries(confusion)
  const right = counts.filter(([key]) => new Set(key.split(" called ")).size === 1)
  const sum = (of: typeof counts) => of.reduce((total, [, count]) => total + count, 0)
  return sum(right) / sum(counts)
}
