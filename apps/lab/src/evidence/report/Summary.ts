/** What results come to, in numbers and in the words of a failure. */
import type { DataRead } from "@nonconvex/datasets/Datasets"
import { Verdict } from "@nonconvex/evidence"
import * as RunTable from "../RunTable.ts"
import { isOnErratum } from "./Errata.ts"
import type { Results } from "./Results.ts"

export interface Counts {
  readonly claims: number
  readonly held: number
  /** Errata whose statement was read in the paper, and those of them that are refuted. */
  readonly errata: number
  readonly refuted: number
  /** Errata of what the paper may not say: outside that count. */
  readonly unread: number
  readonly expectations: number
  readonly expected: number
}

export const verdicts = ({ systems }: Results): ReadonlyArray<Verdict.Verdict> =>
  systems.flatMap((system) => system.verdicts)

export const counts = (results: Results): Counts => {
  const all = verdicts(results)
  const errata = all.filter(isOnErratum)
  const held = all.filter(({ _tag }) => _tag === "Held").length
  const read = errata.filter(Verdict.wasRead)
  const refuted = read.filter(({ _tag }) => _tag === "Refuted").length
  const expectations = results.systems
    .flatMap((system) => system.experiments)
    .flatMap((each) => each.expectations)
  return {
    claims: all.length - errata.length,
    held,
    errata: read.length,
    refuted,
    unread: errata.length - read.length,
    expectations: expectations.length,
    expected: expectations.filter(({ holds }) => holds).length,
  }
}

/** The data sets that experiments read, each once. */
export const dataRead = (systems: Results["systems"]): ReadonlyArray<DataRead> => {
  const read = systems.flatMap((system) => system.experiments).flatMap(({ data = [] }) => data)
  return [...new Map(read.map((each) => [each.digest, each])).values()]
}

/** Experiments that failed, and expectations that did not come true. */
export const failedRuns = ({ failures, systems }: Results): ReadonlyArray<string> => [
  ...failures.map(({ experiment, reason }) => `${experiment} failed: ${reason}`),
  ...systems.flatMap((system) => system.experiments).flatMap(RunTable.failures),
]

/** Everything that is not as the project states it. */
export const problems = (results: Results): ReadonlyArray<string> => [
  ...verdicts(results)
    .filter((verdict) => !Verdict.isExpected(verdict))
    .map(Verdict.describe),
  ...failedRuns(results),
]
