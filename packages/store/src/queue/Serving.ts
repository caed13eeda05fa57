import type { System } from "@nonconvex/evidence/System"
import type { Effect } from "effect"
import type { Version } from "./Trial.ts"
import type { Event } from "./Trials.ts"

/** A finished trial: `failed` gives the reason, and is absent after success. */
export interface Ended {
  /** The id of its run. */
  readonly id: string
  readonly failed?: string
}

/** Work of a worker. */
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
