/** The glossary as a page: the terms of the evidence and of every system. */
import type * as Parts from "@nonconvex/gallery/internal/Parts"
import * as Glossary from "../Glossary.ts"
import { type Html, html, prose } from "./Html.ts"

/** Place of a term on the page of the glossary. */
export const placeOf = ({ system, term }: Glossary.Entry): string =>
  `${system}-${term}`
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
    .replaceAll(/^-|-$/g, "")

/** The terms as a page reads them. */
export const terms: ReadonlyArray<Parts.Term> = Glossary.entries.map((each) => ({
  ...each,
  place: placeOf(each),
}))

const entry = (each: Glossary.Entry): Html =>
  html`<dt id="${placeOf(each)}">${Glossary.namesOf(each).join(" / ")}</dt>
    <dd>${prose(each.meaning)}</dd>`

/** `titles` are the titles of the systems, by id. */
export const render = (titles: ReadonlyMap<string, string>): Html => {
  const systems = [...new Set(Glossary.entries.map(({ system }) => system))]
  return html`<article>
    <h1>Glossary</h1>
    <p>
      ${Glossary.entries.length} terms of claims, commands and papers. A dotted line below a term
      leads here. <code>nonconvex explain TERM</code> prints the same.
    </p>
    ${systems.map(
      (system) =>
        html`<h2>${titles.get(system) ?? "Evidence"}</h2>
          <dl class="glossary">
            ${Glossary.entries.filter((each) => each.system === system).map(entry)}
          </dl>`,
    )}
  </article>`
}
