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
  /** The attempt came to nothing, and the trial is tried again. */
  | { readonly _tag: "Broke"; readonly trial: Trial; readonly reason: string }
  /** Trials of this system wait for another version than that of this worker. Sent once for each version. */
  | { readonly _tag: "Refused"; readonly waiting: Waiting; readonly mine?: Version }
  | Outage

/**
 * Trials that are distributed over all programs on one database: each is computed once, by the first to take it.
 *
 * A trial is held by a lease that its worker renews. If the worker dies or freezes, the lease expires and the trial goes to another.
 * The store compares results that both computed bit for bit. Everything here outlasts a database that is away for a while.
 */
export class Trials extends Context.Service<
  Trials,
  {
    /**
     * Offers trials to all workers; those that are waiting or under way already are offered once. A failed trial is tried again:
     * offer only those that the store lacks.
     */
    readonly offer: (trials: ReadonlyArray<Trial>) => Effect.Effect<void, StoreFailed>
    /**
     * Does trials of the given versions with the computing power of the program, and keeps them in its RunStore. Interruption
     * returns its trials at once.
     */
    readonly serve: <Stale = never>(
      serving: Serving<Stale>,
    ) => Effect.Effect<void, StoreFailed | Stale, Compute>
    /**
     * Waits until all of these runs have ended, here or elsewhere, and reports each as it ends. Those that failed are those that
     * were given up a moment ago: how any other ended is in the store.
     */
    readonly awaitAll: (
      ids: ReadonlyArray<string>,
      onEnded?: (ended: Ended) => void,
    ) => Effect.Effect<ReadonlyArray<Ended>, StoreFailed>
  }
>()("@nonconvex/store/queue/Trials") {}
