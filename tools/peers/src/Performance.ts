/** What is kept of a run for `docs/performance.md`, and the page that it makes. */
import { type Bar, quickest, type Verdict } from "./Bars.ts"
import { type Ceilings, secondsAtCeiling } from "./Ceiling.ts"
import { type CaseResult, speed } from "./Measure.ts"
import { time } from "./Report.ts"

interface Peer {
  readonly name: string
  /** The median of a run. */
  readonly seconds: number
  /** Its time over ours, the median over rounds: above 1, ours is faster. */
  readonly speed: number
}

/** One case. */
export interface Line {
  readonly work: string
  /** The fastest of ours. */
  readonly ours: { readonly name: string; readonly seconds: number }
  readonly peers: ReadonlyArray<Peer>
  /** Of the ceiling of 128-bit vectors of the same run, where the case has one. */
  readonly share?: number
  readonly bars: ReadonlyArray<Pick<Verdict, "bar" | "status" | "value">>
}

/** The last run of a workload. */
export interface Kept {
  /** Day of the run, as `2026-01-31`. */
  readonly date: string
  readonly processor: string
  readonly threads: number
  readonly rounds: number
  readonly versions: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly lines: ReadonlyArray<Line>
}

/** By the name of the workload. */
export type Runs = Readonly<Record<string, Kept>>

/** What is kept of a case; undefined where nothing of ours was timed. */
export const lineOf = (
  { case: one, measured }: CaseResult,
  verdicts: ReadonlyArray<Verdict>,
  ceiling: Ceilings,
): Line | undefined => {
  const ours = quickest(measured.filter(({ own }) => own))
  if (ours === undefined) return undefined
  const least = secondsAtCeiling(one, ceiling)
  return {
    work: one.name,
    ours: { name: ours.implementation, seconds: ours.seconds.median },
    peers: measured
      .filter(({ own }) => !own)
      .map((theirs) => ({
        name: theirs.implementation,
        seconds: theirs.seconds.median,
        speed: speed(ours, theirs).median,
      })),
    ...(least !== undefined && { share: least / ours.seconds.median }),
    bars: verdicts
      .filter(({ bar }) => bar.case === one.name)
      .map(({ bar, status, value }) => ({ bar, status, ...(value !== undefined && { value }) })),
  }
}

/** The peer that is hardest to beat; undefined where there was none. */
const hardest = ({ peers }: Line): Peer | undefined =>
  peers.toSorted((a, b) => a.speed - b.speed)[0]

const asked = (bar: Bar): string => {
  if ("seconds" in bar) return `at most ${time(bar.seconds)}`
  if ("share" in bar) return `${bar.share} of the ceiling`
  if ("speed" in bar) return `${bar.speed} times ${bar.against}`
  if ("reach" in bar) return `${bar.reach} against ${bar.against}`
  return `${bar.figure} of ${bar.against}`
}

const row = (cells: ReadonlyArray<string>): string =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`

const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n")

/** Work beside the peer that is hardest to beat, the fastest first. */
const compared = (
  lines: ReadonlyArray<Line>,
  because: (work: string) => ReadonlyArray<string>,
): ReadonlyArray<ReadonlyArray<string>> =>
  lines
    .map((line) => ({ line, peer: hardest(line)! }))
    .toSorted((a, b) => b.peer.speed - a.peer.speed)
    .map(({ line: { ours, share, work }, peer }) => [
      work,
      `${ours.name}, ${time(ours.seconds)}`,
      `${peer.name}, ${time(peer.seconds)}`,
      peer.speed.toPrecision(3),
      share === undefined ? "" : `${(100 * share).toFixed(0)} %`,
      ...because(work),
    ])

const head = ["work", "ours", "the peer that is hardest to beat", "times", "of 128 bits"]

const machines = (runs: Runs): string =>
  Object.entries(runs)
    .map(([workload, { date, processor, rounds, threads, versions }]) => {
      const found = Object.assign({}, ...Object.values(versions)) as Readonly<
        Record<string, string>
      >
      const named = Object.entries(found).map(([name, version]) => `${name} ${version}`)
      return `- ${workload}: ${date}, ${processor}, ${threads} threads, ${rounds} rounds; ${named.join(", ")}.`
    })
    .join("\n")

/** The page. `reasons` say of work why it is behind. */
export const page = (runs: Runs, reasons: Readonly<Record<string, string>>): string => {
  const all = Object.values(runs).flatMap(({ lines }) => lines)
  const raced = all.filter((line) => hardest(line) !== undefined)
  const isAhead = (line: Line): boolean => hardest(line)!.speed >= 1
  const [ahead, behind] = [raced.filter(isAhead), raced.filter((line) => !isAhead(line))]
  const missed = all.flatMap(({ bars, work }) =>
    bars.filter(({ status }) => status === "missed").map((verdict) => ({ work, ...verdict })),
  )
  const reached = all.flatMap(({ bars }) => bars.filter(({ status }) => status === "reached"))
  return `# Performance

How fast is this beside what people use for the same work? Both sides do the same work on the same machine in the same run, and must agree on
the answer before they are timed; _times_ is the peer's time over ours, the median of rounds in turns, with one thread each and with all where a
peer has them: above 1, ours is faster. _Of 128 bits_ is the share of what vectors of 128 bits can do at most, measured in the same run.

This page is written by the command that measures, from the last run of each workload:

\`\`\`sh no-run: measures for minutes
npm run peers -- --install --document
\`\`\`

![Time of each peer over ours, for every work](performance.svg)

## Ahead

${ahead.length} of ${raced.length} are at least as fast as every peer.

${table(
  head,
  compared(ahead, () => []),
)}

## Behind

${
  behind.length === 0
    ? "None."
    : table(
        [...head, "why"],
        compared(behind, (work) => [reasons[work] ?? "not looked into"]),
      )
}

## Bars

\`tools/peers/bars.json\` holds what must be reached. In these runs ${reached.length} bars were, and ${missed.length} missed.

${
  missed.length === 0
    ? ""
    : table(
        ["work", "asked", "found"],
        missed.map(({ bar, value, work }) => [
          work,
          asked(bar),
          value === undefined ? "no agreement" : value.toPrecision(3),
        ]),
      )
}

## Runs

${machines(runs)}
`
}
