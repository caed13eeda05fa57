import type { System } from "@nonconvex/evidence/System"
import { Context, type Effect } from "effect"
import type { Job, JobFailure, Progress, Result } from "./Job.ts"

/** A job without its system, which `perform` is given. */
export type JobOf<Each extends Job = Job> = Each extends Job ? Omit<Each, "system"> : never

/**
 * Computing power: does jobs, wherever there is a core. Interruption, progress, time and retry belong to it, so what it computes knows
 * nothing of them.
 */
export class Compute extends Context.Service<
  Compute,
  {
    /** What it is, for people: `2 threads`. */
    readonly name: string
    /** How many jobs it can do at the same time. */
    readonly size: number
    /** Does a job of a system. Interrupting the effect ends the work; `onProgress` sees how far it is. */
    readonly perform: (
      system: System,
      job: JobOf,
      onProgress?: (progress: Progress) => void,
    ) => Effect.Effect<Result, JobFailure>
  }
>()("@nonconvex/runner/Compute") {}

/** What a job names a system by. */
export const refOf = (system: System) => ({
  package: system.package,
  version: system.version,
  id: system.id,
})
