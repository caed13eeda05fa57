/** The record of a run, and the tables of all runs: `docs/performance-table.md`. */
import { type Bar, quickest, type Verdict } from "./Bars.ts"
import type { Limits } from "./Ceiling.ts"
import { slope } from "./Growth.ts"
import { allThreads, type CaseResult, type Measured, speed } from "./Measure.ts"
import { takenOf, time } from "./Report.ts"
import type { Family, Limit } from "./Workload.ts"

interface Peer {
  readonly name: string
  /** The median of a run. */
  readonly seconds: number
  /** Its time over ours, the median over rounds: above 1, ours is faster. */
  readonly speed: number
}

/** How well an implementation answered, where each does so in its own way. */
interface Answer {
  readonly name: string
  readonly seconds: number
  /** By name; one that it does not have is absent. */
  readonly figures: Readonly<Record<string, number>>
}

/** One case. */
export interface Line {
  readonly work: string
  /** The fastest of ours. */
  readonly ours: { readonly name: string; readonly seconds: number }
  readonly peers: ReadonlyArray<Peer>
  readonly family?: Family
  /** Of both sides. */
  readonly answers?: ReadonlyArray<Answer>
  readonly bars: ReadonlyArray<Pick<Verdict, "bar" | "least" | "status" | "value">>
}

/** The last run of a workload. */
export interface Kept {
  /** Day of the run, as `2026-01-31`. */
  readonly date: string
  readonly processor: string
  readonly threads: number
  /** At most. */
  readonly rounds: number
  /** Share of the processor time that other virtual machines took; absent if the system does not report it. */
  readonly taken?: number
  readonly limits: Limits
  readonly versions: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly lines: ReadonlyArray<Line>
}

/** By the name of the workload. */
export type Runs = Readonly<Record<string, Kept>>

/** What there is of figures; JSON has no NaN. */
const answerOf = ({ figures = {}, implementation, seconds }: Measured): Answer => ({
  name: implementation,
  seconds: seconds.median,
  figures: Object.fromEntries(
    Object.entries(figures).filter(([, value]) => Number.isFinite(value)),
  ),
})

/** What is kept of a case; undefined where nothing of ours was timed. */
export const lineOf = (
  { case: one, measured }: CaseResult,
  verdicts: ReadonlyArray<Verdict>,
): Line | undefined => {
  const ours = quickest(measured.filter(({ own }) => own))
  if (ours === undefined) return undefined
  const { median } = ours.seconds
  return {
    work: one.name,
    ours: { name: ours.implementation, seconds: median },
    peers: measured
      .filter(({ own }) => !own)
      .map((theirs) => ({
        name: theirs.implementation,
        seconds: theirs.seconds.median,
        speed: speed(ours, theirs),
      })),
    ...(one.family !== undefined && { family: one.family }),
    ...("figures" in one && { answers: measured.map(answerOf) }),
    bars: verdicts
      .filter(({ bar }) => bar.case === one.name)
      .map(({ bar, least: asked, status, value }) => ({
        bar,
        status,
        ...(value !== undefined && { value }),
        ...(asked !== undefined && { least: asked }),
      })),
  }
}

const fastestFirst = (a: Peer, b: Peer): number => a.speed - b.speed

/** The fastest peer; undefined without one. */
export const fastestPeer = ({ peers }: Line): Peer | undefined => peers.toSorted(fastestFirst)[0]

/** The fastest peer with one thread, as ours has. */
const fastestAlone = ({ peers }: Line): Peer | undefined =>
  peers.filter(({ name }) => !name.endsWith(allThreads)).toSorted(fastestFirst)[0]

/** Why work is behind: what someone found, or that the peer needs more threads for it. */
const reasonOf = (line: Line, reasons: Readonly<Record<string, string>>): string => {
  const alone = fastestAlone(line)
  const hasOne = !line.ours.name.endsWith(allThreads)
  const isAhead = hasOne && alone !== undefined && alone.speed >= 1
  const threads = isAhead
    ? `Ours has one thread; with one too, ${alone.name} takes ${alone.speed.toPrecision(3)} times as long.`
    : undefined
  return threads ?? reasons[line.work] ?? "not looked into"
}

const asked = (bar: Bar, least: number | undefined): string => {
  if ("seconds" in bar) return `at most ${time(bar.seconds)}`
  if ("share" in bar) return `${bar.share} of the ceiling`
  if ("speed" in bar) return `${least ?? bar.speed} times ${bar.against}`
  if ("reach" in bar) return `${bar.reach} against ${bar.against}`
  return `${bar.figure} of ${bar.against}`
}

const row = (cells: ReadonlyArray<string>): string =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`

export const table = (
  head: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<string>>,
): string => [row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n")

/** Seconds below which the time of a peer is mostly the cost of a call. */
const call = 1e-5

/** The lines that compare work, and not the cost of a call. */
export const compares = (line: Line): boolean => (fastestPeer(line)?.seconds ?? 1) >= call

/** Work next to its fastest peer, the largest lead first. */
const compared = (
  lines: ReadonlyArray<Line>,
  because: (line: Line) => ReadonlyArray<string>,
): ReadonlyArray<ReadonlyArray<string>> =>
  lines
    .map((line) => ({ line, peer: fastestPeer(line)! }))
    .toSorted((a, b) => b.peer.speed - a.peer.speed)
    .map(({ line, line: { ours, work }, peer }) => [
      work,
      `${ours.name}, ${time(ours.seconds)}`,
      `${peer.name}, ${time(peer.seconds)}`,
      peer.speed.toPrecision(3),
      ...because(line),
    ])

const head = ["work", "ours", "fastest peer", "times"]

/** A row a family of at least three sizes: the powers that the times go by, of the fastest on each side at every size. */
const growth = (lines: ReadonlyArray<Line>): ReadonlyArray<ReadonlyArray<string>> => {
  const families = Map.groupBy(lines, ({ family }) => family?.work)
  return [...families].flatMap(([work, all]) => {
    const sizes = all
      .flatMap((line) => (line.family === undefined ? [] : [{ ...line, family: line.family }]))
      .toSorted((a, b) => a.family.size - b.family.size)
    if (work === undefined || sizes.length < 3) return []
    const raced = sizes.flatMap((line) => {
      const peer = fastestPeer(line)
      return peer === undefined ? [] : [{ size: line.family.size, ...peer }]
    })
    const ours = slope(sizes.map((line) => ({ size: line.family.size, ...line.ours })))
    return [
      [
        work,
        `${sizes[0]!.family.by} ${sizes.map(({ family }) => family.size.toLocaleString("en")).join(", ")}`,
        ours.toFixed(2),
        raced.length < 3
          ? ""
          : `${slope(raced).toFixed(2)}, ${[...new Set(raced.map(({ name }) => name))].join(" or ")}`,
        raced.map(({ speed: times }) => times.toPrecision(3)).join(", "),
      ],
    ]
  })
}

/** A row an implementation of what each answers in its own way. */
const answered = (lines: ReadonlyArray<Line>): ReadonlyArray<ReadonlyArray<string>> =>
  lines.flatMap(({ answers = [], work }) =>
    answers.map(({ figures, name, seconds }, at) => [
      at === 0 ? work : "",
      name,
      time(seconds),
      Object.entries(figures)
        .map(([figure, value]) => `${figure} ${Number(value.toPrecision(4))}`)
        .join(", "),
    ]),
  )

const units: Readonly<Record<Limit, string>> = {
  float64: "GFlop/s",
  float32: "GFlop/s",
  reading: "GB/s",
  memory: "GB/s",
}

/** What each width reaches. */
const rates = (limits: Limits): string =>
  Object.entries(units)
    .flatMap(([limit, unit]) => {
      const found = Object.entries(limits).flatMap(([bits, ceilings]) => {
        const rate = ceilings[limit as Limit]
        return rate === undefined ? [] : [`${(rate / 1e9).toFixed(0)} by ${bits} bits`]
      })
      return found.length === 0 ? [] : [`${limit} ${found.join(", ")} (${unit})`]
    })
    .join("; ")

/** A row for the workloads that were run together. */
const machines = (runs: Runs): ReadonlyArray<ReadonlyArray<string>> => {
  const together = Map.groupBy(Object.entries(runs), ([, each]) =>
    JSON.stringify([each.date, each.processor, each.threads, each.rounds, each.taken, each.limits]),
  )
  return [...together.values()].map((group) => {
    const { date, limits, processor, rounds, taken, threads } = group[0]![1]
    const versions = group.flatMap(([, each]) => Object.values(each.versions))
    const found = Object.entries(Object.assign({}, ...versions) as Record<string, string>)
    return [
      group.map(([workload]) => workload).join(", "),
      `${date}, ${processor}, ${threads} threads${takenOf(taken)}, ${rounds} rounds or as many as fit`,
      rates(limits),
      found.map(([name, version]) => `${name} ${version}`).join(", "),
    ]
  })
}

/** Compared work, at least as fast as every peer and not. */
export const standing = (
  runs: Runs,
): { readonly ahead: ReadonlyArray<Line>; readonly behind: ReadonlyArray<Line> } => {
  const raced = Object.values(runs)
    .flatMap(({ lines }) => lines)
    .filter((line) => fastestPeer(line) !== undefined && compares(line))
  const isAhead = (line: Line): boolean => fastestPeer(line)!.speed >= 1
  return { ahead: raced.filter(isAhead), behind: raced.filter((line) => !isAhead(line)) }
}

/** All tables. `reasons` say of work why it is behind. */
export const tables = (runs: Runs, reasons: Readonly<Record<string, string>>): string => {
  const all = Object.values(runs).flatMap(({ lines }) => lines)
  const shown = all.filter(compares)
  const { ahead, behind } = standing(runs)
  const missed = all.flatMap(({ bars, work }) =>
    bars.filter(({ status }) => status === "missed").map((verdict) => ({ work, ...verdict })),
  )
  const reached = all.flatMap(({ bars }) => bars.filter(({ status }) => status === "reached"))
  return `# Performance: all tables

[Performance](performance.md) explains the comparison and sums it up. \`npm run peers\` writes both pages from the last run of each workload.
Work that takes the fastest peer less than 10 µs is left out, because its time is mostly the cost of a call.

## Ahead

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
        compared(behind, (line) => [reasonOf(line, reasons)]),
      )
}

## Answers

Some implementations give different answers to one task. These tables show how good each answer is, for example by its error on held-out entries.

${table(["work", "implementation", "time", "figures"], answered(shown))}

## Growth

Time grows as a power of the size. The power is the slope of log time over log size, for the fastest implementation of each side.

${table(["work", "sizes", "ours", "fastest peers", "times"], growth(shown))}

## Bars

\`tools/peers/bars.json\` holds the required speeds and errors. In these runs ${reached.length} bars were reached and ${missed.length} were missed.

${
  missed.length === 0
    ? ""
    : table(
        ["work", "required", "found"],
        missed.map(({ bar, least, value, work }) => [
          work,
          asked(bar, least),
          value === undefined ? "no agreement" : value.toPrecision(3),
        ]),
      )
}

## Runs

${table(["workloads", "run", "limits of one thread", "versions"], machines(runs))}
`
}
