/** The page `docs/performance.md`: a table of one screen for each kind of user. */
import {
  fastestPeer,
  type Kept,
  type Line,
  type Runs,
  standing,
  compares,
  table,
} from "./Performance.ts"
import { time } from "./Report.ts"

type Row = ReadonlyArray<string>

/** The kinds of work that the workloads of the methods measure. */
const titles: Readonly<Record<string, string>> = {
  "catapults/table": "forced catapults",
  "catapults/wide": "tangent kernels",
  "dp-lowrank": "private covariance, eigenvalue gaps",
  "flat-minima": "Hessian traces",
  "inexact-start": "Algorithm 2 with an inexact start",
  "label-noise": "label-noise steps",
  "matrix-factorization": "factorisation, nuclear-norm completion",
  "optim-sam": "SAM on two parameters",
  "reproducible-minimax": "reproducible gradient methods",
  tensorflow: "SAM on a convolutional network",
}

/** A workload in words. */
export const nameOf = (workload: string): string =>
  titles[workload] ?? workload.replace(/^(?:commands|numerics)\//, "")

const factor = (speed: number): string =>
  speed < 1000 ? speed.toPrecision(3) : Number(speed.toPrecision(3)).toLocaleString("en")

const range = (values: ReadonlyArray<number>): string => {
  const ends = [...new Set([Math.min(...values), Math.max(...values)].map(factor))]
  return ends.join(" to ")
}

/** The bar on the answer of the whole command, where there is one. */
const judged = ({ bars, answers = [] }: Line) =>
  bars.find(({ bar }) => "figure" in bar && bar.ours === answers[0]?.name) ??
  bars.findLast(({ bar }) => "reach" in bar)

/** Our answer relative to that of the peer. */
const answer = (line: Line): string => {
  const { bar, value } = judged(line) ?? {}
  if (bar === undefined || value === undefined) return ""
  if ("figure" in bar) return `${bar.figure}: ${value.toPrecision(3)} times the peer's`
  return `test score: ${value < 0 ? "" : "+"}${value.toFixed(4)}`
}

/** The peer that the answer is compared with, or else the fastest. */
const peerOf = (line: Line) => {
  const { bar } = judged(line) ?? {}
  const against = bar !== undefined && "against" in bar ? bar.against : undefined
  return line.peers.find(({ name }) => name === against) ?? fastestPeer(line)!
}

/** A command on its largest case: all that it does, next to its peer. */
const command = (name: string, line: Line): Row => {
  const whole = line.answers?.[0] ?? line.ours
  const peer = peerOf(line)
  return [
    name,
    line.work,
    time(whole.seconds),
    `${peer.name}, ${time(peer.seconds)}`,
    factor(peer.seconds / whole.seconds),
    answer(line),
  ]
}

/** Rows of the commands, and which of them take longer than their peers. */
const commands = (
  runs: Runs,
): { readonly rows: ReadonlyArray<Row>; readonly slower: ReadonlyArray<string> } => {
  const found = Object.entries(runs).flatMap(([workload, { lines }]) => {
    const [, name] =
      /^(?:commands\/)?(certify|complete|diagnose|flatten|release|solve|train|worst-case)$/.exec(
        workload,
      ) ?? []
    const last = lines.findLast((line) => fastestPeer(line) !== undefined)
    return name === undefined || last === undefined ? [] : [{ name, line: last }]
  })
  const takesLonger = (line: Line): boolean =>
    (line.answers?.[0] ?? line.ours).seconds > peerOf(line).seconds
  return {
    rows: found.map(({ name, line }) => command(name, line)),
    slower: found.filter(({ line }) => takesLonger(line)).map(({ name }) => `\`${name}\``),
  }
}

/** Work of one kind: the peers, and how many times faster ours is over all cases. */
const kind = (name: string, lines: ReadonlyArray<Line>): ReadonlyArray<Row> => {
  const raced = lines.filter((line) => fastestPeer(line) !== undefined && compares(line))
  if (raced.length === 0) return []
  const peers = raced.map((line) => fastestPeer(line)!)
  const names = [...new Set(peers.map((peer) => peer.name.replace(/, all threads$/, "")))]
  return [[name, String(raced.length), names.join("; "), range(peers.map(({ speed }) => speed))]]
}

const workloads = (
  runs: Runs,
  isOne: (workload: string) => boolean,
): ReadonlyArray<readonly [string, Kept]> =>
  Object.entries(runs).filter(([workload]) => isOne(workload))

const methods = (runs: Runs): ReadonlyArray<Row> =>
  workloads(runs, (name) => !/^(?:commands|numerics)\/|^worst-case$/.test(name)).flatMap(
    ([name, { lines }]) => kind(titles[name] ?? name, lines),
  )

const kernels = (runs: Runs): ReadonlyArray<Row> => {
  const lines = workloads(runs, (name) => name.startsWith("numerics/")).flatMap(
    ([, run]) => run.lines,
  )
  const families = Map.groupBy(lines, ({ family, work }) => family?.work ?? work)
  return [...families].flatMap(([name, all]) => kind(name, all))
}

const head = ["work", "cases", "fastest peers", "times"]

/** The page. */
export const page = (runs: Runs): string => {
  const { ahead, behind } = standing(runs)
  const whole = commands(runs)
  const slower = behind.map((line) => `- ${line.work}: ${factor(fastestPeer(line)!.speed)}`)
  return `# Performance

How fast is this, compared with the libraries that people use for the same work? Both sides do the same work on the same machine in the same run.
They must agree on the result before they are timed. _Times_ is the time of the peer divided by ours: above 1, ours is faster. It is the median over
alternating rounds. If one side uses all threads and the other one thread, it is the ratio of the medians. The fastest variant of each side counts.

In ${ahead.length} of ${ahead.length + behind.length} cases of equal work, our fastest variant is at least as fast as every peer.
Whole commands do more than their peers, and ${whole.slower.length} of ${whole.rows.length} take longer${whole.slower.length === 0 ? "" : `: ${whole.slower.join(", ")}`}.
[All tables](performance-table.md) give every case, the reasons where we are slower, the machine and the versions.

![Time of each peer over ours, for every kind of work](performance.svg)

## For commands on your own data

These are the largest measured cases. The time is that of the whole command: \`certify\` also searches for a minimum, and \`complete\` also chooses the
rank. The last column compares the answers, where the implementations differ in them.

${table(["command", "case", "ours", "peer", "times", "answer"], whole.rows)}

## For methods and experiments

${table(head, methods(runs))}

## For programs that call the kernels

${table(head, kernels(runs))}

## Where a peer is faster at the same work

${slower.length === 0 ? "Nowhere." : slower.join("\n")}

## Measure it yourself

\`\`\`sh no-run: measures for minutes
npm run peers -- --install --document
npm run peers -- --render
\`\`\`

The first command measures and writes these pages. The second writes them again from the stored runs.
`
}
