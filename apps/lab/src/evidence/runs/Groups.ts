/** Runs that are compared, in groups, each with its metric. */
import type { KeptRun } from "@nonconvex/store/Runs"
import { canonical } from "@nonconvex/runner/RunKey"
import { Schema } from "effect"
import * as Table from "../../cli/TextTable.ts"
import type { Value } from "./Clause.ts"
import * as Configuration from "./Configuration.ts"
import type { Measured } from "./Metric.ts"
import * as RunFilter from "./RunFilter.ts"

/** A run with its metric. */
export interface Trial {
  readonly run: KeptRun
  readonly measured: Measured
}

export interface Group {
  readonly label: string
  readonly trials: ReadonlyArray<Trial>
}

const configOf = ({ run }: Trial) => run.key.config

/** Orders numbers numerically and texts alphabetically; missing values come first. */
const inOrder = (
  [a]: readonly [Value | undefined, unknown],
  [b]: readonly [Value | undefined, unknown],
): number => {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined)
  if (typeof a === "number" && typeof b === "number") return a - b
  return String(a) < String(b) ? -1 : 1
}

/**
 * Groups of equal values of the named settings or fields, in the order of the values; one group if none is named. A label is
 * `radius=0.1, steps=100`.
 */
export const by = (
  names: ReadonlyArray<string>,
  trials: ReadonlyArray<Trial>,
): ReadonlyArray<Group> => {
  const [name, ...others] = names
  if (name === undefined) return trials.length === 0 ? [] : [{ label: "all runs", trials }]
  const groups = new Map<Value | undefined, Array<Trial>>()
  for (const trial of trials) {
    const value = RunFilter.valueOf(trial.run, name)
    const known = groups.get(value)
    if (known === undefined) groups.set(value, [trial])
    else known.push(trial)
  }
  return [...groups].toSorted(inOrder).flatMap(([value, inside]) => {
    const label = value === undefined ? `no ${name}` : `${name}=${value}`
    if (others.length === 0) return [{ label, trials: inside }]
    return by(others, inside).map((group) => ({ ...group, label: `${label}, ${group.label}` }))
  })
}

/**
 * Trials without superseded ones: those repeated later with the same configuration, seed, kernels and data by another
 * version of the code. Otherwise a seed that was run before and after a change would count twice. `trials` are sorted,
 * oldest first.
 */
export const latest = (trials: ReadonlyArray<Trial>): ReadonlyArray<Trial> => {
  const last = new Map(
    trials.map((trial) => {
      const { config, data = null, kernels, seed, subject } = trial.run.key
      return [canonical([subject, config, seed, kernels, data]), trial]
    }),
  )
  const kept = new Set(last.values())
  return trials.filter((trial) => kept.has(trial))
}

/** Note on the runs that `latest` omits. */
export const superseded = (count: number): ReadonlyArray<string> =>
  count === 0
    ? []
    : [
        `${Table.plural(count, "run")} of earlier versions of the code omitted, since later ones exist`,
      ]

/** Settings in which runs of the same group differ. */
export const varyingInside = (groups: ReadonlyArray<Group>): ReadonlyArray<string> => [
  ...new Set(groups.flatMap(({ trials }) => Configuration.varying(trials.map(configOf)))),
]

/** Setting, or another part of the key, in which runs differ, with its values in each group. */
export const Differing = Schema.Struct({
  name: Schema.String,
  values: Schema.Array(Schema.Array(Schema.String)),
})
export type Differing = typeof Differing.Type

/** Inputs other than settings that determine the result of a run and that a user can choose. */
const parts = ["experiment", "claim", "erratum", "kernels", "code", "data"] as const

/** All parts in which two runs differ, except their seeds, with the values of each group. */
export const differing = (groups: ReadonlyArray<Group>): ReadonlyArray<Differing> => {
  const all = groups.flatMap(({ trials }) => trials)
  const other = parts.filter(
    (name) => new Set(all.map(({ run }) => RunFilter.valueOf(run, name))).size > 1,
  )
  return [...other, ...Configuration.varying(all.map(configOf))].map((name) => ({
    name,
    values: groups.map(({ trials }) => [
      ...new Set(
        trials.map(({ run }) => {
          const value = String(RunFilter.valueOf(run, name) ?? "")
          return name === "code" || name === "data" ? value.slice(0, 8) : value
        }),
      ),
    ]),
  }))
}
