/** Preregistered predictions that the studies contradict, all in one list. */
import { type JudgedExpectation, sentence } from "../study/Judgement.ts"
import type { StudyReport } from "../study/StudyReport.ts"
import * as StudyTable from "../study/StudyTable.ts"
import { badge } from "./Badges.ts"
import { type Html, html, prose, table } from "./Html.ts"

interface Contradicted {
  readonly judged: JudgedExpectation
  readonly study: StudyReport
}

export interface Counted {
  readonly predictions: number
  readonly contradicted: ReadonlyArray<Contradicted>
}

/** All predictions of studies, and the contradicted ones. */
export const of = (studies: ReadonlyArray<StudyReport>): Counted => {
  const all = studies.flatMap((study) =>
    (study.found?.judged ?? []).map((judged) => ({ judged, study })),
  )
  return {
    predictions: all.length,
    contradicted: all.filter(({ judged }) => judged.outcome === "contradicted"),
  }
}

const row = ({ judged, study: { heading, name } }: Contradicted): Html =>
  html`<tr>
    <td class="statement">
      <p>${badge("contradicted")} ${prose(sentence(judged))}</p>
      <p class="muted">Predicted: ${prose(judged.statement)}</p>
    </td>
    <td>${StudyTable.effect(judged)}<br /><span class="source">${heading.size}</span></td>
    <td><a href="#study-${name}">${heading.title}</a></td>
  </tr>`

export const render = (studies: ReadonlyArray<StudyReport>): Html => {
  const { contradicted, predictions } = of(studies)
  return html`<article>
    <h1>Contradicted predictions</h1>
    <p>
      ${contradicted.length} of ${predictions} predictions were contradicted. Each was registered
      before its study was run, with its threshold; what is not contradicted is supported or
      undecided.
    </p>
    ${table(
      [["Finding"], ["Effect with its 95 % confidence interval"], ["Study"]],
      contradicted.map(row),
      "verdicts",
    )}
  </article>`
}
