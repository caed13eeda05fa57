/** Findings of a paper: the headline of its studies, its picture, and how sure its claims are. */
import { type ExperimentResult, Kind, type SystemReport } from "@nonconvex/evidence"
import { hasPanels } from "@nonconvex/figures/drawing"
import * as Table from "../../cli/TextTable.ts"
import * as Judgement from "../study/Judgement.ts"
import type { StudyReport } from "../study/StudyReport.ts"
import * as StudyTable from "../study/StudyTable.ts"
import { badge } from "./Badges.ts"
import { type Html, html, prose } from "./Html.ts"
import * as Summary from "./Summary.ts"

/** Address of a study on the page. */
export const addressOf = ({ name }: Pick<StudyReport, "name">): string => `study-${name}`

/** Counts claims: `49 of 49 claims held: 20 theorems (20 recalled), 29 identities`. */
const claims = (system: SystemReport): string => {
  const { claims: all, held } = Summary.ofSystem(system)
  if (all === 0) return "no claim was checked"
  const kinds = Kind.counted(Summary.held(system.verdicts).map(({ source }) => source))
  return `${held} of ${Table.plural(all, "claim")} held: ${kinds}`
}

/** Headline of studies: the finding of the first, and contradictions by any. */
export const headline = (studies: ReadonlyArray<StudyReport>): ReadonlyArray<Html> => {
  const sizes = new Map(
    studies.flatMap(({ found, heading }) =>
      (found?.judged ?? []).map((each) => [each, heading.size] as const),
    ),
  )
  return Judgement.headline([...sizes.keys()]).map(
    (each) =>
      html`${badge(each.outcome)} ${prose(Judgement.sentence(each))}
        <span class="beside">${StudyTable.beside(each, sizes.get(each)!)}</span> `,
  )
}

/** Study whose finding represents its system. */
export const leading = (studies: ReadonlyArray<StudyReport>): StudyReport | undefined => {
  const run = studies.filter(({ found }) => found !== undefined)
  return run.find(({ heading }) => heading.leads === true) ?? run[0]
}

/** Figure that represents a system, with its rows: the first single-panel figure of its study, otherwise of its experiments. */
export const pictured = (
  { experiments }: SystemReport,
  studies: ReadonlyArray<StudyReport>,
): Pick<ExperimentResult, "figures" | "rows"> | undefined => {
  // a study draws means that its figures have themselves
  const drawn = [{ figures: leading(studies)?.found?.figures ?? [], rows: [] }, ...experiments]
  const found = drawn.flatMap(({ figures, rows }) =>
    figures.map((figure) => ({ figures: [figure], rows })),
  )
  return found.find(({ figures: [figure] }) => !hasPanels(figure!.spec)) ?? found[0]
}

/** Summary of the claims, errata and expectations of a system. */
export const sure = (system: SystemReport): ReadonlyArray<string> => {
  const {
    claims: all,
    controls,
    errata,
    expectations,
    expected,
    refuted,
  } = Summary.ofSystem(system)
  const caught = all === 0 ? "" : "; every control detected"
  return [
    `${claims(system)}${caught}`,
    ...(expectations === 0
      ? []
      : [
          `${expected} of ${Table.plural(expectations, "expectation")} of experiments hold, ${Table.plural(controls, "control")} detected`,
        ]),
    ...(errata === 0
      ? []
      : [
          `${refuted} of ${Table.plural(errata, "statement")} read in print refuted by a counterexample`,
        ]),
  ]
}
