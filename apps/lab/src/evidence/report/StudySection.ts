/** One study on the page: finding, question, expectation, result and provenance. */
import * as Table from "../../cli/TextTable.ts"
import { type JudgedExpectation, sentence } from "../study/Judgement.ts"
import type { Found, StudyReport } from "../study/StudyReport.ts"
import * as StudyTable from "../study/StudyTable.ts"
import * as ExperimentSection from "./ExperimentSection.ts"
import { badge } from "./Badges.ts"
import { headline } from "./Findings.ts"
import { type Html, html, nothing, prose, table } from "./Html.ts"

/** Id under which its figures are drawn. */
export const idOf = ({ name }: Pick<StudyReport, "name">): string => `studies/${name}`

const side = (each: JudgedExpectation["of"], seeds: number): Html =>
  html`${each.label}: <span class="mono">${StudyTable.interval(each, seeds)}</span>`

const expectation = (each: JudgedExpectation): Html => {
  const remarks = [each.note, each.aside].flatMap((text) => text ?? [])
  return html`<tr>
    <td>${badge(each.outcome)}</td>
    <td class="statement">
      <p>${prose(sentence(each))}</p>
      ${each.plain === undefined ? nothing : html`<p class="muted">As registered: ${prose(each.finding)}</p>`}
      <p class="muted">
        Expected: ${prose(each.statement)}${remarks.length === 0 ? "" : ` (${remarks.join("; ")})`}
      </p>
    </td>
    <td>${side(each.of, each.seeds)}<br />${side(each.against, each.seeds)}</td>
    <td class="mono">${StudyTable.effect(each)}</td>
  </tr>`
}

const groups = ({ heading }: StudyReport, { groups: all, seeds }: Found): Html => {
  const { by, shown } = heading.table
  return html`<details class="controls">
    <summary>
      Means over ${seeds} seeds, with 95 % confidence intervals:
      ${Table.plural(all.length, "group")}
    </summary>
    ${table(
      [...by.map((name) => [name] as const), ...shown.map(({ title }) => [title, true] as const)],
      all.map(
        ({ means, values }) =>
          html`<tr>
            ${values.map((value) => html`<td>${String(value)}</td>`)}${means.map(
              (mean) => html`<td class="number">${StudyTable.interval(mean, seeds)}</td>`,
            )}
          </tr>`,
      ),
      "rows",
    )}
  </details>`
}

const entries = (named: ReadonlyArray<readonly [name: string, value: string]>): Html =>
  html`<dl class="scale">
    ${named.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`

const body = (report: StudyReport, found: Found): Html => {
  const { heading } = report
  const { provenance } = found
  const data = provenance.data.map((each) => `${each.name}, sha256 ${each.digest}`)
  return html`${entries([
      ["the paper", heading.paper],
      ["scale", heading.scale],
      ["in the paper", heading.paperScale],
      ["run", StudyTable.origin(found)],
      ["data", data.length === 0 ? "no external data: generated from the seeds" : data.join("; ")],
    ])}
    ${(heading.notes ?? []).map((note) => html`<p class="muted">${prose(note)}</p>`)}
    ${table(
      [
        ["Outcome"],
        ["Finding"],
        ["Means over seeds"],
        ["Effect with 95 % confidence interval, n and p"],
      ],
      found.judged.map(expectation),
      "verdicts",
    )}
    <div class="figures">${found.figures.map(ExperimentSection.figure)}</div>
    ${groups(report, found)}`
}

/** The finding of a study is its first line, with what contradicts the paper. */
export const render = (report: StudyReport): Html => {
  const { found, heading, name, question } = report
  return html`<article>
    <h1>${heading.title}</h1>
    <p>
      ${found === undefined ? html`Registered, but not run yet.` : html`<strong>${headline([report])}</strong>`}
    </p>
    <p class="source">
      Recompute three trials:
      <code class="copy">nonconvex study ${name} --check 3</code>; recompute all:
      <code class="copy">nonconvex study ${name} --run --out again.parquet --fresh</code>
    </p>
    <p>${prose(question)}</p>
    ${found === undefined ? nothing : body(report, found)}
  </article>`
}
