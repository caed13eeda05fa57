/** Statements that are false as printed, with counterexamples: those read in the paper, and those that it may not contain. */
import { Exact } from "@nonconvex/evidence"
import * as Verdict from "@nonconvex/evidence/Verdict"
import * as Table from "../../cli/TextTable.ts"
import { type Html, html, nothing, prose, table } from "./Html.ts"
import { readAs } from "../Verdicts.ts"
import { nameOf } from "@nonconvex/gallery/internal/Page"
import { badge, counterexample, source } from "./ClaimSection.ts"

/** Tests whether a verdict concerns an erratum. */
export const isOnErratum = (verdict: Verdict.Verdict): verdict is Verdict.OnErratum =>
  verdict._tag === "Refuted" || verdict._tag === "Unrefuted"

/**
 * Counterexample in exact numbers, or the reason why a statement is refuted only in floating point; absent in earlier
 * results.
 */
const exactly = ({ exact }: Extract<Verdict.OnErratum, { readonly _tag: "Refuted" }>): Html => {
  if (exact === undefined) return nothing
  if ("inFloatingPoint" in exact) {
    return html`<p>Refuted in floating point: ${prose(exact.inFloatingPoint)}</p>`
  }
  const { instance, spared, steps } = exact
  return html`<p>Refuted <strong>${Exact.describe(exact)}</strong></p>
    <ol>
      ${[instance, ...steps].map((line) => html`<li><code>${line}</code></li>`)}
    </ol>
    <p class="source">The same calculation does not refute: ${spared.join("; ")}.</p>`
}

const finding = (verdict: Verdict.OnErratum): Html =>
  verdict._tag === "Refuted"
    ? html`${exactly(verdict)}
        <p>Smallest counterexample found: ${counterexample(verdict.counterexample)}</p>
        <p>
          ${prose(verdict.explanation)}
          <a href="#${verdict.corrected}">${nameOf(verdict.corrected)}</a> holds instead.
        </p>`
    : html`<p>No counterexample in ${Table.plural(verdict.runs, "run")}.</p>`

/** Class of the erratum, and where the statement was read; absent in earlier results. */
const known = ({ class: of, read }: Verdict.OnErratum): Html => {
  const place = read === undefined ? undefined : readAs(read)
  const words = [of, place].filter((word) => word !== undefined)
  return words.length === 0 ? nothing : html`<br /><span class="source">${words.join(" · ")}</span>`
}

/** An erratum with its counterexample. */
export const one = (verdict: Verdict.OnErratum): Html =>
  html`<div class="erratum">
    <p>${badge(verdict)} <span data-statement="${verdict.id}"></span></p>
    <p>
      <a href="#${verdict.id}">${nameOf(verdict.id)}</a> ·
      ${source(verdict.source)}${known(verdict)}
    </p>
    ${finding(verdict)}
  </div>`

const overview = (errata: ReadonlyArray<Verdict.OnErratum>): Html =>
  table(
    [["Erratum"], ["What falls"], ["Refuted"], ["Read at"]],
    errata.map(
      (verdict) =>
        html`<tr>
          <td>
            <a href="#${verdict.id}">${nameOf(verdict.id)}</a>
          </td>
          <td>${verdict.class ?? "not stated"}</td>
          <td>${verdict._tag === "Refuted" ? Verdict.howSure(verdict) : "no"}</td>
          <td>${verdict.read?.as === "printed" ? verdict.read.place : verdict.source.statement}</td>
        </tr>`,
    ),
    "",
    "errata",
  )

/** Classes by how much falls with the statement. */
const classes = ["theorem false", "scope", "gap in a proof", "constant", "slip"] as const

const rankOf = (verdict: Verdict.OnErratum): number => {
  const at = classes.findIndex((each) => each === verdict.class)
  return (Verdict.wasRead(verdict) ? 0 : classes.length) + (at === -1 ? classes.length - 1 : at)
}

/** Errata by how much they matter: those read in print first, and of these the false theorems. */
const ranked = (errata: ReadonlyArray<Verdict.OnErratum>): ReadonlyArray<Verdict.OnErratum> =>
  errata.toSorted((a, b) => rankOf(a) - rankOf(b))

/** Errata that were read in print: the consequences of each, then the counterexamples. Empty if there are none. */
export const read = (errata: ReadonlyArray<Verdict.OnErratum>): ReadonlyArray<Html> => {
  const counted = ranked(errata).filter(Verdict.wasRead)
  return counted.length === 0 ? [] : [overview(counted), ...counted.map(one)]
}

/** All errata on a page. */
export const list = (errata: ReadonlyArray<Verdict.OnErratum>): Html => {
  const printed = errata.filter(Verdict.wasRead)
  const refuted = printed.filter(({ _tag }) => _tag === "Refuted")
  return html`<article>
    <h1>Errata</h1>
    <p>
      ${refuted.length} of ${Table.plural(printed.length, "printed statement")} here
      ${refuted.length === 1 ? "is" : "are"} refuted by a counterexample. False theorems come first,
      then gaps in proofs, wrong constants and slips. Each names the claim that holds instead.
    </p>
    ${read(errata)}
    ${
      errata.length === printed.length
        ? nothing
        : html`<h2>If the paper says so</h2>
            <p>
              Recalled or derived statements, which were not read in print. They are not counted.
            </p>`
    }
    ${unread(errata)}
  </article>`
}

/** Errata of statements that no one has read in print. */
export const unread = (errata: ReadonlyArray<Verdict.OnErratum>): ReadonlyArray<Html> =>
  ranked(errata)
    .filter((verdict) => !Verdict.wasRead(verdict))
    .map(one)
