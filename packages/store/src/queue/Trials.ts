import type { System } from "@nonconvex/evidence/System"
import type { Compute } from "@nonconvex/runner/Compute"
import type { StoreFailed } from "@nonconvex/runner/RunStore"
import { Context, type Effect } from "effect"
import type { Absence } from "./Outlast.ts"
import type { Trial, Version } from "./Trial.ts"

export type { Absence }

/** A finished trial: `failed` gives the reason, and is absent after success. */
export interface Ended {
  /** The id of its run. */
  readonly id: string
  readonly failed?: string
}

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
  | Absence

export interface Serving<Stale = never> {
  /** A system and the code that it is here. Trials of others are left to others. */
  readonly versions: ReadonlyArray<{ readonly system: System; readonly version: Version }>
  /** Ends when no trial of these versions waits or is under way anywhere; else it goes on until it is interrupted. */
  readonly untilIdle?: boolean
  readonly hear?: (event: Event) => void
  /**
   * Fails where a thread that begins now would no longer load the code that the version names. Is asked before trials of a system are taken
   * and after a thread has ended, and ends the work where it fails.
   */
  readonly check?: (system: System) => Effect.Effect<void, Stale>
}

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
