/** One experiment on the page: question, figures, expectations, settings, data. */
import { Expectation, type ExperimentResult } from "@nonconvex/evidence"
import * as Table from "../../cli/TextTable.ts"
import * as RunTable from "../RunTable.ts"
import { coded } from "./ClaimSection.ts"
import type { Code } from "./Code.ts"
import { type Html, html, nothing, prose, table } from "./Html.ts"
import * as Scale from "./Scale.ts"

type Figure = ExperimentResult["figures"][number]

/** The place of a figure, which the page draws there. */
export const figure = ({ id }: Figure): Html => html`<div data-figure="${id}"></div>`

const expectation = (each: ExperimentResult["expectations"][number]): Html =>
  html`<tr>
    <td>
      <span class="badge ${each.holds ? "good" : "bad"}">${Expectation.outcome(each)}</span>
      ${RunTable.ofSeeds(each) ?? ""}
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
        [["Outcome"], ["Expectation"], ["Observed"], ["Expected"], ["Control"]],
        rows.map(expectation),
        "verdicts",
      )

/** Number of expectations above which those that hold are folded away; failed ones are always visible. */
const mostExpectations = 8

/** Regression checks: those that hold are folded away, because they are not evidence. */
const regressions = (all: Expectations): Html => {
  if (all.length === 0) return nothing
  const holding = all.filter(({ holds }) => holds)
  return html`${expectationTable(all.filter(({ holds }) => !holds))}
    <details class="controls">
      <summary>
        ${holding.length} of ${Table.plural(all.length, "regression check")} hold (they compare with
        earlier results, so they are not evidence)
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
  html`<details>
    <summary>Settings</summary>
    <dl>
      ${Object.entries(config ?? {}).map(
        ([key, value]) =>
          html`<dt>${key}</dt>
            <dd><code>${JSON.stringify(value)}</code></dd>`,
      )}
    </dl>
  </details>`

/** Scale of an experiment relative to the paper. */
const scale = (result: ExperimentResult, preset: string): Html => {
  const entries = [
    ["scale", Scale.ofConfig(result)],
    ["data", Scale.ofData(result)],
    ["seeds", Scale.ofSeeds(result)],
    ["preset", preset],
    ["in the paper", result.paperScale ?? "unknown"],
  ] as const
  return html`<dl class="scale">
    ${entries.map(
      ([name, text]) =>
        html`<dt>${name}</dt>
          <dd>${text}</dd>`,
    )}
  </dl>`
}

/** `preset` is that of the whole report and appears in the command that reruns the experiment; `claims` are those behind it. */
export const render = (
  result: ExperimentResult,
  preset: string,
  claims: Html = nothing,
  code: Code = () => undefined,
): Html =>
  html`<article>
    <h1>${result.title}</h1>
    <p class="source">
      ${result.source.paper}, ${result.source.statement} · ${result.source.basis} ·
      ${Table.duration(result.seconds)} ·
      <code class="copy">nonconvex run ${result.id} --preset ${preset} --seed ${result.seed}</code
      >${coded(result.id, code)}
    </p>
    <p>${prose(result.question)}</p>
    ${claims}${scale(result, preset)}
    <div class="figures">${result.figures.map(figure)}</div>
    ${expectations(result.expectations.filter((each) => !Expectation.isRegression(each)))}${regressions(
      result.expectations.filter(Expectation.isRegression),
    )}${settings(result)}
    <div data-rows></div>
  </article>`
