/** One experiment on the page: question, figures, expectations, settings, data. */
import { Expectation, type ExperimentResult, type Row } from "@nonconvex/evidence"
import * as Table from "../../cli/TextTable.ts"
import * as Csv from "../../files/Csv.ts"
import * as RunTable from "../RunTable.ts"
import { type Drawings, keyOf } from "./Drawings.ts"
import { type Html, html, nothing, prose, table, trusted } from "./Html.ts"
import * as Scale from "./Scale.ts"
import type { Drawn } from "./Svg.ts"

type Figure = ExperimentResult["figures"][number]

const picture = (drawn: Drawn): Html =>
  drawn._tag === "Picture"
    ? trusted(drawn.svg)
    : html`<p class="callout">This figure cannot be drawn: ${drawn.reason}</p>`

const missing = { _tag: "Undrawable", reason: "it is missing" } as const

/** A figure with its caption, of the experiment or the study of this id. */
export const figure =
  (experiment: string, drawings: Drawings) =>
  ({ caption, id, title }: Figure): Html => {
    const { narrow, wide } = drawings.get(keyOf(experiment, id)) ?? {
      narrow: missing,
      wide: missing,
    }
    return html`<figure>
      <div class="wide">${picture(wide)}</div>
      <div class="narrow">${picture(narrow)}</div>
      <figcaption><strong>${title}</strong>${prose(caption)}</figcaption>
    </figure>`
  }

const expectation = (each: ExperimentResult["expectations"][number]): Html =>
  html`<tr>
    <td>
      <span class="badge ${each.holds ? "good" : "bad"}">${Expectation.outcome(each)}</span>
    </td>
    <td>${prose(each.statement)}</td>
    <td class="mono">${each.observed}</td>
    <td class="mono">${each.expected}</td>
    <td>${prose(RunTable.against(each) ?? "")}</td>
  </tr>`

type Expectations = ExperimentResult["expectations"]

const expectationTable = (rows: Expectations): Html =>
  rows.length === 0
    ? nothing
    : table(
        [[""], ["Expectation"], ["Observed"], ["Expected"], ["Control"]],
        rows.map(expectation),
        "verdicts",
      )

/** More expectations than this fold away once they hold; those that fail are always in sight. */
const mostExpectations = 8

/** Comparisons with numbers of before: those that hold are out of the way, for they are no evidence. */
const regressions = (all: Expectations): Html => {
  if (all.length === 0) return nothing
  const holding = all.filter(({ holds }) => holds)
  return html`${expectationTable(all.filter(({ holds }) => !holds))}
    <details class="controls">
      <summary>
        ${holding.length} of ${Table.plural(all.length, "regression")} hold: numbers of before, and
        no evidence
      </summary>
      ${expectationTable(holding)}
    </details>`
}

const expectations = (all: Expectations): Html => {
  if (all.length <= mostExpectations) return expectationTable(all)
  const holding = all.filter(({ holds }) => holds)
  return html`${expectationTable(all.filter(({ holds }) => !holds))}
    <details class="controls">
      <summary>${holding.length} of ${all.length} expectations hold</summary>
      ${expectationTable(holding)}
    </details>`
}

const settings = ({ config }: ExperimentResult): Html =>
  html`<details class="screen">
    <summary>Settings</summary>
    <dl>
      ${Object.entries(config ?? {}).map(
        ([key, value]) =>
          html`<dt>${key}</dt>
            <dd><code>${JSON.stringify(value)}</code></dd>`,
      )}
    </dl>
  </details>`

/** What the experiment is of, beside what the paper's own is. */
const scale = (result: ExperimentResult, preset: string): Html => {
  const entries = [
    ["scale", Scale.ofConfig(result)],
    ["data", Scale.ofData(result)],
    ["seeds", Scale.ofSeeds(result)],
    ["preset", preset],
    ["the paper's own", result.paperScale ?? "not known to us"],
  ] as const
  return html`<dl class="scale">
    ${entries.map(
      ([name, text]) =>
        html`<dt>${name}</dt>
          <dd>${text}</dd>`,
    )}
  </dl>`
}

/** More rows than this are in the file alone. */
const mostRows = 200

const cell = (value: Row[string] | undefined): Html =>
  typeof value === "number"
    ? html`<td class="number">${Table.number(value)}</td>`
    : html`<td>${String(value ?? "")}</td>`

const data = ({ id, rows }: ExperimentResult): Html => {
  if (rows.length === 0) return nothing
  const names = Csv.columns(rows)
  const file = `${id.replaceAll("/", "-")}.csv`
  const uri = `data:text/csv;charset=utf-8,${encodeURIComponent(Csv.encode(rows))}`
  const more =
    rows.length > mostRows
      ? html`<p class="muted">The first ${mostRows} rows; the file has all of them.</p>`
      : nothing
  return html`<details class="screen">
    <summary>Data: ${Table.plural(rows.length, "row")}</summary>
    <p><a href="${uri}" download="${file}">${file}</a></p>
    ${more}${table(
      names.map((name) => [name, typeof rows[0]?.[name] === "number"]),
      rows.slice(0, mostRows).map(
        (row) =>
          html`<tr>
            ${names.map((name) => cell(row[name]))}
          </tr>`,
      ),
      "rows",
    )}
  </details>`
}

/** `preset` is that of the whole report: the command that reruns the experiment names it. */
export const render = (result: ExperimentResult, drawings: Drawings, preset: string): Html =>
  html`<section id="${result.id}">
    <h4>${result.title}</h4>
    <p class="source">
      ${result.source.paper}, ${result.source.statement} · ${result.source.basis} ·
      ${Table.duration(result.seconds)} ·
      <code class="copy">nonconvex run ${result.id} --preset ${preset} --seed ${result.seed}</code>
    </p>
    <p>${prose(result.question)}</p>
    ${scale(result, preset)}
    <div class="figures">${result.figures.map(figure(result.id, drawings))}</div>
    ${expectations(result.expectations.filter((each) => !Expectation.isRegression(each)))}${regressions(
      result.expectations.filter(Expectation.isRegression),
    )}${settings(result)}${data(result)}
  </section>`
