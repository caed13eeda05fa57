import { Expectation } from "@nonconvex/evidence/Expectation"
import { Verdict } from "@nonconvex/evidence/Verdict"
import { DataRead } from "@nonconvex/datasets/Datasets"
import type { System } from "@nonconvex/evidence/System"
import { Context, Effect, Schema } from "effect"
import type { Result } from "./Job.ts"
import type { Checkpoint } from "./Checkpoint.ts"
import type { Kind, RunKey } from "./RunKey.ts"

/** Subject of a run, without its capabilities. */
export interface Subject {
  readonly kind: Kind
  readonly id: string
  /** The encoded configuration of an experiment; the number of runs of a claim. */
  readonly config: Schema.Json
  readonly seed: number
  /** Number of parts: the cases of an experiment, the searches of a claim. */
  readonly parts: number
}

/** A part of a run that has ended: the rows of a case, or one search. */
export type Part = Extract<Result, { readonly _tag: "Rows" | "Searched" }>

/** Result of a run. */
export const Outcome = Schema.Union([
  Schema.TaggedStruct("Shown", {
    expectations: Schema.Array(Expectation),
    data: Schema.Array(DataRead),
  }),
  Schema.TaggedStruct("Judged", { verdict: Verdict }),
  Schema.TaggedStruct("Failed", { reason: Schema.String }),
])
export type Outcome = typeof Outcome.Type

/** Error of a store that cannot be read or written; the message names the place and the next step. */
export class StoreFailed extends Schema.TaggedError<StoreFailed>()("StoreFailed", {
  /** The file, or the database without its password. */
  place: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.place}: ${this.reason}`
  }
}

/** A running run, with the state that an earlier attempt left. */
export interface OpenRun {
  /** Stored parts, by their index. */
  readonly parts: ReadonlyMap<number, Part>
  /** States saved by the latest unfinished attempt at each part, by its place. */
  readonly left: ReadonlyMap<number, Checkpoint>
  /** Stores the intermediate state of a part, replacing the previous one. */
  readonly leave: (place: number, left: Checkpoint) => Effect.Effect<void, StoreFailed>
  /** Stores a part as soon as it has ended, and discards its intermediate state. */
  readonly keep: (place: number, part: Part) => Effect.Effect<void, StoreFailed>
  /** Records the outcome of the run. A run that is never ended is unfinished, and continues when it is opened again. */
  readonly end: (outcome: Outcome) => Effect.Effect<void, StoreFailed>
}

const forgotten: OpenRun = {
  parts: new Map(),
  left: new Map(),
  leave: () => Effect.void,
  keep: () => Effect.void,
  end: () => Effect.void,
}

/**
 * Stores runs, so that nothing is computed twice. Without it, a program stores nothing and computes everything.
 *
 * `open` finds a run by everything that determines its bits, including kernels, data and code, or creates it.
 */
export const RunStore = Context.Reference<{
  readonly open: (system: System, subject: Subject) => Effect.Effect<OpenRun, StoreFailed>
  /** Key by which `open` finds a run; undefined if it is not stored. */
  readonly keyOf: (system: System, subject: Subject) => Effect.Effect<RunKey | undefined>
}>("@nonconvex/runner/RunStore", {
  defaultValue: () => ({
    open: () => Effect.succeed(forgotten),
    keyOf: () => Effect.succeed(undefined),
  }),
})
