/** Summary of a paper on one screen: its question, the findings and their certainty. */
import { type ExperimentResult, Kind, type SystemReport } from "@nonconvex/evidence"
import { hasPanels } from "@nonconvex/figures/drawing"
import * as Table from "../../cli/TextTable.ts"
import * as Judgement from "../study/Judgement.ts"
import { Outcome } from "../study/Registered.ts"
import type { StudyReport } from "../study/StudyReport.ts"
import * as StudyTable from "../study/StudyTable.ts"
import * as Answers from "./Answers.ts"
import { badge } from "./Badges.ts"
import { type Html, html, nothing, prose } from "./Html.ts"
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

const judgedOf = (studies: ReadonlyArray<StudyReport>): ReadonlyArray<Judgement.Judged> =>
  studies.flatMap(({ found }) => found?.judged ?? [])

const outcomesOf = (studies: ReadonlyArray<StudyReport>): ReadonlyArray<Outcome> =>
  judgedOf(studies).map(({ outcome }) => outcome)

/** `14 supported, 9 contradicted`. */
const inWords = (outcomes: ReadonlyArray<Outcome>): string =>
  Outcome.literals
    .map((each) => [outcomes.filter((outcome) => outcome === each).length, each] as const)
    .filter(([count]) => count > 0)
    .map((pair) => pair.join(" "))
    .join(", ")

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

/** The study whose finding stands for its system. */
const leading = (studies: ReadonlyArray<StudyReport>): StudyReport | undefined => {
  const run = studies.filter(({ found }) => found !== undefined)
  return run.find(({ heading }) => heading.leads === true) ?? run[0]
}

/** Figure that represents a system, with its rows: the first of one panel, of its study or else of its experiments. */
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

/** Summary of the claims, errata, expectations and studies of a system. */
const sure = (system: SystemReport, studies: ReadonlyArray<StudyReport>): ReadonlyArray<string> => {
  const {
    claims: all,
    controls,
    errata,
    expectations,
    expected,
    refuted,
  } = Summary.ofSystem(system)
  const outcomes = outcomesOf(studies)
  const run = studies.filter(({ found }) => found !== undefined).length
  const caught = all === 0 ? "" : "; every control detected"
  return [
    `${claims(system)}${caught}`,
    ...(outcomes.length === 0
      ? []
      : [
          `${Table.plural(outcomes.length, "expectation")} registered before ${run === 1 ? "a study was" : `${run} studies were`} run: ${inWords(outcomes)}`,
        ]),
    ...(expectations === 0
      ? []
      : [
          `${expected} of ${Table.plural(expectations, "expectation")} of experiments hold, ${Table.plural(controls, "control")} caught`,
        ]),
    ...(errata === 0
      ? []
      : [
          `${refuted} of ${Table.plural(errata, "statement")} read in print refuted by a counterexample`,
        ]),
  ]
}

/** Opening of the section of a system. `studies` are its own. */
export const opening = (system: SystemReport, studies: ReadonlyArray<StudyReport>): Html => {
  const found = studies.filter((study) => study.found !== undefined)
  const { answer, asks, title } = system.paper
  return html`<dl class="opening">
    <dt>Question</dt>
    <dd>${asks ?? title}</dd>
    ${
      answer === undefined
        ? nothing
        : html`<dt>Answer</dt>
            <dd>
              <p>${prose(answer.text)}</p>
              <ul class="sure">
                ${Answers.grounds(system, studies)}
              </ul>
            </dd>`
    }
    <dt>Studies</dt>
    <dd>
      ${
        found.length === 0
          ? html`No study was run.`
          : html`<ul>
              ${found.map(
                (study) =>
                  html`<li>
                    ${headline([study])}<a href="#${addressOf(study)}"
                      ><code>${study.name}</code></a
                    >
                  </li>`,
              )}
            </ul>`
      }
    </dd>
    <dt>How sure</dt>
    <dd>
      <ul>
        ${sure(system, studies).map((line) => html`<li>${line}</li>`)}
      </ul>
    </dd>
  </dl>`
}
