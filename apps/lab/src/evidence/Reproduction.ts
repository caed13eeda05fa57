/** Every claim and every experiment of some systems, on the computing power of a command. */
import type { Preset } from "@nonconvex/evidence/Experiment"
import type * as Plan from "@nonconvex/evidence/Plan"
import type { SystemReport } from "@nonconvex/evidence/Report"
import type { System } from "@nonconvex/evidence/System"
import type { Compute } from "@nonconvex/runner/Compute"
import { runExperiment } from "@nonconvex/runner/Run"
import { idOf, type Target, targetsOf, verdictOn } from "@nonconvex/runner/Verify"
import { Array, Cause, Effect, Predicate, Result } from "effect"
import * as Progress from "../cli/Progress.ts"
import type { Found } from "./Lookup.ts"
import type { Failure } from "./report/Results.ts"
import * as Tally from "./Tally.ts"

export interface Options extends Plan.Effort {
  readonly preset: Preset
}

/** What was found, apart from where it comes from. */
export interface Findings {
  readonly systems: ReadonlyArray<SystemReport>
  readonly failures: ReadonlyArray<Failure>
}

/** Reports that part `at` of the work is done up to `fraction`. */
type OnPart = (at: number, fraction: number) => void

const reasonOf = (cause: Cause.Cause<unknown>): string => {
  const error = Cause.squash(cause)
  // the failure itself says which part of the work it is about
  if (Predicate.hasProperty(error, "reason") && Predicate.isString(error.reason))
    return error.reason
  return error instanceof Error ? error.message : String(error)
}

/** What goes wrong in a part of the reproduction is a result of it, and does not end the others. */
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

/** One experiment. A figure or an expectation that throws is as much a failed run as a case that fails. */
const experimentOn = Effect.fnUntraced(function* (
  { experiment, system }: Found,
  { preset, seed }: Options,
  onFraction: (fraction: number) => void,
) {
  const work = Effect.suspend(() => {
    const configured = experiment.configure(experiment.preset(preset))
    const onCase = (_: unknown, cases: number) => onFraction(cases / configured.count)
    return runExperiment(system, configured, { seed, onCase })
  })
  const result = yield* attempt(system, experiment.id, work)
  onFraction(1)
  return result
})

/** Claims and errata under way at the same time: enough for any pool. */
const atOnce = 64

const verdictsOn = (
  targets: ReadonlyArray<Target>,
  options: Options,
  onRuns: Tally.Tally["onRuns"],
) =>
  Effect.forEach(
    targets,
    (target) => attempt(target.system, idOf(target), verdictOn(target, options, onRuns)),
    { concurrency: atOnce },
  )

/** What belongs to a system, of results in the order of `subjects`. */
const of = <A>(
  system: System,
  subjects: ReadonlyArray<{ readonly system: System }>,
  results: ReadonlyArray<Result.Result<A, Failure>>,
): ReadonlyArray<A> =>
  Array.getSuccesses(results.filter((_, at) => subjects[at]!.system === system))

/**
 * Verifies and runs everything. Experiments start before claims, for one of them can take longer than all claims together.
 *
 * Never fails: an experiment or a verification that does is listed in `failures`.
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
  const fractions = new Float64Array(experiments.length + 1)
  const [results, verdicts] = yield* Progress.track(
    { label: "reproduce", total: fractions.length },
    (meter) => {
      const onPart: OnPart = (at, fraction) => {
        fractions[at] = Math.min(1, fraction)
        const finished = fractions.subarray(1).filter((part) => part === 1).length
        meter.done(fractions.reduce((sum, part) => sum + part, 0))
        meter.note(
          [
            `${finished}/${experiments.length} experiments`,
            `${Math.floor(100 * fractions[0]!)} % of claims`,
            ...(tally.note() === "" ? [] : [tally.note()]),
          ].join(", "),
        )
      }
      return Effect.all(
        [
          Effect.forEach(
            experiments,
            (found, at) => experimentOn(found, options, (fraction) => onPart(at + 1, fraction)),
            { concurrency: "unbounded" },
          ),
          verdictsOn(targets, options, (...runs) => {
            tally.onRuns(...runs)
            onPart(0, tally.done() / tally.total)
          }),
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
