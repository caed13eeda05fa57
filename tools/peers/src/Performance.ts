/** What is kept of a run for `docs/performance.md`, and the page that it makes. */
import { type Bar, quickest, type Verdict } from "./Bars.ts"
import { type Limits, secondsAtCeiling, type Share, shareOfWidest } from "./Ceiling.ts"
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
  /** Of the ceiling of 128-bit vectors of the same run, where the case has one. */
  readonly share?: number
  /** Of the highest ceiling that was measured in the same run. */
  readonly widest?: Share
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
  /** The part of the processors that other guests of the machine took; absent where the system did not tell. */
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
  limits: Limits,
): Line | undefined => {
  const ours = quickest(measured.filter(({ own }) => own))
  if (ours === undefined) return undefined
  const { median } = ours.seconds
  const least = secondsAtCeiling(one, limits[128] ?? {})
  const widest = shareOfWidest(one, median, limits)
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
    ...(least !== undefined && { share: least / median }),
    ...(widest !== undefined && { widest }),
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

const fewestTimesFirst = (a: Peer, b: Peer): number => a.speed - b.speed

/** The peer that is hardest to beat; undefined where there was none. */
const hardest = ({ peers }: Line): Peer | undefined => peers.toSorted(fewestTimesFirst)[0]

/** The hardest of those with one thread, as ours has. */
const hardestAlone = ({ peers }: Line): Peer | undefined =>
  peers.filter(({ name }) => !name.endsWith(allThreads)).toSorted(fewestTimesFirst)[0]

/** Why work is behind: what someone found, or that the peer needs more threads for it. */
const reasonOf = (line: Line, reasons: Readonly<Record<string, string>>): string => {
  const alone = hardestAlone(line)
  const hasOne = !line.ours.name.endsWith(allThreads)
  const isAhead = hasOne && alone !== undefined && alone.speed >= 1
  const threads = isAhead
    ? `Ours has one thread; with one too, ${alone.name} takes ${alone.speed.toPrecision(3)} times as long.`
    : undefined
  return threads ?? reasons[line.work] ?? "not looked into"
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`

const asked = (bar: Bar, least: number | undefined): string => {
  if ("seconds" in bar) return `at most ${time(bar.seconds)}`
  if ("share" in bar) return `${bar.share} of the ceiling`
  if ("speed" in bar) return `${least ?? bar.speed} times ${bar.against}`
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
  because: (line: Line) => ReadonlyArray<string>,
): ReadonlyArray<ReadonlyArray<string>> =>
  lines
    .map((line) => ({ line, peer: hardest(line)! }))
    .toSorted((a, b) => b.peer.speed - a.peer.speed)
    .map(({ line, line: { ours, share, widest, work }, peer }) => [
      work,
      `${ours.name}, ${time(ours.seconds)}`,
      `${peer.name}, ${time(peer.seconds)}`,
      peer.speed.toPrecision(3),
      share === undefined ? "" : percent(share),
      widest === undefined ? "" : `${percent(widest.share)} of ${widest.bits}`,
      ...because(line),
    ])

const head = [
  "work",
  "ours",
  "the peer that is hardest to beat",
  "times",
  "of 128 bits",
  "of the widest",
]

/** A row a family of at least three sizes: the powers that the times go by, of the fastest on each side at every size. */
const growth = (lines: ReadonlyArray<Line>): ReadonlyArray<ReadonlyArray<string>> => {
  const families = Map.groupBy(lines, ({ family }) => family?.work)
  return [...families].flatMap(([work, all]) => {
    const sizes = all
      .flatMap((line) => (line.family === undefined ? [] : [{ ...line, family: line.family }]))
      .toSorted((a, b) => a.family.size - b.family.size)
    if (work === undefined || sizes.length < 3) return []
    const raced = sizes.flatMap((line) => {
      const peer = hardest(line)
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
const reached = (limits: Limits): string =>
  Object.entries(units)
    .flatMap(([limit, unit]) => {
      const rates = Object.entries(limits).flatMap(([bits, ceilings]) => {
        const rate = ceilings[limit as Limit]
        return rate === undefined ? [] : [`${(rate / 1e9).toFixed(0)} by ${bits} bits`]
      })
      return rates.length === 0 ? [] : [`${limit} ${rates.join(", ")} (${unit})`]
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
      reached(limits),
      found.map(([name, version]) => `${name} ${version}`).join(", "),
    ]
  })
}

/** The page. `reasons` say of work why it is behind. */
export const page = (runs: Runs, reasons: Readonly<Record<string, string>>): string => {
  const all = Object.values(runs).flatMap(({ lines }) => lines)
  const raced = all.filter((line) => hardest(line) !== undefined)
  const isAhead = (line: Line): boolean => hardest(line)!.speed >= 1
  const [ahead, behind] = [raced.filter(isAhead), raced.filter((line) => !isAhead(line))]
  const missed = all.flatMap(({ bars, work }) =>
    bars.filter(({ status }) => status === "missed").map((verdict) => ({ work, ...verdict })),
  )
  const cleared = all.flatMap(({ bars }) => bars.filter(({ status }) => status === "reached"))
  return `# Performance

How fast is this beside what people use for the same work? Both sides do the same work on the same machine in the same run. They must agree on
the answer before they are timed. The column _times_ is the peer's time over ours: the median of rounds in turns, or the
ratio of the medians where one side has all threads and the other has one. Above 1, ours is faster. Both sides have
one thread each, and all threads where an implementation has a use for them. _Of 128 bits_ is the share of the most that vectors of 128 bits can
do, measured in the same run. _Of the widest_ is the share of the most that this machine can do, by the fastest of the widths 128, 256 and 512 bits.

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
        compared(behind, (line) => [reasonOf(line, reasons)]),
      )
}

Several runs at once of extragradient and of descent-ascent are not measured here, where ours is behind what it was: they share no lanes of a vector, and take 1.3 to 1.7 times as long as when they did.

## Answers

Where no two answer alike (a held-out error, an error of what is released), being quick is half of it: how well each answers, beside the time that it takes.

${table(["work", "implementation", "time", "figures"], answered(all))}

## Growth

The power of the size that the time goes by: the slope of log seconds over log sizes, of the fastest on each side at every size.

${table(["work", "sizes", "ours", "the peers that are hardest to beat", "times"], growth(all))}

## Bars

\`tools/peers/bars.json\` holds what must be reached. In these runs ${cleared.length} bars were, and ${missed.length} missed.

${
  missed.length === 0
    ? ""
    : table(
        ["work", "asked", "found"],
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
