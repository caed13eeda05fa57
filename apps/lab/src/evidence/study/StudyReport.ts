/** Findings of a study as data: a page draws them without computation. */
import * as Seam from "@nonconvex/numerics/Seam"
import * as Seeds from "@nonconvex/runner/sweep/Seeds"
import { Sweep } from "@nonconvex/runner/sweep/Sweep"
import { ExperimentResult } from "@nonconvex/evidence/Report"
import { Effect, Schema } from "effect"
import { BadExpression } from "../runs/Clause.ts"
import * as Groups from "./StudyGroups.ts"
import * as Clause from "../runs/Clause.ts"
import { clause, JudgedExpectation, judgeAll, Mean, outcomesOf } from "./Judgement.ts"
import { Heading, type Outcome } from "./Preregistration.ts"
import * as StoredResult from "./StoredResult.ts"
import * as Studies from "./Study.ts"
import { BadStudy, type Finished, type Study } from "./Study.ts"
import * as StudyFigures from "./StudyFigures.ts"

const {
  base: _base,
  columns: _columns,
  settings: _settings,
  ...from
} = StoredResult.Provenance.fields

const Cell = Schema.Union([Schema.Number, Schema.String, Schema.Boolean])

/** A study that was run. */
export const Found = Schema.Struct({
  seeds: Schema.Int,
  rows: Schema.Int,
  /** In the order of the expectations; the first is the finding of the study. */
  judged: Schema.Array(JudgedExpectation),
  /** A line for each group: the values that make it, and means over seeds. */
  groups: Schema.Array(Schema.Struct({ values: Schema.Array(Cell), means: Schema.Array(Mean) })),
  figures: ExperimentResult.fields.figures,
  provenance: Schema.Struct(from),
})
export type Found = typeof Found.Type

export const StudyReport = Schema.Struct({
  name: Schema.String.check(Schema.isPattern(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)),
  heading: Heading,
  question: Schema.String,
  /** Full-size sweep, in addition to the one that was run. */
  full: Sweep,
  /** Absent if the study is registered but has not been run. */
  found: Schema.optionalKey(Found),
})
export type StudyReport = typeof StudyReport.Type

const foundIn = ({ heading, registered, stored, sweep }: Finished): Found => {
  const rows = StoredResult.flat(stored)
  const { by, shown, where } = heading.table
  const { base: _b, columns: _c, settings: _s, ...provenance } = stored.provenance
  return {
    seeds: Number(Seeds.count(sweep.seeds)),
    rows: rows.length,
    judged: judgeAll({ registered, heading }, rows),
    groups: Groups.of(Clause.fitting(rows, clause(where)), by).map((group) => ({
      values: group.values,
      means: shown.map(({ metric }) => Groups.mean(group.rows, metric)),
    })),
    figures: heading.figures.map(StudyFigures.draw(rows)),
    provenance,
  }
}

const headed = ({ full, heading, name, registered }: Study): StudyReport => ({
  name,
  heading,
  question: registered.question,
  full,
})

const attempt = <Result>(study: Study, make: () => Result): Effect.Effect<Result, BadStudy> =>
  Effect.mapError(
    Seam.attempt([BadExpression], make),
    ({ reason, text }) => new BadStudy({ path: study.folder, reason: `${text}: ${reason}` }),
  )

/** Reports the findings of a study. Fails with `BadStudy` where its rows lack the columns that its expectations, table or figures name. */
export const of = (study: Finished): Effect.Effect<StudyReport, BadStudy> =>
  attempt(study, () => ({ ...headed(study), found: foundIn(study) }))

/**
 * Findings of a study from its stored result, or its question if it has not been run. Fails as `Study.finished` does, and as
 * `of`.
 */
export const read = Effect.fnUntraced(function* (study: Study) {
  const finished = yield* Studies.finished(study)
  return finished === undefined ? headed(study) : yield* of(finished)
})

/** All studies of a folder, sorted by name. Fails if one of them is invalid. */
export const all = Effect.fn("StudyReport.all")(function* (folder: string) {
  return yield* Effect.forEach(yield* Studies.all(folder), read)
})

/** A study with the outcomes of its expectations, which are absent if it has not been run. */
export interface Outcomes {
  readonly name: string
  readonly outcomes: ReadonlyArray<Outcome> | undefined
}

/** Outcomes of all studies of a folder, sorted by name. Fails if one of them is invalid. */
export const outcomes = Effect.fn("StudyReport.outcomes")(function* (folder: string) {
  return yield* Effect.forEach(
    yield* Studies.all(folder),
    Effect.fnUntraced(function* (study: Study) {
      const finished = yield* Studies.finished(study)
      const found =
        finished === undefined
          ? undefined
          : yield* attempt(study, () => outcomesOf(study, StoredResult.flat(finished.stored)))
      return { name: study.name, outcomes: found } satisfies Outcomes
    }),
  )
})
