/** Kept runs as text. */
import type { Difference, KeptRun, Provenance } from "@nonconvex/store/Runs"
import type { Paint } from "../../cli/Paint.ts"
import * as Table from "../../cli/TextTable.ts"
import * as Summary from "../report/Summary.ts"
import * as Verdicts from "../Verdicts.ts"
import * as Configuration from "./Configuration.ts"

/** Digits of an id that are shown, and more where two of the runs share them. */
const fewest = 8

/** Shortest prefixes of the ids that distinguish them. */
export const shortIds = (ids: ReadonlyArray<string>): ((id: string) => string) => {
  const sorted = [...new Set(ids)].toSorted()
  const shared = (a: string, b: string): number => {
    let at = 0
    while (at < a.length && a[at] === b[at]) at++
    return at
  }
  const longest = sorted.reduce(
    (most, id, at) => (at === 0 ? most : Math.max(most, shared(sorted[at - 1]!, id) + 1)),
    fewest,
  )
  return (id) => id.slice(0, longest)
}

/** `2026-11-27 08:30`, in coordinated universal time. */
export const time = (iso: string): string => iso.slice(0, 16).replace("T", " ")

/** Status of a run: `done`, the verdict on a statement, the number of failed expectations and regressions, or its progress. */
export const standing = ({ kept, outcome, parts, status }: KeptRun): string => {
  if (status === "unfinished") return `${kept} of ${parts}`
  if (outcome?._tag === "Judged") return Verdicts.words[outcome.verdict._tag]
  if (outcome?._tag !== "Shown") return status
  const { expectations, expected, regressions, unchanged } = Summary.ofExpectations(
    outcome.expectations,
  )
  const failing = [
    [expectations - expected, expectations, "expectation"],
    [regressions - unchanged, regressions, "regression"],
  ] as const
  const told = failing.flatMap(([few, all, what]) =>
    few === 0 ? [] : [`${few} of ${Table.plural(all, what)} FAIL`],
  )
  return told.length === 0 ? status : told.join(", ")
}

/** Settings that differ among the runs of each subject. */
const differing = (runs: ReadonlyArray<KeptRun>): ((run: KeptRun) => string) => {
  const bySubject = new Map<string, Array<KeptRun>>()
  for (const run of runs) {
    const known = bySubject.get(run.key.subject)
    if (known === undefined) bySubject.set(run.key.subject, [run])
    else known.push(run)
  }
  const names = new Map(
    Array.from(bySubject, ([subject, each]) => [
      subject,
      Configuration.varying(each.map(({ key }) => key.config)),
    ]),
  )
  return ({ key }) => Configuration.render(key.config, names.get(key.subject)!)
}

const widest = 60

const clipped = (text: string): string =>
  text.length > widest ? `${text.slice(0, widest - 1)}…` : text

/** Rows of a table of runs, with the settings that differ within an experiment, and the kernels if they differ. */
export const cells = (
  runs: ReadonlyArray<KeptRun>,
): {
  readonly header: ReadonlyArray<string>
  readonly rows: ReadonlyArray<ReadonlyArray<string>>
} => {
  const short = shortIds(runs.map(({ id }) => id))
  const settings = differing(runs)
  const kernels = new Set(runs.map(({ key }) => key.kernels)).size > 1
  const codes = new Set(runs.map(({ key }) => key.code.slice(0, 4))).size > 1
  const columns: ReadonlyArray<readonly [string, (run: KeptRun) => string]> = [
    ["run", ({ id }) => short(id)],
    ["of", ({ key }) => key.subject],
    ["differs in", (run) => clipped(settings(run))],
    ["seed", ({ key }) => String(key.seed)],
    ...(kernels ? [["kernels", ({ key }: KeptRun) => key.kernels] as const] : []),
    ...(codes ? [["code", ({ key }: KeptRun) => key.code.slice(0, 4)] as const] : []),
    ["status", standing],
    ["parts", ({ parts }) => Table.count(parts)],
    ["time", ({ seconds }) => Table.duration(seconds)],
    ["when", ({ startedAt }) => time(startedAt)],
  ]
  const shown = columns.filter(([, of]) => runs.some((run) => of(run) !== ""))
  return {
    header: shown.map(([name]) => name),
    rows: runs.map((run) => shown.map(([, of]) => of(run))),
  }
}

/** The same for a person at a terminal. */
export const table = (runs: ReadonlyArray<KeptRun>): string => {
  const { header, rows } = cells(runs)
  return Table.render(header, rows)
}

/** Provenance of a computation: machine, processor, Node version, and the commit if known. */
export const by = ({ commit, cpu, host, node, platform }: Provenance): string =>
  [
    `${host} (${cpu}, ${platform}, node ${node})`,
    ...(commit === undefined
      ? []
      : [`commit ${commit.hash.slice(0, 12)}${commit.dirty ? " with changes" : ""}`]),
  ].join(", ")

/** Repeated computations whose results differ in some bits, two lines each. */
export const differences = (paint: Paint, found: ReadonlyArray<Difference>): string => {
  const short = shortIds(found.map(({ run }) => run))
  return [
    paint.bad(
      `${Table.plural(found.length, "part")} recomputed with DIFFERENT BITS: the same computation gave another result`,
    ),
    ...found.flatMap(({ at, found: other, foundBy, kept, keptBy, part, place, run }) => [
      `${short(run)} part ${part}${place === "" ? "" : `, ${place}`}, ${time(at)}`,
      `  ${kept} by ${by(keptBy)}`,
      `  ${other} by ${by(foundBy)}`,
    ]),
  ].join("\n")
}
