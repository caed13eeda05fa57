/** Comparison of groups: means over seeds with confidence intervals, and tests against the first group, paired by seed. */
import { canonical } from "@nonconvex/runner/RunKey"
import { Schema } from "effect"
import * as Table from "../../cli/TextTable.ts"
import { holm } from "../../statistics/Holm.ts"
import { paired } from "../../statistics/PairedTTest.ts"
import * as Student from "../../statistics/Student.ts"
import { welch } from "../../statistics/WelchTest.ts"
import * as Configuration from "./Configuration.ts"
import * as Groups from "./Groups.ts"

/** One group; means are over its runs whose metric is finite. */
export const GroupSummary = Schema.Struct({
  label: Schema.String,
  /** Values of all runs, in order; a run without a finite number has its text instead. */
  runs: Schema.Array(Schema.String),
  seeds: Schema.Array(Schema.Int),
  values: Schema.Array(Schema.Number),
  /** Number of finite values in the mean. */
  count: Schema.Int,
  mean: Schema.Number,
  sd: Schema.Number,
  low: Schema.Number,
  high: Schema.Number,
  /** Runs whose metric is not finite, and why. */
  without: Schema.Array(Schema.Struct({ run: Schema.String, reason: Schema.String })),
})
export type GroupSummary = typeof GroupSummary.Type

/** One group compared with the first. */
export const Contrast = Schema.Struct({
  label: Schema.String,
  against: Schema.String,
  /** Absent if nothing can be tested; `reason` says why, and why no pairing was used. */
  test: Schema.optionalKey(Schema.String),
  reason: Schema.optionalKey(Schema.String),
  /** Pairs of a paired test; 0 for other tests. */
  pairs: Schema.Int,
  /** Mean of this group minus that of the first, over the pairs if there are any. */
  difference: Schema.Number,
  low: Schema.Number,
  high: Schema.Number,
  p: Schema.Number,
  /** After Holm, over all tests of this comparison. */
  adjusted: Schema.Number,
})
export type Contrast = typeof Contrast.Type

export const Compared = Schema.Struct({
  /** Absent where only configurations are compared, and then numbers are NaN. */
  metric: Schema.optionalKey(Schema.String),
  /** Settings in which the runs differ, except their seeds. */
  differs: Schema.Array(Groups.Differing),
  groups: Schema.Array(GroupSummary),
  contrasts: Schema.Array(Contrast),
  /** Notes on other differences, and cautions for the reader. */
  notes: Schema.Array(Schema.String),
})
export type Compared = typeof Compared.Type

const isNumber = ({ measured }: Groups.Trial): boolean => Number.isFinite(measured.value)

/** Summarises a group. */
export const summary = ({ label, trials }: Groups.Group): GroupSummary => {
  const values = trials.map(({ measured }) => measured.value)
  return {
    label,
    runs: trials.map(({ run }) => run.id),
    seeds: trials.map(({ run }) => run.key.seed),
    values,
    ...Student.sample(values.filter(Number.isFinite)),
    without: trials
      .filter((trial) => !isNumber(trial))
      .map(({ measured, run }) => ({
        run: run.id,
        reason: measured.note ?? String(measured.value),
      })),
  }
}

/** Key that two runs of a pair share: the seed, and the settings that vary within groups. */
const keyOf =
  (inside: ReadonlyArray<string>) =>
  ({ run: { key } }: Groups.Trial): string =>
    canonical([
      key.seed,
      ...inside.map((name) => Configuration.settingOf(key.config, name) ?? null),
    ])

/** Values of trials by their pairing key; undefined if two trials share a key. */
const keyed = (
  trials: ReadonlyArray<Groups.Trial>,
  key: (trial: Groups.Trial) => string,
): ReadonlyMap<string, number> | undefined => {
  const found = new Map(trials.map((trial) => [key(trial), trial.measured.value]))
  return found.size === trials.length ? found : undefined
}

/** Paired values of two groups; undefined if the pairing is ambiguous. */
const pairsOf = (
  [first, second]: readonly [ReadonlyArray<Groups.Trial>, ReadonlyArray<Groups.Trial>],
  inside: ReadonlyArray<string>,
): ReadonlyArray<readonly [first: number, second: number]> | undefined => {
  const key = keyOf(inside)
  const [a, b] = [keyed(first, key), keyed(second, key)]
  if (a === undefined || b === undefined) return undefined
  return [...a].flatMap(([name, value]) => {
    const other = b.get(name)
    return other === undefined ? [] : [[value, other] as const]
  })
}

type Tested = Omit<Contrast, "adjusted" | "against" | "label">

/** The test of numbers against others: paired where at least half of the smaller group is. */
const tested = (
  first: ReadonlyArray<Groups.Trial>,
  second: ReadonlyArray<Groups.Trial>,
  inside: ReadonlyArray<string>,
): Tested => {
  const basis = ["seed", ...inside].join(" and ")
  const fewer = Math.min(first.length, second.length)
  const pairs = pairsOf([first, second], inside)
  if (pairs !== undefined && pairs.length >= 2 && 2 * pairs.length >= fewer) {
    const { high, low, mean, p, test } = paired(
      pairs.map(([value]) => value),
      pairs.map(([, value]) => value),
    )
    const left = first.length + second.length - 2 * pairs.length
    const reasons = [
      ...(left === 0 ? [] : [`${Table.plural(left, "run")} without a partner omitted`]),
      ...(Number.isNaN(p)
        ? ["all pairs differ by the same amount, so there is no variance to test"]
        : []),
    ]
    return {
      test: `${test}, by ${basis}`,
      ...(reasons.length === 0 ? {} : { reason: reasons.join("; ") }),
      pairs: pairs.length,
      difference: mean,
      low,
      high,
      p,
    }
  }
  const valuesOf = (trials: ReadonlyArray<Groups.Trial>) =>
    trials.map(({ measured }) => measured.value)
  const { high, low, mean, p, test } = welch(valuesOf(first), valuesOf(second))
  if (fewer < 2) {
    const reason =
      fewer === 0 ? "a group has no number" : "a single seed gives no confidence interval"
    return { reason, pairs: 0, difference: mean, low, high, p }
  }
  const reason =
    pairs === undefined
      ? `not paired: a group has two runs with the same ${basis}`
      : `not paired: ${pairs.length} of ${fewer} share their ${basis}`
  return { test, reason, pairs: 0, difference: mean, low, high, p }
}

/** Parts of the key, other than settings, that change results. */
const suspicious: Readonly<Record<string, string>> = {
  experiment: "belong to several experiments",
  kernels: "used several kernels",
  code: "used several versions of the code",
  data: "used several data sets",
}

/** Possible reasons for different numbers, in words. */
export const cautions = (differs: ReadonlyArray<Groups.Differing>): ReadonlyArray<string> =>
  differs.flatMap(({ name, values }) =>
    Object.hasOwn(suspicious, name)
      ? [
          `the runs ${suspicious[name]!}: ${[...new Set(values.flat())].map((value) => (value === "" ? "none" : value)).join(", ")}`,
        ]
      : [],
  )

const noteOn = (groups: ReadonlyArray<GroupSummary>): ReadonlyArray<string> => [
  ...groups.flatMap(({ count, label, without }) => {
    const [first] = without
    if (first === undefined) return []
    const those = count === 0 ? "no run" : `${without.length} of ${count + without.length} runs`
    const have = count === 0 ? "has a" : "have no"
    const rest = count === 0 ? "" : ", so its mean is over the others"
    return [
      `${those} of ${label} ${have} finite number (${first.run.slice(0, 8)}: ${first.reason})${rest}`,
    ]
  }),
  ...(groups.length > 0 && groups.every(({ count }) => count === 1)
    ? ["each group has a single seed, so no confidence interval can be computed; run more seeds"]
    : []),
  ...(groups.some(({ count, sd }) => count > 1 && sd === 0)
    ? [
        "a group has the same value for all seeds: the seed has no effect there, or the metric does not show it",
      ]
    : []),
]

/** Compares groups with the first one by the metric of each run; without a metric, by their configurations only. */
export const compare = (
  metric: string | undefined,
  groups: ReadonlyArray<Groups.Group>,
  notes: ReadonlyArray<string> = [],
): Compared => {
  const differs = Groups.differing(groups)
  const summaries = groups.map(summary)
  if (metric === undefined) {
    const none = summaries.map((each) => ({ ...each, without: [] }))
    return { differs, groups: none, contrasts: [], notes: [...notes, ...cautions(differs)] }
  }
  const [first, ...others] = groups
  const inside = Groups.varyingInside(groups)
  const found =
    first === undefined
      ? []
      : others.map((group) => ({
          label: group.label,
          against: first.label,
          ...tested(first.trials.filter(isNumber), group.trials.filter(isNumber), inside),
        }))
  const adjusted = holm(found.map(({ p }) => p))
  return {
    metric,
    differs,
    groups: summaries,
    contrasts: found.map((each, at) => ({ ...each, adjusted: adjusted[at]! })),
    notes: [
      ...notes,
      ...cautions(differs),
      ...(inside.length > 0
        ? [`runs within one group also differ in ${inside.join(" and ")}`]
        : []),
      ...noteOn(summaries),
    ],
  }
}
