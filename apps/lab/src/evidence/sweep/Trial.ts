/** Measurements of the trials of a sweep, and their comparison. */
import type { ExperimentResult } from "@nonconvex/evidence/Report"
import { mean } from "@nonconvex/evidence/Summary"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Seam from "@nonconvex/numerics/Seam"
import { canonical } from "@nonconvex/runner/RunKey"
import type { EndedTrial } from "@nonconvex/runner/sweep/RunSweep"
import type { Sweep } from "@nonconvex/runner/sweep/Sweep"
import { Array, Effect } from "effect"
import { BadExpression } from "../runs/Clause.ts"
import { isPruning } from "../program/MedianPruner.ts"
import * as Summary from "../report/Summary.ts"
import * as Metric from "../runs/Metric.ts"
import type { Candidate, TrialReport } from "./SweepReport.ts"

/** Measured result of a stored trial. */
export interface Measured extends Pick<TrialReport, "metric" | "note" | "regressions"> {
  readonly expectations: { readonly held: number; readonly of: number }
}

/** The metric of a sweep, if any. Fails with `BadExpression`. */
export const metricOf = ({
  metric,
}: Sweep): Effect.Effect<Metric.Metric | undefined, BadExpression> =>
  metric === undefined
    ? Effect.succeed(undefined)
    : Seam.attempt([BadExpression], () => Metric.parse(metric))

/** Fails with `BadExpression` if the rows lack a column of the metric. */
export const measure = (
  metric: Metric.Metric | undefined,
  { expectations, rows }: ExperimentResult,
): Effect.Effect<Measured, BadExpression> => {
  const counted = Summary.ofExpectations(expectations)
  const shown = {
    expectations: { held: counted.expected, of: counted.expectations },
    ...(counted.regressions > 0 && {
      regressions: { held: counted.unchanged, of: counted.regressions },
    }),
  }
  if (metric === undefined) return Effect.succeed(shown)
  return Effect.map(
    Seam.attempt([BadExpression], () => Metric.evaluate(metric, rows)),
    ({ note, value }) => ({ ...shown, metric: value, ...(note === undefined ? {} : { note }) }),
  )
}

/** Report of a trial. */
export const report = (
  ended: EndedTrial<Measured>,
  run: string | undefined,
  isReused: boolean,
): TrialReport => ({
  ...(run === undefined ? {} : { run }),
  settings: ended.settings,
  seed: ended.seed,
  ...(ended._tag === "Failed"
    ? { status: isPruning(ended.reason) ? "pruned" : "failed", reason: ended.reason }
    : { status: isReused ? "reused" : "done", ...ended.measured, seconds: ended.seconds }),
})

const spreadOf = (values: ReadonlyArray<number>): Pick<Candidate, "sd"> => {
  if (values.length < 2) return {}
  const centre = mean(values)
  const squares = values.reduce((sum, value) => sum + Elementary.square(value - centre), 0)
  return { sd: Math.sqrt(squares / (values.length - 1)) }
}

/**
 * Configurations of trials by the mean of their metric, best first; those without a number come last, and those with a pruned
 * trial are left out.
 */
export const candidates = (
  trials: ReadonlyArray<TrialReport>,
  goal: Sweep["goal"],
): ReadonlyArray<Candidate> => {
  const groups = Array.groupBy(trials, ({ settings }) => canonical(settings))
  const sign = goal === "least" ? 1 : -1
  const cost = ({ mean: value }: Candidate) => (Number.isNaN(value) ? Infinity : sign * value)
  return Object.values(groups)
    .filter((group) => group.every(({ status }) => status !== "pruned"))
    .map((group): Candidate => {
      const values = group.flatMap(({ metric }) =>
        metric === undefined || Number.isNaN(metric) ? [] : [metric],
      )
      return {
        settings: group[0].settings,
        seeds: values.length,
        mean: mean(values),
        ...spreadOf(values),
      }
    })
    .toSorted((a, b) => (cost(a) === cost(b) ? 0 : cost(a) < cost(b) ? -1 : 1))
}
