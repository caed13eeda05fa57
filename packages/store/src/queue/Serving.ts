import type { System } from "@nonconvex/evidence/System"
import type { Effect } from "effect"
import type { Version } from "./Trial.ts"
import type { Event } from "./Trials.ts"

/** Finished trial: `failed` gives the reason, and is absent after success. */
export interface Ended {
  /** The id of its run. */
  readonly id: string
  readonly failed?: string
}

/** Work of a worker. */
export interface Serving<Stale = never> {
  /** A system with the version of its code here; trials of other versions are left to other workers. */
  readonly versions: ReadonlyArray<{ readonly system: System; readonly version: Version }>
  /** Ends when no trial of these versions waits or runs anywhere; otherwise it continues until interrupted. */
  readonly untilIdle?: boolean
  readonly hear?: (event: Event) => void
  /**
   * Fails if a thread started now would no longer load the code of the version. Called before trials of a system are taken
   * and after a thread has ended; a failure ends the work.
   */
  readonly check?: (system: System) => Effect.Effect<void, Stale>
}
