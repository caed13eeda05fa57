/** Runs one workload on both sides: agreement first, then rounds in which everybody takes turns. */
import { disagreement } from "./Agreement.ts"
import type { Ready } from "./Protocol.ts"
import { spread, type Spread } from "./Statistics.ts"
import type { Case } from "./Workload.ts"
import type { Worker } from "./Worker.ts"

/** A worker and how its implementations are told from those of the same name elsewhere. */
export interface Side {
  readonly worker: Worker
  /** Appended to the names, as in "numpy, all threads". */
  readonly suffix: string
}

export interface Measured {
  readonly implementation: string
  readonly own: boolean
  /** One number a round, seconds of one run. */
  readonly rounds: ReadonlyArray<number>
  readonly seconds: Spread
}

export interface CaseResult {
  readonly workload: string
  readonly case: Case
  readonly measured: ReadonlyArray<Measured>
  /** Implementations that computed something else; they are not timed. */
  readonly disagreements: Readonly<Record<string, string>>
}

export interface Effort {
  readonly rounds: number
  /** Seconds of a sample, at least. */
  readonly least: number
}

interface Contestant {
  readonly implementation: Ready["implementations"][number]
  readonly side: Side
}

const label = ({ implementation, side }: Contestant) => implementation.name + side.suffix

/**
 * One case. A worker holds one piece of prepared work at a time, so the work is prepared again in each round, outside the time;
 * the first round of each warms up and does not count.
 */
export const measureCase = async (
  workload: string,
  one: Case,
  sides: ReadonlyArray<Side>,
  { least, rounds }: Effort,
): Promise<CaseResult> => {
  const all: ReadonlyArray<Contestant> = sides.flatMap((side) =>
    side.worker.ready.implementations.map((implementation) => ({ implementation, side })),
  )
  const prepare = ({ implementation, side }: Contestant) =>
    side.worker.prepare({
      kind: "prepare",
      implementation: implementation.name,
      parameters: one.parameters,
    })
  const disagreements: Record<string, string> = {}
  const agreed: Array<Contestant> = []
  let reference: ReadonlyArray<number> | undefined
  for (const contestant of all) {
    const prepared = await prepare(contestant)
    if (!prepared.applies) continue
    reference ??= prepared.values
    const found = disagreement(reference, prepared.values, one.tolerance)
    if (found === undefined) agreed.push(contestant)
    else disagreements[label(contestant)] = found
  }
  const seconds = new Map<string, Array<number>>(agreed.map((each) => [label(each), []]))
  for (let round = 0; round <= rounds; round++) {
    for (const contestant of agreed) {
      await prepare(contestant)
      const sample = await contestant.side.worker.time(least)
      if (round > 0) seconds.get(label(contestant))!.push(sample)
    }
  }
  return {
    workload,
    case: one,
    disagreements,
    measured: agreed.map((contestant) => {
      const samples = seconds.get(label(contestant))!
      return {
        implementation: label(contestant),
        own: contestant.implementation.own,
        rounds: samples,
        seconds: spread(samples),
      }
    }),
  }
}

/** How many times faster `ours` is than `theirs`, round by round. */
export const speed = (ours: Measured, theirs: Measured): Spread =>
  spread(ours.rounds.map((seconds, round) => theirs.rounds[round]! / seconds))
