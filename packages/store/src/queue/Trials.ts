import type { Compute } from "@nonconvex/runner/Compute"
import type { StoreFailed } from "@nonconvex/runner/RunStore"
import { Context, type Effect } from "effect"
import type { Outage } from "./Outage.ts"
import type { Ended, Serving } from "./Serving.ts"
import type { Trial, Version } from "./Trial.ts"

export type { Outage }

/** Trials that wait for a worker of their version. */
interface Waiting {
  readonly version: Version
  readonly trials: number
}

/** Event in the work of a worker. */
export type Event =
  | { readonly _tag: "Began"; readonly trial: Trial; readonly attempt: number }
  | {
      readonly _tag: "Ended"
      readonly trial: Trial
      /** Duration of the work of its cases, by any worker. */
      readonly seconds: number
      readonly failed?: string
    }
  /** The attempt returned no result, and the trial is tried again. */
  | { readonly _tag: "Broke"; readonly trial: Trial; readonly reason: string }
  /** A row of the queue is not a trial. It is left where it is, and reported once. */
  | { readonly _tag: "Unreadable"; readonly id: string; readonly reason: string }
  /** Trials of this system wait for a version other than this worker's. Sent once for each version. */
  | { readonly _tag: "Refused"; readonly waiting: Waiting; readonly mine?: Version }
  | Outage

/**
 * Trials distributed over all programs on one database: each is computed once, by the first to take it.
 *
 * A trial is held by a lease that its worker renews. If the worker crashes or freezes, the lease expires and the trial goes
 * to another. If both computed it, the store compares the results bit for bit. All operations tolerate a temporarily
 * unavailable database.
 */
export class Trials extends Context.Service<
  Trials,
  {
    /**
     * Offers trials to all workers; those already waiting or running are not duplicated. A failed trial is tried again:
     * offer only those that the store lacks.
     */
    readonly offer: (trials: ReadonlyArray<Trial>) => Effect.Effect<void, StoreFailed>
    /**
     * Runs trials of the given versions with the program's computing power, and stores them in its RunStore. Interruption
     * returns its trials at once.
     */
    readonly serve: <Stale = never>(
      serving: Serving<Stale>,
    ) => Effect.Effect<void, StoreFailed | Stale, Compute>
    /**
     * Waits until all of these runs have ended, here or elsewhere, and reports each as it ends. Reports failures only of
     * trials that were just given up; the store has the outcome of the others.
     */
    readonly awaitAll: (
      ids: ReadonlyArray<string>,
      onEnded?: (ended: Ended) => void,
    ) => Effect.Effect<ReadonlyArray<Ended>, StoreFailed>
  }
>()("@nonconvex/store/queue/Trials") {}
