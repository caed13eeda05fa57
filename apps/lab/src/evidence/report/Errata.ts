/** Statements that are false as they stand, with their counterexamples. */
import type { Verdict } from "@nonconvex/evidence"
import * as Table from "../../cli/TextTable.ts"
import { type Html, html, prose } from "./Html.ts"
import { badge, counterexample, source } from "./VerdictTable.ts"

type OnErratum = Extract<Verdict.Verdict, { readonly _tag: "Refuted" | "Unrefuted" }>

export const isOnErratum = (verdict: Verdict.Verdict): verdict is OnErratum =>
  verdict._tag === "Refuted" || verdict._tag === "Unrefuted"

const finding = (verdict: OnErratum): Html =>
  verdict._tag === "Refuted"
    ? html`<p>Smallest counterexample found: ${counterexample(verdict.counterexample)}</p>
        <p>
          ${prose(verdict.explanation)}
          <a href="#${verdict.corrected}"><code>${verdict.corrected}</code></a> holds instead.
        </p>`
    : html`<p>No counterexample in ${Table.plural(verdict.runs, "run")}.</p>`

export const render = (verdict: OnErratum): Html =>
  html`<div class="erratum" id="${verdict.id}">
    <p>${badge(verdict)} ${prose(verdict.statement)}</p>
    <p><code>${verdict.id}</code> · ${source(verdict.source)}</p>
    ${finding(verdict)}
  </div>`
