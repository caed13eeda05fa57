/** Results of a report without computing them: the seven papers, each statement as if it came out as stated. */
import type { ExperimentResult } from "@nonconvex/evidence"
import type * as Verdict from "@nonconvex/evidence/Verdict"
import { Effect } from "effect"
import { join } from "node:path"
import type { Results } from "../../src/evidence/report/Results.ts"
import * as StudyReport from "../../src/evidence/study/StudyReport.ts"
import { allSystems } from "../../src/evidence/Systems.ts"
import * as Provenance from "./Provenance.ts"

/** The seven papers with their stored studies; every statement as if it came out as stated, and every experiment without its rows. */
export const results = Effect.gen(function* () {
  const systems = yield* allSystems
  const studies = yield* StudyReport.all(join(import.meta.dirname, "../../../../studies"))
  return {
    format: 1,
    provenance: Provenance.ofResults,
    systems: systems.map(({ claims, errata, experiments, id, paper, title }) => ({
      id,
      title,
      paper,
      verdicts: [
        ...claims.map(({ id: claim, source, statement }): Verdict.Verdict => ({
          _tag: "Held",
          id: claim,
          source,
          statement,
          runs: 200,
          margins: { worst: 0.5, percent1: 0.5, percent10: 0.6, median: 0.9 },
          caught: [],
        })),
        ...errata.map((erratum): Verdict.Verdict => ({
          _tag: "Refuted",
          id: erratum.id,
          source: erratum.source,
          statement: erratum.statement,
          class: erratum.class,
          read: erratum.read,
          corrected: erratum.corrected,
          explanation: erratum.explanation,
          counterexample: { instance: 1, margin: -1, shrinks: 0, replay: `${erratum.id}@1:1` },
        })),
      ],
      experiments: experiments.map((experiment) => ({
        id: experiment.id,
        title: experiment.title,
        question: experiment.question,
        source: experiment.source,
        seed: 1,
        config: {},
        rows: [],
        figures: [],
        expectations: [],
        seconds: 1,
      })),
    })),
    failures: [],
    studies,
  } satisfies Results
})

/** These with what is found for each experiment, such as its kept rows and their figures. */
export const resultsWith = Effect.fnUntraced(function* (
  found: (id: string) => Pick<ExperimentResult, "figures" | "rows"> | undefined,
) {
  const all = yield* results
  return {
    ...all,
    systems: all.systems.map((system) => ({
      ...system,
      experiments: system.experiments.map((each) => ({ ...each, ...found(each.id) })),
    })),
  } satisfies Results
})
