import { Effect, Schema } from "effect"
import fc from "fast-check"
import type { Trial } from "./Claim.ts"
import { isViolated } from "./Margin.ts"

/** A search for a violating instance: what to run, and what stops it. */
export interface Search {
  /** fast-check's seed, a 32-bit integer. */
  readonly seed: number
  readonly runs: number
  /** How many smaller instances may be tried once a violation is found. */
  readonly shrinks?: number
  /** Milliseconds after which no further run starts. */
  readonly budget?: number
}

/** What a search found, as data that crosses a thread. */
export const Attempt = Schema.Struct({
  /** Margin of each run before the first violation. */
  margins: Schema.Array(Schema.Number),
  interrupted: Schema.Boolean,
  violation: Schema.optionalKey(
    Schema.Struct({
      instance: Schema.Json,
      margin: Schema.Number,
      seed: Schema.Int,
      path: Schema.String,
      shrinks: Schema.Int,
      /** Present where the trial threw or failed instead of returning a margin. */
      reason: Schema.optionalKey(Schema.String),
    }),
  ),
})
export type Attempt = typeof Attempt.Type

/** Calls `onRun` after each run that held, with the runs so far and the worst margin. */
export type Progress = (runs: number, worst: number) => void

interface Observed {
  readonly margin: number
  /** Present where the trial threw or failed instead of returning a margin. */
  readonly reason?: string
}

// instances are plain data by contract (see Trial), which an interface cannot promise to the compiler
const asData = (instance: object): Schema.Json => instance as unknown as Schema.Json

const observe = async <Instance extends object>(
  trial: Trial<Instance>,
  instance: Instance,
): Promise<Observed> => {
  try {
    const outcome = trial.margin(instance)
    return {
      margin: typeof outcome === "number" ? outcome : await Effect.runPromise(outcome),
    }
  } catch (cause) {
    return { margin: Number.NaN, reason: cause instanceof Error ? cause.message : String(cause) }
  }
}

/** The instance that a replay token names, and what it comes to now. */
export interface Recalled extends Observed {
  readonly instance: Schema.Json
}

/** Draws the instance at `path` again and observes it; rejects where the path leads to none. */
export const recall = async <Instance extends object>(
  trial: Trial<Instance>,
  { path, seed }: { readonly seed: number; readonly path: string },
): Promise<Recalled> => {
  let recalled: Recalled | undefined
  const property = fc.asyncProperty(trial.instances, async (instance) => {
    recalled = { instance: asData(instance), ...(await observe(trial, instance)) }
  })
  await fc.assert(property, { seed, path, numRuns: 1 })
  if (recalled === undefined) throw new Error(`no instance at ${path}`)
  return recalled
}

/**
 * Draws instances of `trial` until one violates it, then shrinks that one. Deterministic in `search.seed`, but for `budget`.
 *
 * A trial that throws counts as a violation with a `reason`: it is reported as broken, never as a control that was caught.
 */
export const attempt = async <Instance extends object>(
  trial: Trial<Instance>,
  search: Search,
  onRun?: Progress,
): Promise<Attempt> => {
  const margins: Array<number> = []
  let worst = Number.POSITIVE_INFINITY
  let last: Observed = { margin: Number.NaN }
  let falsified = false
  const property = fc.asyncProperty(
    fc.limitShrink(trial.instances, search.shrinks ?? 1000),
    async (instance) => {
      const observed = await observe(trial, instance)
      if (isViolated(observed.margin)) {
        falsified = true
        last = observed
        return false
      }
      if (!falsified) {
        margins.push(observed.margin)
        worst = Math.min(worst, observed.margin)
        onRun?.(margins.length, worst)
      }
      return true
    },
  )
  const result = await fc.check(property, {
    seed: search.seed,
    numRuns: search.runs,
    ...(search.budget === undefined ? {} : { interruptAfterTimeLimit: search.budget }),
  })
  if (!falsified || result.counterexample === null) {
    return { margins, interrupted: result.interrupted }
  }
  return {
    margins,
    interrupted: result.interrupted,
    violation: {
      instance: asData(result.counterexample[0]),
      margin: last.margin,
      seed: result.seed,
      path: result.counterexamplePath ?? "0",
      shrinks: result.numShrinks,
      ...(last.reason === undefined ? {} : { reason: last.reason }),
    },
  }
}
