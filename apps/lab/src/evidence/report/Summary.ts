/** Summary of results, in numbers and in the message of a failure. */
import type { DataRead } from "@nonconvex/datasets/Datasets"
import { Expectation, Kind, type SystemReport } from "@nonconvex/evidence"
import * as Verdict from "@nonconvex/evidence/Verdict"
import * as Table from "../../cli/TextTable.ts"
import * as RunTable from "../RunTable.ts"
import { isOnErratum } from "./Errata.ts"
import type { Results } from "./Results.ts"

export interface Counts {
  readonly claims: number
  readonly held: number
  /** Claims by kind, and how many of them hold. */
  readonly kinds: Readonly<Record<Kind.Kind, { readonly all: number; readonly held: number }>>
  /** Errata whose statement was read in the paper, and how many are refuted. */
  readonly errata: number
  readonly refuted: number
  /** Errata of statements that the paper may not contain; not in that count. */
  readonly unread: number
  /** Expectations that are evidence, and how many hold. */
  readonly expectations: number
  readonly expected: number
  /** Stochastic expectations, evaluated over several seeds. */
  readonly overSeeds: number
  /** Regression checks, which compare with earlier results and are not evidence, and how many hold. */
  readonly regressions: number
  readonly unchanged: number
  /** Controls of expectations that were caught. */
  readonly controls: number
}

type Counted = Pick<
  Counts,
  "expectations" | "expected" | "overSeeds" | "regressions" | "unchanged" | "controls"
>

/** Expectations, regressions apart. */
export const ofExpectations = (all: ReadonlyArray<Expectation.Expectation>): Counted => {
  const regressions = all.filter(Expectation.isRegression)
  const evidence = all.filter((each) => !Expectation.isRegression(each))
  const holding = (some: typeof all) => some.filter(({ holds }) => holds).length
  return {
    expectations: evidence.length,
    expected: holding(evidence),
    overSeeds: evidence.filter(({ seeds }) => seeds !== undefined).length,
    regressions: regressions.length,
    unchanged: holding(regressions),
    controls: evidence.filter(({ control }) => control?.caught === true).length,
  }
}

/** Number of expectations evaluated over seeds, if any: `310 over ten seeds, `. */
export const overSeeds = ({ overSeeds: over }: Pick<Counted, "overSeeds">): string =>
  over === 0 ? "" : `${over} of them over ten seeds, `

/**
 * Counts expectations: `9 of 9 expectations of experiments hold, 8 controls detected`, with a line for those that are not
 * evidence.
 */
export const expectationsInWords = (counted: Counted): ReadonlyArray<string> => [
  `${counted.expected} of ${counted.expectations} expectations of experiments hold, ${overSeeds(counted)}${Table.plural(counted.controls, "control")} detected`,
  ...(counted.regressions === 0
    ? []
    : [
        `${counted.unchanged} of ${counted.regressions} regression checks hold (they compare with earlier results, so they are not evidence)`,
      ]),
]

export const verdicts = ({ systems }: Pick<Results, "systems">): ReadonlyArray<Verdict.Verdict> =>
  systems.flatMap((system) => system.verdicts)

/** The claims that held. */
export const held = (all: ReadonlyArray<Verdict.Verdict>): ReadonlyArray<Verdict.Verdict> =>
  all.filter(({ _tag }) => _tag === "Held")

const total = (
  all: ReadonlyArray<Verdict.Verdict>,
  expectations: ReadonlyArray<Expectation.Expectation>,
): Counts => {
  const errata = all.filter(isOnErratum)
  const read = errata.filter(Verdict.wasRead)
  const ofKind = (kind: Kind.Kind) => {
    const claims = all.filter((each) => !isOnErratum(each) && Kind.of(each.source) === kind)
    return { all: claims.length, held: claims.filter(({ _tag }) => _tag === "Held").length }
  }
  return {
    claims: all.length - errata.length,
    held: held(all).length,
    kinds: {
      theorem: ofKind("theorem"),
      lemma: ofKind("lemma"),
      identity: ofKind("identity"),
      observation: ofKind("observation"),
    },
    errata: read.length,
    refuted: read.filter(({ _tag }) => _tag === "Refuted").length,
    unread: errata.length - read.length,
    ...ofExpectations(expectations),
  }
}

const expectationsOf = ({ experiments }: SystemReport) =>
  experiments.flatMap((each) => each.expectations)

export const ofSystem = (system: SystemReport): Counts =>
  total(system.verdicts, expectationsOf(system))

export const counts = (results: Pick<Results, "systems">): Counts =>
  total(verdicts(results), results.systems.flatMap(expectationsOf))

/** The data sets that experiments read, each once. */
export const dataRead = (systems: Results["systems"]): ReadonlyArray<DataRead> => {
  const read = systems.flatMap((system) => system.experiments).flatMap(({ data = [] }) => data)
  return [...new Map(read.map((each) => [each.digest, each])).values()]
}

/** Experiments that failed, and expectations that were not met or whose control was not detected. */
export const failedRuns = ({ failures, systems }: Results): ReadonlyArray<string> => [
  ...failures.map(({ experiment, reason }) => `${experiment} failed: ${reason}`),
  ...systems.flatMap((system) => system.experiments).flatMap(RunTable.failures),
]

/** All results that differ from the statements of the project. */
export const problems = (results: Results): ReadonlyArray<string> => [
  ...verdicts(results)
    .filter((verdict) => !Verdict.isExpected(verdict))
    .map(Verdict.describe),
  ...failedRuns(results),
]
