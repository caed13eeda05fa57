/** A claim on the page: its verdict, its margins and its controls. */
import { Exact } from "@nonconvex/evidence"
import * as Verdict from "@nonconvex/evidence/Verdict"
import { Record } from "effect"
import * as Instance from "@nonconvex/evidence/Instance"
import * as Table from "../../cli/TextTable.ts"
import { toys } from "@nonconvex/gallery/internal/Page"
import type * as Parts from "@nonconvex/gallery/internal/Parts"
import type { Code } from "./Code.ts"
import { type Html, html, nothing } from "./Html.ts"

const badges = {
  Held: ["good", "held"],
  Refuted: ["note", "refuted"],
  Falsified: ["bad", "falsified"],
  Toothless: ["bad", "toothless"],
  Unrefuted: ["bad", "not refuted"],
  Broken: ["bad", "broken"],
  Undecided: ["bad", "undecided"],
} as const satisfies Record<Verdict.Verdict["_tag"], readonly [kind: string, word: string]>

/** The verdict in a word. */
export const wordOf = ({ _tag }: Verdict.Verdict): string => badges[_tag][1]

export const badge = ({ _tag }: Verdict.Verdict): Html => {
  const [kind, word] = badges[_tag]
  return html`<span class="badge ${kind}">${word}</span>`
}

/** The place in the page where a token is replayed, step by step. */
const replayed = (token: string): Html => html`<a href="#replay/${token}">Replay it here</a>`

/** Comparison that was violated, and its margin. */
const measured = (found: Verdict.Counterexample): Html =>
  html`<span class="muted"
    >${found.compared === undefined ? "" : `${Instance.comparison(found.compared)}, `}margin
    ${Table.margin(found.margin)}${found.exact === undefined ? "" : `; ${Exact.describe(found.exact)}`}</span
  >`

/** The instance, its margin, the command that shows it again, and the page where it is replayed. */
export const counterexample = (found: Verdict.Counterexample): Html =>
  html`<code>${Instance.inline(found.instance)}</code> (${measured(found)})<br /><code class="copy"
      >nonconvex replay ${found.replay}</code
    >
    ${replayed(found.replay)}`

export const source = ({ basis, paper, statement }: Verdict.Verdict["source"]): Html =>
  html`<span class="source">${paper}, ${statement} · ${basis}</span>`

const caught = ({ control, counterexample: found, runs }: Verdict.Caught): Html =>
  html`<li>
    <strong>${control}</strong>, detected in ${Table.plural(runs, "run")}: ${measured(found)}.
    ${replayed(found.replay)}
  </li>`

const evidence = (verdict: Verdict.Verdict): Html => {
  switch (verdict._tag) {
    case "Held":
      return html`<h2>Controls: changes that must break it</h2>
        <ul>
          ${verdict.caught.map(caught)}
        </ul>`
    case "Falsified":
      return html`violated by ${counterexample(verdict.counterexample)}`
    case "Toothless":
      return html`also holds under the control ${verdict.survived.join(", ")}`
    case "Broken":
      return html`${verdict.reason} at ${counterexample(verdict.counterexample)}`
    case "Undecided":
      return html`the time budget ended`
    case "Refuted":
    case "Unrefuted":
      return nothing
  }
}

const runsOf = (verdict: Verdict.Verdict): string =>
  "runs" in verdict
    ? [
        `${Table.plural(verdict.runs, "instance")} drawn`,
        ...(verdict.tried === undefined ? [] : [Verdict.howFar(verdict.tried)]),
        ...horizonsOf(verdict),
      ].join("; ")
    : ""

const horizonsOf = (verdict: Verdict.Verdict): ReadonlyArray<string> =>
  verdict._tag === "Held" ? (verdict.horizons ?? []).map(Verdict.inHorizon) : []

type Held = typeof Verdict.Held.Type

/** Describes the looseness of an inequality; empty for other statements. */
export const looseness = (held: Held): string => {
  const compared = held.nearest?.compared
  if (compared === undefined || compared.relation === "equal") return ""
  const factor = Verdict.looseness(held)
  if (factor === undefined) return "Tight: within a tenth of the bound."
  if (factor === Number.POSITIVE_INFINITY) return `Loose: ${Instance.comparison(compared)}.`
  const times = Table.margin(factor)
  return compared.relation === "at most"
    ? `Loose: its bound is ${times} times the largest value found.`
    : `Loose: the smallest value found is ${times} times its bound.`
}

/** One digit more than the page shows. */
const shortly = (value: number): number => Number(value.toPrecision(4))

/** Margins with the digits that are shown. */
export const marginsInShort = ({
  histogram,
  reached,
  ...quantiles
}: Verdict.Margins): Verdict.Margins => ({
  ...Record.map(quantiles, shortly),
  ...(reached !== undefined && { reached: reached.map(shortly) }),
  ...(histogram !== undefined && {
    histogram: {
      ...histogram,
      least: shortly(histogram.least),
      largest: shortly(histogram.largest),
    },
  }),
})

/** Data for the page's picture of the margins of a claim that held. */
export const measuredOf = (held: Held): Parts.Measured => ({
  runs: held.runs,
  margins: marginsInShort(held.margins),
  ...(held.nearest !== undefined && { nearest: held.nearest }),
  loose: looseness(held),
})

/** Address of the data of a claim that the page does not hold as markup. */
const marginsOf = (verdict: Verdict.Verdict): Html =>
  verdict._tag === "Held" ? html`<div data-measured></div>` : nothing

/** Toys that show the statement. */
const played = ({ id }: Verdict.Verdict): ReadonlyArray<Html> =>
  Object.values(toys)
    .filter(({ claim }) => claim === id)
    .map((toy) => html` · <a href="#play/${toy.id}">Play: ${toy.title}</a>`)

/** Link to the source of a claim, an erratum or an experiment. */
export const coded = (id: string, code: Code): Html => {
  const to = code(id)
  return to === undefined ? nothing : html` · <a href="${to}">Source code</a>`
}

/** A claim: its statement, its closest call, the defect by which each control was detected, and the command that replays it. */
export const render = (verdict: Verdict.Verdict, code: Code = () => undefined): Html =>
  html`<article>
    <h1>${badge(verdict)} ${verdict.id}</h1>
    <p data-statement="${verdict.id}"></p>
    <p>
      ${source(verdict.source)} ·
      <code class="copy">nonconvex verify ${verdict.id}</code
      >${played(verdict)}${coded(verdict.id, code)}
    </p>
    <p class="muted">${runsOf(verdict)}</p>
    ${marginsOf(verdict)} ${evidence(verdict)}
  </article>`
