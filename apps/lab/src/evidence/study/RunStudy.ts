/** Runs a study: its sweep through the program's store, and the stored result. */
import type { DataRead } from "@nonconvex/datasets/Datasets"
import type { Row } from "@nonconvex/evidence/Experiment"
import type { ExperimentResult } from "@nonconvex/evidence/Report"
import type { KernelsName } from "@nonconvex/runner/Capabilities"
import * as Code from "@nonconvex/runner/node/Code"
import * as RunSweep from "@nonconvex/runner/sweep/RunSweep"
import * as Sweep from "@nonconvex/runner/sweep/Sweep"
import { Runs } from "@nonconvex/store/Runs"
import { DateTime, Effect, Option, type Schema } from "effect"
import { RunFailed } from "../../cli/Failure.ts"
import * as Programs from "../program/Programs.ts"
import * as Provenance from "../report/Provenance.ts"
import * as TrialProgress from "../sweep/TrialProgress.ts"
import { NotRegistered } from "./RegistrationProof.ts"
import type * as StoredResult from "./StoredResult.ts"
import type { Study } from "./Study.ts"

/** Maximum number of trials of a study, so that others can rerun it. */
const limit = 100_000

/**
 * The sweep of a study over its experiment or program. Fails as `RunSweep.prepare` does, and with `NotFound` or
 * `UnusableProgram`.
 */
export const prepare = Effect.fnUntraced(function* ({ sweep }: Pick<Study, "sweep">) {
  const { experiment, system } = yield* Programs.subjectOf(sweep)
  return yield* RunSweep.prepare(system, experiment, sweep, limit)
})

/** The settings that all trials share. */
export const baseOf = ({ candidates, sweep }: RunSweep.PreparedSweep): Schema.JsonObject => {
  const whole = candidates[0]!.configs[0] as Schema.JsonObject
  return Object.fromEntries(Object.entries(whole).filter(([name]) => !(name in sweep.vary)))
}

/** Start time of the first stored trial of a sweep; undefined if none is stored. */
const firstKept = Effect.fnUntraced(function* (sweep: string) {
  const runs = Option.getOrUndefined(yield* Effect.serviceOption(Runs))
  if (runs === undefined) return undefined
  return (yield* runs.list({ sweep })).map(({ startedAt }) => startedAt).toSorted()[0]
})

interface Measured {
  readonly rows: ReadonlyArray<Row>
  readonly data: ReadonlyArray<DataRead>
}

const measuring: TrialProgress.Measuring<Measured, never> = {
  measure: ({ data = [], rows }: ExperimentResult) => Effect.succeed({ rows, data }),
  score: () => Number.NaN,
}

/** Cells in the order of the columns, since rows of one table may list them in another order. */
export const arranged = (row: Row, columns: ReadonlyArray<string>): Row =>
  Object.fromEntries(
    columns.flatMap((name) => {
      const value = row[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )

/**
 * Runs a study or resumes it; trials in the program's store are reused. Fails with `RunFailed` if a trial fails, because a
 * study with missing trials is not the registered one. Fails with `NotRegistered` if a stored trial was computed before the
 * registration.
 */
export const run = Effect.fn("RunStudy.run")(function* (
  study: Study,
  registration: StoredResult.Registration,
  { fresh, kernels }: { readonly fresh: boolean; readonly kernels: KernelsName },
) {
  const prepared = yield* prepare(study)
  const now = DateTime.formatIso(yield* DateTime.now)
  const { commit, cpu, node, platform } = yield* Provenance.here()
  const code = Code.digestOf(prepared.system)
  const id = yield* Sweep.idOf(study.sweep)
  const { ended } = yield* TrialProgress.run(prepared, id, measuring, fresh)
  const startedAt = (fresh ? undefined : yield* firstKept(id)) ?? now
  if (Date.parse(startedAt) <= Date.parse(registration.time)) {
    const reason = `a saved trial was started at ${startedAt}, before the registration at ${registration.time}; --fresh recomputes all`
    return yield* new NotRegistered({ study: study.name, reason })
  }
  const failed = ended.flatMap((each) => (each._tag === "Failed" ? [each.reason] : []))
  if (failed.length > 0) {
    const reason = `${failed.length} of ${ended.length} trials failed: ${failed[0]}`
    return yield* new RunFailed({ reasons: [reason] })
  }
  const done = ended.flatMap((each) => (each._tag === "Done" ? [each] : []))
  const columns = [
    ...new Set(done.flatMap(({ measured }) => measured.rows.flatMap((row) => Object.keys(row)))),
  ]
  const read = new Map(
    done.flatMap(({ measured }) => measured.data.map((each) => [each.digest, each] as const)),
  )
  return {
    provenance: {
      format: 1,
      study: study.name,
      sweep: study.sweep,
      base: baseOf(prepared),
      registration,
      settings: Object.keys(study.sweep.vary),
      columns,
      trials: done.length,
      kernels,
      data: [...read.values()],
      ...(code === undefined ? {} : { code }),
      ...(commit === undefined ? {} : { commit }),
      node,
      platform,
      cpu,
      startedAt,
      seconds: done.reduce((sum, { seconds }) => sum + seconds, 0),
    },
    trials: done.map(({ measured, seed, settings }) => ({
      settings,
      seed,
      rows: measured.rows.map((row) => arranged(row, columns)),
    })),
  } satisfies StoredResult.Stored
})
