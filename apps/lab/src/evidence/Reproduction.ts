/** Every claim and every experiment of some systems, on one pool of threads. */
import type { Preset } from "@nonconvex/evidence/Experiment"
import type * as Plan from "@nonconvex/evidence/Plan"
import type { ExperimentResult, SystemReport } from "@nonconvex/evidence/Report"
import type { System } from "@nonconvex/evidence/System"
import { CaseFailed } from "@nonconvex/evidence/Experiment"
import type { JobFailure } from "@nonconvex/runner/Job"
import { runExperiment } from "@nonconvex/runner/Run"
import { targetsOf, verify } from "@nonconvex/runner/Verify"
import { Array, Cause, Effect, Result, Stream } from "effect"
import type { Found } from "./Lookup.ts"
import * as Progress from "../cli/Progress.ts"
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

const reasonOf = (cause: Cause.Cause<JobFailure>): string => {
  const error = Cause.squash(cause)
  if (error instanceof CaseFailed) return error.reason
  return error instanceof Error ? error.message : String(error)
}

/** One experiment; what goes wrong in it is a result of the reproduction, and does not end the others. */
const attempt = Effect.fnUntraced(function* (
  { experiment, system }: Found,
  { preset, seed }: Options,
  onFraction: (fraction: number) => void,
) {
  const configured = experiment.configure(experiment.preset(preset))
  const onCase = (_: unknown, cases: number) => onFraction(cases / configured.count)
  const result = yield* runExperiment(system, configured, { seed, onCase }).pipe(
    Effect.map(Result.succeed<ExperimentResult>),
    // A figure or an expectation that throws is as much a failed run as one that fails.
    Effect.catchCause((cause) =>
      Cause.hasInterrupts(cause)
        ? Effect.interrupt
        : Effect.succeed(
            Result.fail({
              system: system.id,
              experiment: experiment.id,
              reason: reasonOf(cause),
            } satisfies Failure),
          ),
    ),
  )
  onFraction(1)
  return result
})

/** The system has a claim or an erratum of this id. */
const states = ({ claims, errata }: System, id: string): boolean =>
  [...claims, ...errata].some((statement) => statement.id === id)

const verdictsOf = (
  systems: ReadonlyArray<System>,
  options: Options,
  tally: Tally.Tally,
  onRuns: () => void,
) =>
  Stream.runCollect(
    verify(systems.flatMap(targetsOf), options, (...runs) => {
      tally.onRuns(...runs)
      onRuns()
    }),
  )

/**
 * Verifies and runs everything. Experiments start before claims, for one of them can take longer than all claims together.
 *
 * Fails only where a thread breaks while it verifies; an experiment that fails is listed in `failures`.
 */
export const run = Effect.fn("Reproduction.run")(function* (
  systems: ReadonlyArray<System>,
  options: Options,
) {
  const experiments = systems.flatMap((system) =>
    system.experiments.map((experiment) => ({ system, experiment })),
  )
  const tally = Tally.make(systems.flatMap(targetsOf), options)
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
            (found, at) => attempt(found, options, (fraction) => onPart(at + 1, fraction)),
            { concurrency: "unbounded" },
          ),
          verdictsOf(systems, options, tally, () => onPart(0, tally.done() / tally.total)),
        ],
        { concurrency: "unbounded" },
      )
    },
  )
  const succeeded = Array.getSuccesses(results)
  return {
    systems: systems.map((system) => ({
      id: system.id,
      title: system.title,
      paper: system.paper,
      verdicts: verdicts.filter(({ id }) => states(system, id)),
      experiments: succeeded.filter(({ id }) => system.experiments.some((each) => each.id === id)),
    })),
    failures: Array.getFailures(results),
  } satisfies Findings
})
