/** The files of the pages of performance: the stored runs, the reasons, both pages and the figure. */
import { execFileSync } from "node:child_process"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { cpus } from "node:os"
import { join } from "node:path"
import * as Bars from "./Bars.ts"
import type { Limits } from "./Ceiling.ts"
import { pointsOf, svg } from "./Figure.ts"
import type { CaseResult, Effort } from "./Measure.ts"
import { compares, type Kept, lineOf, type Runs, tables } from "./Performance.ts"
import { nameOf, page } from "./Summary.ts"

const root = join(import.meta.dirname, "../../..")
const record = join(import.meta.dirname, "../performance.json")
const reasonsFile = join(import.meta.dirname, "../reasons.json")

export const pageFile = join(root, "docs/performance.md")
export const tablesFile = join(root, "docs/performance-table.md")

/** What is kept of the last runs, by workload. */
export const read = (): Runs =>
  existsSync(record) ? (JSON.parse(readFileSync(record, "utf8")) as Runs) : {}

/** Why work is behind, by its name. */
export const reasons = (): Readonly<Record<string, string>> =>
  JSON.parse(readFileSync(reasonsFile, "utf8")) as Readonly<Record<string, string>>

interface Run {
  readonly cpu: string
  /** By workload. */
  readonly versions: Readonly<Record<string, Kept["versions"]>>
  readonly effort: Effort
  readonly results: ReadonlyArray<CaseResult>
  readonly verdicts: ReadonlyArray<Bars.Verdict>
  readonly limits: Limits
  readonly taken?: number
}

/** What is kept of a run, by workload. */
export const kept = ({ cpu, effort, limits, results, taken, verdicts, versions }: Run): Runs => {
  const date = new Date().toISOString().slice(0, 10)
  const { rounds } = effort
  const whole = {
    date,
    processor: cpu,
    threads: cpus().length,
    rounds,
    ...(taken !== undefined && { taken: Number(taken.toPrecision(2)) }),
    limits,
  }
  return Object.fromEntries(
    [...new Set(results.map(({ workload }) => workload))].map((name) => [
      name,
      {
        ...whole,
        versions: versions[name] ?? {},
        lines: results
          .filter(({ workload }) => workload === name)
          .flatMap((result) => lineOf(result, verdicts) ?? []),
      },
    ]),
  )
}

const format = (files: ReadonlyArray<string>): void => {
  execFileSync(join(root, "node_modules/.bin/oxfmt"), files)
}

export const pictureFile = join(root, "docs/performance.svg")

/** The figure of the stored runs. */
export const picture = (runs: Runs): Promise<string> => {
  const compared = Object.entries(runs).map(
    ([workload, run]) => [workload, { ...run, lines: run.lines.filter(compares) }] as const,
  )
  return svg(pointsOf(Object.fromEntries(compared), nameOf))
}

/** Writes both pages and their figure from the stored runs; returns the files of the pages. */
export const render = async (): Promise<ReadonlyArray<string>> => {
  const runs = read()
  writeFileSync(pageFile, page(runs))
  writeFileSync(tablesFile, tables(runs, reasons()))
  writeFileSync(pictureFile, await picture(runs))
  format([pageFile, tablesFile])
  return [pageFile, tablesFile]
}

/** Stores the runs and the bars, and writes the pages from them. */
export const write = (all: Runs, bars: ReadonlyArray<Bars.Bar>): Promise<ReadonlyArray<string>> => {
  const sorted = Object.fromEntries(Object.entries(all).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  writeFileSync(record, JSON.stringify(sorted, undefined, 2))
  // one a line where it fits
  writeFileSync(Bars.file, `[${bars.map((bar) => JSON.stringify(bar)).join(",\n")}]`)
  format([record, Bars.file])
  return render()
}
