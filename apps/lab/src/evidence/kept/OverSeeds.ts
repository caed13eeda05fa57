/** Evaluates expectations of experiments over several seeds: the one computed now, and those with kept rows. */
import * as Expectation from "@nonconvex/evidence/Expectation"
import type { Experiment } from "@nonconvex/evidence/Experiment"
import type { ExperimentResult } from "@nonconvex/evidence/Report"
import type { System } from "@nonconvex/evidence/System"
import { runExperiment } from "@nonconvex/runner/Run"
import { RunStore } from "@nonconvex/runner/RunStore"
import * as Code from "@nonconvex/runner/node/Code"
import { Array, DateTime, Effect } from "effect"
import type { Findings } from "../Reproduction.ts"
import type { Failure } from "../report/Results.ts"
import * as KeptRows from "./KeptRows.ts"

/** Share of seeds for which an expectation must hold, unless its experiment gives another. */
export const standardShare = 0.9

/** Result evaluated over its own seed and the kept ones. */
export const judged = (
  experiment: Experiment,
  result: ExperimentResult,
  { rows }: KeptRows.KeptRows,
): ExperimentResult => {
  const { evaluate } = experiment.configure(experiment.preset(KeptRows.preset))
  const others = globalThis.Array.from(rows)
    .filter(([seed]) => seed !== result.seed)
    .map(([, some]) => evaluate(some).expectations)
  // a seed that had been seen before an expectation was restated does not count
  const counts = result.seed >= KeptRows.seedsOf(experiment)[0]!
  const { expectations: shown } = result
  const share = experiment.share ?? standardShare
  return {
    ...result,
    expectations: Expectation.overSeeds(shown, [...(counts ? [shown] : []), ...others], share),
  }
}

/** Number of groups of stochastic experiments; one group is checked each day at one seed, and all of them in ninety days. */
const stretches = 10

/** True for the experiment at `place` whose rows are checked on a given day. */
const isOfDay = (place: number, day: number): boolean => place % stretches === day % stretches

/** Index among ten of the seed whose rows are checked on a day; never the first, which is always computed. */
const placeOf = (day: number): number => 1 + (Math.floor(day / stretches) % 9)

/** Spot check: the recomputed rows, and where they differ. */
export interface Checked {
  readonly experiments: number
  readonly failures: ReadonlyArray<Failure>
}

/** Tables of kept rows that were used, and those computed by code with another digest. */
export interface Origins {
  readonly tables: number
  readonly ofOtherCode: number
}

interface Kept {
  readonly system: System
  readonly experiment: Experiment
  readonly kept: KeptRows.KeptRows
}

const refusal = Effect.fnUntraced(function* (
  folder: string,
  { experiment, system }: Omit<Kept, "kept">,
  reason: string,
) {
  const path = yield* KeptRows.fileOf(folder, experiment.id)
  const unusable = new KeptRows.UnusableRows({ path, experiment: experiment.id, reason })
  return { system: system.id, experiment: experiment.id, reason: unusable.message }
})

/** Computes again the rows of one seed of some experiments, by the day, with nothing from a store. */
const spotCheck = Effect.fnUntraced(
  function* (folder: string, all: ReadonlyArray<Kept>) {
    const day = Math.floor(DateTime.toEpochMillis(yield* DateTime.now) / 86_400_000)
    const chosen = all.filter((_, place) => isOfDay(place, day))
    const failures = yield* Effect.forEach(chosen, ({ experiment, kept, system }) =>
      Effect.gen(function* () {
        const seed = KeptRows.seedsOf(experiment)[placeOf(day)]!
        const configured = experiment.configure(kept.config)
        const { rows } = yield* runExperiment(system, configured, { seed })
        const apart = KeptRows.difference(kept.rows.get(seed) ?? [], rows)
        if (apart === undefined) return []
        return [
          yield* refusal(
            folder,
            { experiment, system },
            `is of a different version of the code at seed ${seed}: ${apart}`,
          ),
        ]
      }).pipe(
        Effect.catch(({ message }) =>
          Effect.succeed([{ system: system.id, experiment: experiment.id, reason: message }]),
        ),
      ),
    )
    return { experiments: chosen.length, failures: failures.flat() } satisfies Checked
  },
  Effect.provideService(RunStore, RunStore.defaultValue()),
)

/**
 * Findings at the preset `fast`; each stochastic experiment is evaluated over the seeds whose rows are kept in a folder, if
 * any. Kept rows that differ from the new ones at the same seed are rejected, and their experiment fails.
 */
export const judge = Effect.fn("OverSeeds.judge")(function* (
  folder: string,
  systems: ReadonlyArray<System>,
  findings: Findings,
) {
  const experiments = new Map(
    systems.flatMap((system) =>
      system.experiments.map((experiment) => [experiment.id, { experiment, system }] as const),
    ),
  )
  const usable: Array<Kept> = []
  const failures: Array<Failure> = []
  const over = Effect.fnUntraced(function* (result: ExperimentResult) {
    const found = experiments.get(result.id)!
    if (found.experiment.deterministic !== undefined) return result
    const kept = yield* KeptRows.read(folder, found.experiment)
    if (kept === undefined) return result
    const same = kept.rows.get(result.seed)
    const apart = same === undefined ? undefined : KeptRows.difference(same, result.rows)
    if (apart !== undefined) {
      failures.push(
        yield* refusal(folder, found, `is of a different version of the code: ${apart}`),
      )
      return result
    }
    usable.push({ ...found, kept })
    return judged(found.experiment, result, kept)
  })
  const judgedSystems = yield* Effect.forEach(findings.systems, (system) =>
    Effect.map(
      Effect.forEach(system.experiments, (result) =>
        over(result).pipe(
          Effect.catchTag("UnusableRows", ({ message }) => {
            failures.push({ system: system.id, experiment: result.id, reason: message })
            return Effect.succeed(result)
          }),
        ),
      ),
      (all) => ({ ...system, experiments: all }),
    ),
  )
  const checked = yield* spotCheck(folder, usable)
  const isOfOtherCode = ({ kept, system }: Kept) => kept.code !== Code.digestOf(system)
  return {
    origins: {
      tables: usable.length,
      ofOtherCode: usable.filter(isOfOtherCode).length,
    } satisfies Origins,
    findings: {
      systems: judgedSystems,
      failures: [...findings.failures, ...failures, ...checked.failures],
    } satisfies Findings,
    checked,
  }
})

/** Rows of an experiment at each seed, computed now. */
export const compute = Effect.fn("OverSeeds.compute")(function* (
  system: System,
  experiment: Experiment,
  code: string,
  onSeed: () => void,
) {
  const config = experiment.preset(KeptRows.preset)
  const configured = experiment.configure(config)
  const found = yield* Effect.forEach(KeptRows.seedsOf(experiment), (seed) =>
    Effect.map(runExperiment(system, configured, { seed }), ({ rows }) => {
      onSeed()
      return [seed, rows] as const
    }),
  )
  return {
    experiment: experiment.id,
    config,
    code,
    rows: new Map(found),
  } satisfies KeptRows.KeptRows
})

/** True if every seed has the same rows, so that the experiment should be marked as deterministic. */
export const isFixed = ({ rows }: KeptRows.KeptRows): boolean => {
  const [first = [], ...others] = rows.values()
  return Array.every(others, (each) => KeptRows.difference(first, each) === undefined)
}
