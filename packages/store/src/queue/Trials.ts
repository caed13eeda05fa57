import type { System } from "@nonconvex/evidence/System"
import type { Compute } from "@nonconvex/runner/Compute"
import type { StoreFailed } from "@nonconvex/runner/RunStore"
import { Context, type Effect } from "effect"
import type { Absence } from "./Outlast.ts"
import type { Trial, Version } from "./Trial.ts"

export type { Absence }

/** A trial that has ended: `failed` says why, and is absent of one that was done. */
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
 * Trials that are spread over all programs on one database: each is done once, by whoever comes first.
 *
 * A trial is held by a lease that its worker renews. Where the worker dies or freezes the lease ends, and the trial goes to another; what
 * both have computed is compared bit for bit by the store. Everything here outlasts a database that is away for a while.
 */
export class Trials extends Context.Service<
  Trials,
  {
    /**
     * Offers trials to all workers; those that are waiting or under way already are offered once. A trial that ended before is tried again:
     * offer only what the store does not have.
     */
    readonly offer: (trials: ReadonlyArray<Trial>) => Effect.Effect<void, StoreFailed>
    /**
     * Does trials of the given versions with the computing power of the program, and keeps them in its RunStore. Interrupting it gives back at
     * once what it holds.
     */
    readonly serve: <Stale = never>(
      serving: Serving<Stale>,
    ) => Effect.Effect<void, StoreFailed | Stale, Compute>
    /**
     * Waits until all of these runs have ended, here or elsewhere, and tells of each as it does. Those that failed are those that were given up
     * a moment ago: how any other ended is in the store.
     */
    readonly awaitAll: (
      ids: ReadonlyArray<string>,
      onEnded?: (ended: Ended) => void,
    ) => Effect.Effect<ReadonlyArray<Ended>, StoreFailed>
  }
>()("@nonconvex/store/queue/Trials") {}
