/** Runs one workload on both sides: agreement first, then rounds in which everybody takes turns. */
import { setTimeout } from "node:timers/promises"
import { disagreement } from "./Agreement.ts"
import { spread, type Spread } from "./Statistics.ts"
import type { Case, Threads } from "./Workload.ts"
import type { Worker } from "./Worker.ts"

/** A worker and how its implementations are told from those of the same name elsewhere. */
export interface Side {
  readonly worker: Worker
  /** Appended to the names, as in "numpy, all threads". */
  readonly suffix: string
  readonly threads: Threads
}

/** What is appended where a peer has every thread of the machine. */
export const allThreads = ", all threads"

export interface Measured {
  readonly implementation: string
  readonly own: boolean
  /** One number a round, seconds of one run. */
  readonly rounds: ReadonlyArray<number>
  readonly seconds: Spread
  /** By the names of the case, where each answers in its own way. */
  readonly figures?: Readonly<Record<string, number>>
  /** One score a split, where the case has splits. */
  readonly scores?: ReadonlyArray<number>
}

export interface CaseResult {
  readonly workload: string
  readonly case: Case
  readonly measured: ReadonlyArray<Measured>
  /** Implementations that computed something else; they are not timed. */
  readonly disagreements: Readonly<Record<string, string>>
  /** Ours had the embedded kernels alone, by 128 bits. */
  readonly isNarrow?: true
}

export interface Effort {
  /** At most. */
  readonly rounds: number
  /** Seconds of a sample, at least. */
  readonly least: number
  /** Seconds of the rounds of a group, of which everybody has an equal part: as many are done as fit, and three at least; one of what is compared by its figures. */
  readonly most: number
}

interface Contestant {
  readonly name: string
  readonly label: string
  readonly own: boolean
  readonly side: Side
  readonly samples: Array<number>
  figures?: Readonly<Record<string, number>>
  scores?: ReadonlyArray<number>
}

/** Rounds at least of what is raced; what is compared by its figures may take minutes, and has one. */
const fewRounds = 3

/**
 * Seconds of running before the rounds: what is compiled while it runs, as ours, is compiled by then. In rounds alone, 500 sharpness-aware steps took 62 us
 * and not 43.
 */
const warmUp = 0.5

/**
 * Seconds that somebody of ours or of theirs runs on all threads before a turn is timed, where both do. The threads of OpenBLAS wait busily for 0.11 s after
 * their turn; and after a pause both processors of a virtual machine were seen at half their rate for some 0.05 s, as if they were on one core.
 */
const settling = 0.2

/** Rounds of a group before those of the next: a slow spell of the machine is then one for all. */
const inARow = 5

/** Seconds without work where the turn goes from one group to another: longer than the threads of the last one wait busily. */
const pause = 0.15

/** The rounds of a group. */
interface Rounds {
  readonly count: number
  readonly run: (from: number, to: number) => Promise<void>
}

/**
 * The rounds of a group, after it is warm: of each as many as fit into its part of the time, by what the first takes, so that nobody who is slow keeps the quick
 * from theirs.
 */
const readied = async (
  contestants: ReadonlyArray<Contestant>,
  { least, most, rounds }: Effort,
  fewest: number,
): Promise<Rounds> => {
  const settles = contestants.some(({ own, side }) => own && side.threads === "all")
  const sample = async ({ name, samples, side }: Contestant): Promise<number> => {
    if (settles) await side.worker.time(name, settling)
    const begin = performance.now()
    samples.push(await side.worker.time(name, least))
    return (performance.now() - begin) / 1000
  }
  const took = new Map<Contestant, number>()
  for (const each of contestants) took.set(each, await sample(each))
  const fitting = (each: Contestant): number => most / contestants.length / took.get(each)!
  const asked = new Map(
    contestants.map((each) => [
      each,
      Math.min(rounds, Math.max(fewest, Math.floor(fitting(each)))),
    ]),
  )
  // slow work is warm from the run before it was timed; else the first round does not count, and it runs for a while after it
  for (const each of contestants.filter((one) => fitting(one) >= fewRounds)) {
    each.samples.length = 0
    await each.side.worker.time(each.name, warmUp)
  }
  const run = async (from: number, to: number): Promise<void> => {
    for (let round = from; round < to; round++) {
      // Another one is first each time, so that nobody always follows the same other.
      const first = round % contestants.length
      for (const each of [...contestants.slice(first), ...contestants.slice(0, first)]) {
        if (each.samples.length <= round && round < asked.get(each)!) await sample(each)
      }
    }
  }
  return { count: Math.max(...asked.values()), run }
}

/** Times everybody of a group once a round; the groups take turns after some rounds. */
const race = async (
  groups: ReadonlyArray<ReadonlyArray<Contestant>>,
  effort: Effort,
  fewest: number,
): Promise<void> => {
  const ready: Array<Rounds> = []
  for (const group of groups) ready.push(await readied(group, effort, fewest))
  const most = Math.max(0, ...ready.map(({ count }) => count))
  for (let round = 0; round < most; round += inARow) {
    for (const { count, run } of ready) {
      if (ready.length > 1) await setTimeout(1000 * pause)
      await run(round, Math.min(count, round + inARow))
    }
  }
}

/** The numbers of a result by their names; what is missing is NaN. */
const named = (
  names: ReadonlyArray<string>,
  values: ReadonlyArray<number>,
): Readonly<Record<string, number>> =>
  Object.fromEntries(names.map((name, i) => [name, values[i] ?? Number.NaN]))

const contestants = (sides: ReadonlyArray<Side>): ReadonlyArray<Contestant> =>
  sides.flatMap((side) =>
    side.worker.ready.implementations
      .filter(({ threads = side.threads }) => threads === side.threads)
      .map(({ name, own }) => ({
        name,
        label: name + side.suffix,
        own,
        side,
        samples: [],
      })),
  )

/** One case: all agree or drop out, or each says its figures; then they are timed, in a group who has one thread, and in another who has all of them. */
export const measureCase = async (
  workload: string,
  one: Case,
  groups: ReadonlyArray<ReadonlyArray<Side>>,
  effort: Effort,
): Promise<CaseResult> => {
  const disagreements: Record<string, string> = {}
  let reference: ReadonlyArray<number> | undefined
  const own = "figures" in one
  const raced: Array<ReadonlyArray<Contestant>> = []
  // how well somebody does is not another thing on more threads
  for (const sides of own ? groups.slice(0, 1) : groups) {
    const agreed: Array<Contestant> = []
    for (const contestant of contestants(sides)) {
      const prepared = await contestant.side.worker.prepare({
        kind: "prepare",
        implementation: contestant.name,
        parameters: one.parameters,
      })
      if (!prepared.applies) continue
      if (own) {
        const { length } = one.figures
        const scores = prepared.values.slice(length, length + (one.splits?.count ?? 0))
        agreed.push({ ...contestant, figures: named(one.figures, prepared.values), scores })
        continue
      }
      reference ??= prepared.values
      const found = disagreement(reference, prepared.values, one.tolerance)
      if (found === undefined) agreed.push(contestant)
      else disagreements[contestant.label] = found
    }
    if (agreed.length > 0) raced.push(agreed)
  }
  await race(raced, effort, own ? 1 : fewRounds)
  const measured = raced
    .flat()
    .map(({ figures, label, own: isOwn, samples, scores = [] }): Measured => ({
      implementation: label,
      own: isOwn,
      rounds: samples,
      seconds: spread(samples),
      ...(figures === undefined ? {} : { figures }),
      ...(scores.length === 0 ? {} : { scores }),
    }))
  return { workload, case: one, disagreements, measured }
}

/** Whether it had all threads: those took turns with each other, and so did those with one. */
export const hasAllThreads = ({ implementation }: Pick<Measured, "implementation">): boolean =>
  implementation.endsWith(allThreads)

/**
 * How many times faster `ours` is than `theirs`. The median over the rounds that both have, where they took turns, so that a slow spell of the machine
 * cancels; else the ratio of the medians, for rounds of two groups are seconds apart and no pairs.
 */
export const speed = (ours: Measured, theirs: Measured): number => {
  if (hasAllThreads(ours) !== hasAllThreads(theirs))
    return theirs.seconds.median / ours.seconds.median
  const rounds = ours.rounds.slice(0, theirs.rounds.length)
  return spread(rounds.map((seconds, round) => theirs.rounds[round]! / seconds)).median
}
