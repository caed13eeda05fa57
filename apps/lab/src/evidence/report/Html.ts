/** HTML as values that are safe by construction: inserted text is escaped. */
import * as Prose from "@nonconvex/gallery/internal/Prose"

/** A piece of markup. */
export class Html {
  readonly markup: string
  constructor(markup: string) {
    this.markup = markup
  }
}

type Part = string | number | Html | ReadonlyArray<Html>

const markupOf = (part: Part): string => {
  if (part instanceof Html) return part.markup
  return typeof part === "object"
    ? part.map(({ markup }) => markup).join("")
    : Prose.escape(String(part))
}

/** Markup template: inserted texts and numbers are escaped, markup and lists of it are not. */
export const html = (strings: TemplateStringsArray, ...parts: ReadonlyArray<Part>): Html =>
  new Html(strings.map((text, i) => text + (i < parts.length ? markupOf(parts[i]!) : "")).join(""))

/** Markup from a source that generates it itself, such as a drawing. */
export const trusted = (markup: string): Html => new Html(markup)

export const nothing: Html = new Html("")

/** Heading of a column, and whether the column is numeric. */
type Column = readonly [heading: string, isNumber?: boolean]

const classed = (name: string): Html => (name === "" ? nothing : html` class="${name}"`)

/** Table that scrolls if the page is too narrow. */
export const table = (
  columns: ReadonlyArray<Column>,
  rows: ReadonlyArray<Html>,
  kind: "" | "verdicts" | "rows" = "",
  label = "table",
): Html => {
  const headings = columns.map(
    ([heading, isNumber = false]) => html`<th${classed(isNumber ? "number" : "")}>${heading}</th>`,
  )
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table${classed(kind)}>
      <thead><tr>${headings}</tr></thead>
      <tbody>${rows}</tbody>
    </table></div>`
}

/** Prose in which `backquotes` mark code and **pairs of stars** mark emphasis; its formulas are typeset. */
export const prose = (text: string): Html => new Html(Prose.markupOf(text))
