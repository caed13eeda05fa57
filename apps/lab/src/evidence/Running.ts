/** Experiments on the pool of threads, with their failures in words. */
import type { Experiment, ExperimentResult } from "@nonconvex/evidence"
import { runExperiment, type WorkerFailed, type Workers } from "@nonconvex/evidence/parallel"
import { Effect, Schema } from "effect"
import type { Found } from "./Lookup.ts"
import * as Table from "../cli/TextTable.ts"

/** How many rows a run yields, where the experiment knows. */
export const expectedRows = (experiment: Experiment, config: Schema.Json): number | undefined =>
  experiment.open((definition) =>
    definition.rows?.(Schema.decodeUnknownSync(definition.config)(config)),
  )

/** How long the paper preset takes, in words; undefined where nobody measured it. */
export const paperTime = (experiment: Experiment): string | undefined =>
  experiment.open(({ paperSeconds }) =>
    paperSeconds === undefined ? undefined : `about ${Table.duration(paperSeconds)} on one thread`,
  )

export interface RunOptions {
  /** Encoded, as `Settings.resolve` returns it. */
  readonly config: Schema.Json
  readonly seed: number
  readonly onRows: (rows: number) => void
}

/** Runs the experiment on a thread of the pool. */
export const run = (
  { experiment, system }: Found,
  { config, onRows, seed }: RunOptions,
): Effect.Effect<ExperimentResult, WorkerFailed, Workers> =>
  runExperiment(system, experiment, { config, seed, onRow: (_, rows) => onRows(rows) })
