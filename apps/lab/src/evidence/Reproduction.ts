/** Every claim and every experiment of some systems, on the computing power of a command. */
import type { Preset } from "@nonconvex/evidence/Experiment"
import type * as Plan from "@nonconvex/evidence/Plan"
import type { SystemReport } from "@nonconvex/evidence/Report"
import type { System } from "@nonconvex/evidence/System"
import type { Compute } from "@nonconvex/runner/Compute"
import { runExperiment } from "@nonconvex/runner/Run"
import { idOf, type Target, targetsOf, verdictOn } from "@nonconvex/runner/Verify"
import { Array, Cause, Effect, Predicate, Result } from "effect"
import type * as Estimate from "./Estimate.ts"
import type { Found } from "./Lookup.ts"
import type { Failure } from "./report/Results.ts"
import * as Tally from "./Tally.ts"
import * as JobProgress from "./JobProgress.ts"

export interface Options extends Plan.Effort {
  readonly preset: Preset
}

/** Findings without their provenance. */
export interface Findings {
  readonly systems: ReadonlyArray<SystemReport>
  readonly failures: ReadonlyArray<Failure>
}

const reasonOf = (cause: Cause.Cause<unknown>): string => {
  const error = Cause.squash(cause)
  // the failure itself says which part of the work it is about
  if (Predicate.hasProperty(error, "reason") && Predicate.isString(error.reason))
    return error.reason
  return error instanceof Error ? error.message : String(error)
}

/** Turns a failure in one part of the reproduction into a result, so that the others continue. */
const attempt = <A, E>(
  system: System,
  id: string,
  work: Effect.Effect<A, E, Compute>,
): Effect.Effect<Result.Result<A, Failure>, never, Compute> =>
  work.pipe(
    Effect.map(Result.succeed<A>),
    Effect.catchCause((cause) =>
      Cause.hasInterrupts(cause)
        ? Effect.interrupt
        : Effect.succeed(
            Result.fail({
              system: system.id,
              experiment: id,
              reason: reasonOf(cause),
            } satisfies Failure),
          ),
    ),
  )

/** Runs one experiment. An exception from a figure or an expectation makes the run fail, like a failing case. */
const experimentOn = Effect.fnUntraced(function* (
  { experiment, system }: Found,
  { preset, seed }: Options,
  onEnd: (id: string) => void,
) {
  const work = Effect.suspend(() =>
    runExperiment(system, experiment.configure(experiment.preset(preset)), { seed }),
  )
  const result = yield* attempt(system, experiment.id, work)
  onEnd(experiment.id)
  return result
})

/** Work item of an experiment; one whose preset throws takes no time, and fails later. */
const itemOf = (
  { experiment, system }: Found,
  { preset }: Options,
  before: JobProgress.Before,
): ReadonlyArray<Estimate.Item> => {
  const measured = preset === "paper" ? experiment.paperSeconds : undefined
  try {
    const configured = experiment.configure(experiment.preset(preset))
    return [JobProgress.ofExperiment(system, configured, before, measured)]
  } catch {
    return []
  }
}

/** Claims and errata under way at the same time: enough for any pool. */
const atOnce = 64

/**
 * Verdicts in the order of `targets`. The first targets computed come from all systems, so that the remaining time can be
 * estimated: one from each stretch of targets, then the next.
 */
const verdictsOn = Effect.fnUntraced(function* (
  targets: ReadonlyArray<Target>,
  options: Options,
  onRuns: Tally.Tally["onRuns"],
  onEnd: (id: string) => void,
) {
  const stretch = Math.ceil(targets.length / atOnce)
  const order = targets.map((_, at) => at).toSorted((a, b) => (a % stretch) - (b % stretch))
  const verdicts = yield* Effect.forEach(
    order,
    (at) => {
      const target = targets[at]!
      const verdict = attempt(target.system, idOf(target), verdictOn(target, options, onRuns))
      return Effect.map(verdict, (found) => {
        onEnd(idOf(target))
        return [at, found] as const
      })
    },
    { concurrency: atOnce },
  )
  return verdicts.toSorted(([a], [b]) => a - b).map(([, found]) => found)
})

/** Selects the results of a system, in the order of `subjects`. */
const of = <A>(
  system: System,
  subjects: ReadonlyArray<{ readonly system: System }>,
  results: ReadonlyArray<Result.Result<A, Failure>>,
): ReadonlyArray<A> =>
  Array.getSuccesses(results.filter((_, at) => subjects[at]!.system === system))

/**
 * Verifies every statement and runs every experiment. A few statements of each system come first to estimate the total time,
 * followed by the experiments, which may take longest.
 *
 * Never fails: a failed experiment or verification is listed in `failures`.
 */
export const run = Effect.fn("Reproduction.run")(function* (
  systems: ReadonlyArray<System>,
  options: Options,
) {
  const experiments = systems.flatMap((system) =>
    system.experiments.map((experiment) => ({ system, experiment })),
  )
  const targets = systems.flatMap(targetsOf)
  const tally = Tally.make(targets, options)
  const before = yield* JobProgress.before
  const items = [
    ...experiments.flatMap((found) => itemOf(found, options, before)),
    ...targets.map((target) => JobProgress.ofTarget(target, options, before)),
  ]
  const [verdicts, results] = yield* JobProgress.track(
    { label: "reproduce", total: experiments.length + targets.length },
    items,
    (meter, closed) => {
      const ended = { experiments: 0, statements: 0 }
      const count = (kind: keyof typeof ended) => (id: string) => {
        closed(id)
        ended[kind]++
        meter.done(ended.experiments + ended.statements)
        meter.note(
          [
            `${ended.experiments}/${experiments.length} experiments`,
            `${ended.statements}/${targets.length} statements`,
            ...(tally.note() === "" ? [] : [tally.note()]),
          ].join(", "),
        )
      }
      return Effect.all(
        [
          verdictsOn(targets, options, tally.onRuns, count("statements")),
          Effect.forEach(
            experiments,
            (found) => experimentOn(found, options, count("experiments")),
            { concurrency: "unbounded" },
          ),
        ],
        { concurrency: "unbounded" },
      )
    },
  )
  return {
    systems: systems.map((system) => ({
      id: system.id,
      title: system.title,
      paper: system.paper,
      verdicts: of(system, targets, verdicts),
      experiments: of(system, experiments, results),
    })),
    failures: [...Array.getFailures(results), ...Array.getFailures(verdicts)],
  } satisfies Findings
})
