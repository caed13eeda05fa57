/** A sweep for a person at a terminal. */
import { Array, type Schema } from "effect"
import type { Paint } from "../../cli/Paint.ts"
import * as Table from "../../cli/TextTable.ts"
import type { Candidate, SweepReport, TrialReport } from "./SweepReport.ts"

const cell = (value: Schema.Json | undefined): string => {
  if (typeof value === "number") return Table.number(value)
  return typeof value === "string" ? value : JSON.stringify(value ?? "")
}

const namesOf = (
  trials: ReadonlyArray<{ readonly settings: TrialReport["settings"] }>,
): ReadonlyArray<string> => Object.keys(trials[0]?.settings ?? {})

const status = (paint: Paint, { note, status: word }: TrialReport): string => {
  if (word === "failed") return paint.bad("FAILED")
  if (word === "pruned") return paint.dim(word)
  const said = word === "reused" ? paint.dim(word) : paint.good(word)
  return note === undefined ? said : `${said}, ${note}`
}

/** Trials before they run: their settings and seeds. */
export const planned = (
  trials: ReadonlyArray<Pick<TrialReport, "settings" | "seed">>,
): ReadonlyArray<string> => {
  const names = namesOf(trials)
  return Table.clipped(
    [...names, "seed"],
    trials,
    ({ seed, settings }) => [...names.map((name) => cell(settings[name])), String(seed)],
    { what: "trial", where: "--json has all" },
  )
}

const held = (counted: TrialReport["expectations"]): string =>
  counted === undefined ? "" : `${counted.held} of ${counted.of}`

/** Maximum length of a metric as the heading of a column. */
const longest = 20

const trialsTable = (paint: Paint, { sweep, trials }: SweepReport): ReadonlyArray<string> => {
  const names = namesOf(trials)
  const { metric } = sweep
  const counted = (["expectations", "regressions"] as const).filter((what) =>
    trials.some((trial) => (trial[what]?.of ?? 0) > 0),
  )
  const write = Table.numbersOf(trials.flatMap((each) => each.metric ?? []))
  const cells = (trial: TrialReport) => [
    ...names.map((name) => cell(trial.settings[name])),
    String(trial.seed),
    ...(metric === undefined ? [] : [trial.metric === undefined ? "" : write(trial.metric)]),
    ...counted.map((what) => held(trial[what])),
    trial.seconds === undefined ? "" : Table.duration(trial.seconds),
    status(paint, trial),
  ]
  const header = [
    ...names,
    "seed",
    ...(metric === undefined ? [] : [metric.length > longest ? "metric" : metric]),
    ...counted,
    "time",
    "",
  ]
  return Table.clipped(header, trials, cells, { what: "trial", where: "--json has all" })
}

const candidatesTable = ({ candidates, sweep }: SweepReport): ReadonlyArray<string> => {
  if (candidates.length < 2 && (candidates[0]?.seeds ?? 0) < 2) return []
  const names = namesOf(candidates)
  const write = Table.numbersOf(candidates.map(({ mean }) => mean))
  const cells = ({ mean, sd, seeds, settings }: Candidate) => [
    ...names.map((name) => cell(settings[name])),
    write(mean),
    sd === undefined ? "" : Table.margin(sd),
    String(seeds),
  ]
  const header = [...names, "mean", "sd", "seeds"]
  const where = { what: "configuration", where: "--json has all" }
  return [
    `best first: ${sweep.goal === "least" ? "smallest" : "largest"} ${sweep.metric}`,
    ...Table.clipped(header, candidates, cells, where),
    "",
  ]
}

/** Reasons for failed trials, each once with its trials. */
export const failures = ({ trials }: SweepReport): ReadonlyArray<string> => {
  const failed = trials.filter(({ status: word }) => word === "failed")
  const groups = Array.groupBy(failed, ({ reason = "" }) => reason)
  return Object.entries(groups).map(([reason, group]) => {
    const [first] = group
    const settings = Object.entries(first.settings).map(([name, value]) => `${name}=${cell(value)}`)
    const named = [...settings, `seed ${first.seed}`].join(", ")
    const others = group.length === 1 ? "" : ` and ${Table.plural(group.length - 1, "other")}`
    return `${reason} (${named}${others})`
  })
}

/** The trials, the configurations by their metric, and the totals. */
export const render = (paint: Paint, report: SweepReport): string => {
  const { failed, id, pruned = 0, reused, shard, sweep, trials } = report
  const seconds = trials.reduce(
    (sum, each) => sum + (each.status === "done" ? (each.seconds ?? 0) : 0),
    0,
  )
  const done = trials.length - failed - pruned - reused
  return [
    sweep.program?.command ?? `${sweep.experiment}, preset ${sweep.preset}`,
    "",
    ...trialsTable(paint, report),
    "",
    ...candidatesTable(report),
    ...failures(report).map((line) => `${paint.bad("FAILED")}  ${line}`),
    `${Table.plural(trials.length, "trial")}: ${Table.count(done)} computed in ${Table.duration(seconds)}, ${Table.count(reused)} reused, ${Table.count(failed)} failed${pruned === 0 ? "" : `, ${Table.count(pruned)} pruned`}`,
    paint.dim(
      `${shard === undefined ? "" : `shard ${shard.shard} of ${shard.shards} of `}sweep ${id.slice(0, 12)}`,
    ),
  ].join("\n")
}
