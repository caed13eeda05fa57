import type { System } from "@nonconvex/evidence/System"
import type { Compute } from "@nonconvex/runner/Compute"
import type { StoreFailed } from "@nonconvex/runner/RunStore"
import { Context, type Effect } from "effect"
import type { Trial, Version } from "./Trial.ts"

/** A trial that has ended: `failed` says why, and is absent of one that was done. */
export interface Ended {
  /** The id of its run. */
  readonly id: string
  readonly failed?: string
}

/** Trials that wait for a worker of their version. */
export interface Waiting {
  readonly version: Version
  readonly trials: number
}

/** What a worker tells of its work. */
export type Event =
  | { readonly _tag: "Began"; readonly trial: Trial; readonly attempt: number }
  | {
      readonly _tag: "Ended"
      readonly trial: Trial
      /** Of the work of its cases; 0 of a trial that another worker had done already. */
      readonly seconds: number
      readonly failed?: string
    }
  /** The attempt came to nothing, and the trial is tried again. */
  | { readonly _tag: "Broke"; readonly trial: Trial; readonly reason: string }
  /** Trials of this system wait for another version than this worker is. Told once for each version. */
  | { readonly _tag: "Refused"; readonly waiting: Waiting; readonly own: Version }
  /** The database does not answer; it is asked again until it does. */
  | { readonly _tag: "Away"; readonly reason: string }
  | { readonly _tag: "Back" }

export interface Serving {
  /** A system and the code that it is here. Trials of others are left to others. */
  readonly versions: ReadonlyArray<{ readonly system: System; readonly version: Version }>
  /** Ends when no trial of these versions waits or is under way anywhere; else it goes on until it is interrupted. */
  readonly untilIdle?: boolean
  readonly hear?: (event: Event) => void
}

/**
 * Trials that are spread over all programs on one database: each is done once, by whoever comes first.
 *
 * A trial is held by a lease that its worker renews. Where the worker dies or freezes the lease ends, and the trial goes to another; what
 * both have computed is compared to the bit by the store.
 */
export class Trials extends Context.Service<
  Trials,
  {
    /**
     * Offers trials to all workers; those that are waiting or under way already are offered once. A trial that was done or failed before is
     * tried again: offer only what the store does not have.
     */
    readonly offer: (trials: ReadonlyArray<Trial>) => Effect.Effect<void, StoreFailed>
    /**
     * Does trials of the given versions with the computing power of the program, and keeps them in its RunStore. Interrupting it gives back at
     * once what it holds. Outlasts a database that is away.
     */
    readonly serve: (serving: Serving) => Effect.Effect<void, StoreFailed, Compute>
    /** Waits until all of these runs have ended, here or elsewhere, and tells of each as it does. */
    readonly awaitAll: (
      ids: ReadonlyArray<string>,
      onEnded?: (ended: Ended) => void,
    ) => Effect.Effect<ReadonlyArray<Ended>, StoreFailed>
    /** What waits for a worker, by version. */
    readonly waiting: Effect.Effect<ReadonlyArray<Waiting>, StoreFailed>
  }
>()("@nonconvex/store/queue/Trials") {}
