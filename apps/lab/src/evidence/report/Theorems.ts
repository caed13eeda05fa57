/** Statements of a paper, theorem by theorem: whether each holds, how it was tested, and how tight its bound is. */
import { Kind } from "@nonconvex/evidence"
import * as Paper from "@nonconvex/evidence/Paper"
import * as Verdict from "@nonconvex/evidence/Verdict"
import * as Extent from "@nonconvex/evidence/Extent"
import * as Table from "../../cli/TextTable.ts"
import { badge, looseness, source } from "./ClaimSection.ts"
import { isOnErratum } from "./Errata.ts"
import { type Html, html, nothing, prose, table } from "./Html.ts"
import { nameOf } from "@nonconvex/gallery/internal/Page"
import * as NumberedPlaces from "./NumberedPlaces.ts"

/** Answer to whether a statement holds: a word for a badge, and a sentence. */
export interface Answer {
  readonly word: string
  readonly tone: "good" | "note" | "bad"
  readonly text: string
}

/** One statement of a paper with its verdicts. */
export interface Theorem {
  /** `Theorem 3.3`, or the words of its source if it has no number. */
  readonly name: string
  /** The name with its paper: `Theorem 3.3 of Zhang, Yang, Karbasi, He 2023`. */
  readonly title: string
  readonly address: string
  readonly verdicts: ReadonlyArray<Verdict.Verdict>
  readonly answer: Answer
}

/** Paper with the verdicts on its statements. */
export interface Of {
  readonly id: string
  readonly paper: Paper.Paper
  readonly verdicts: ReadonlyArray<Verdict.Verdict>
}

const isHeld = (verdict: Verdict.Verdict): verdict is typeof Verdict.Held.Type =>
  verdict._tag === "Held"

/** Parts of a paper that state something to be proved. */
const proved = new Set([
  "theorem",
  "proposition",
  "corollary",
  "lemma",
  "statement",
  "equation",
  "appendix",
])

const citation = /^[A-Z][\w-]+(?:(?:,? and |, )[A-Z][\w-]+)*(?: et al\.)? \d{4}/

/** Paper of a statement, if it is not that of its system. */
const elsewhere = ({ source: from }: Verdict.Verdict, own: string): string => {
  if (from.paper !== own) return `${from.paper}, `
  const other = citation.exec(from.statement)?.[0]
  return other === undefined ? "" : `${other}, `
}

/** True for a statement of the paper itself, as opposed to one derived here. */
const isOfPaper = (verdict: Verdict.Verdict): boolean =>
  isOnErratum(verdict) ||
  (verdict.source.basis !== "derived here" && Kind.of(verdict.source) === "theorem")

const namesOf = (verdict: Verdict.Verdict, own: string): ReadonlyArray<string> => {
  const { statement } = verdict.source
  const from = elsewhere(verdict, own)
  const numbered = NumberedPlaces.placesIn(statement).filter(
    ({ kind }) => isOfPaper(verdict) || proved.has(kind),
  )
  if (numbered.length > 0) return numbered.map((place) => from + NumberedPlaces.nameOf(place))
  if (!isOfPaper(verdict)) return []
  return [from === "" || statement.startsWith(from.slice(0, -2)) ? statement : from + statement]
}

/** Number of a name, if it has one and belongs to the paper itself. */
const placeOf = (name: string): NumberedPlaces.NumberedPlace | undefined => {
  const [place] = NumberedPlaces.placesIn(name)
  return place !== undefined && NumberedPlaces.nameOf(place) === name ? place : undefined
}

const inOrder = (a: string, b: string): number => {
  const [first, second] = [placeOf(a), placeOf(b)]
  if (first !== undefined && second !== undefined) return NumberedPlaces.compare(first, second)
  return Number(first === undefined) - Number(second === undefined)
}

/** Maximum number of words of an address. */
const mostWords = 8

const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== "")
    .slice(0, mostWords)
    .join("-")

/** `200 random instances of each of 3 claims; dimension up to 12, steps up to 3000`. */
export const howFar = (verdicts: ReadonlyArray<Verdict.Verdict>): string => {
  const held = verdicts.filter(isHeld)
  if (held.length === 0) return ""
  const runs = held.map((each) => each.runs)
  const [least, most] = [Math.min(...runs), Math.max(...runs)]
  const each = held.length === 1 ? "" : ` of each of ${held.length} claims`
  const drawn =
    most === 1
      ? `one computation on fixed seeds${each}`
      : `${least === most ? most : `${least} to ${most}`} instances${each}`
  const ways = [...new Set(held.flatMap(({ tried }) => tried?.way ?? []))]
  const extent = held.reduce<Extent.Extent>(
    (sum, { tried }) => Extent.join(sum, tried?.extent ?? {}),
    {},
  )
  return [
    [drawn, ...(ways.length === 0 ? [] : [`${ways.join(" and ")} search`])].join(", "),
    Extent.describe(extent),
  ]
    .filter((part) => part !== "")
    .join("; ")
}

const statusOf = (verdicts: ReadonlyArray<Verdict.Verdict>): string => {
  const bases = new Set(verdicts.map(({ source: { basis } }) => basis))
  const words = (
    [
      ["as printed", "printed"],
      ["as recalled", "recalled"],
      ["corrected", "corrected"],
      ["derived here", "ours"],
    ] as const
  ).flatMap(([basis, word]) => (bases.has(basis) ? [word] : []))
  return words.join(", ")
}

const faults = [
  ["theorem false", "false", "bad"],
  ["constant", "another constant", "note"],
  ["gap in a proof", "holds, proof has a gap", "note"],
  ["slip", "holds, with a slip", "note"],
  ["scope", "holds in a smaller scope", "note"],
] as const

const sentences = {
  "theorem false": "is false",
  constant: "has a wrong constant",
  "gap in a proof": "is a false step of a proof, and the theorem may hold",
  slip: "has a slip without consequences",
  scope: "is false in the scope in which we read it",
} as const satisfies Record<(typeof faults)[number][0], string>

const ofFaults = (
  errata: ReadonlyArray<Verdict.OnErratum>,
  held: ReadonlyArray<Verdict.Verdict>,
): Answer => {
  const worst = faults.find(([kind]) => errata.some((each) => each.class === kind)) ?? faults[0]
  const [kind, word, tone] = worst
  const wasRead = errata.some(Verdict.wasRead)
  const isPart =
    kind === "theorem false" &&
    held.some(({ source: { basis } }) => basis !== "corrected" && basis !== "derived here")
  const far = howFar(held)
  const rest =
    far === "" ? "" : ` ${isPart ? "Its other parts hold" : "Mended, it holds"} as far as ${far}.`
  const names = errata
    .filter((each) => (each.class ?? "theorem false") === kind)
    .map((each) => `“${nameOf(each.id)}”`)
    .join(" and ")
  return {
    word: `${isPart ? "holds in part" : word}${wasRead ? "" : ", if the paper says so"}`,
    tone: isPart ? "note" : tone,
    text: `${kind === "theorem false" ? (isPart ? "In part" : "No") : "Yes, mended"}: as ${wasRead ? "printed" : "recalled"}, ${names} ${sentences[kind]}.${rest}`,
  }
}

const answerOf = (verdicts: ReadonlyArray<Verdict.Verdict>): Answer => {
  const against = verdicts.filter((verdict) => !Verdict.isExpected(verdict))
  if (against.length > 0) {
    return {
      word: "in doubt",
      tone: "bad",
      text: `It is in doubt: ${against.map(({ id }) => nameOf(id)).join(", ")} did not come out as stated in this run.`,
    }
  }
  const errata = verdicts.filter(isOnErratum)
  const held = verdicts.filter(isHeld)
  if (errata.length > 0) return ofFaults(errata, held)
  const far = howFar(held)
  const bases = new Set(held.map(({ source: { basis } }) => basis))
  if (bases.has("as printed") || bases.has("as recalled")) {
    const recalled = bases.has("as printed")
      ? ""
      : " The statement is recalled, and was not read in print."
    return {
      word: "holds as far as tried",
      tone: "good",
      text: `Yes, as far as ${far}.${recalled}`,
    }
  }
  return bases.has("corrected")
    ? { word: "holds corrected", tone: "note", text: `Corrected, it holds as far as ${far}.` }
    : {
        word: "our version holds",
        tone: "note",
        text: `As far as our version of it goes: it holds in ${far}.`,
      }
}

/** The statements of a paper in its order: first those with a number. */
export const theoremsOf = ({ id, paper, verdicts }: Of): ReadonlyArray<Theorem> => {
  const own = Paper.cited(paper)
  const found = new Map<string, Array<Verdict.Verdict>>()
  for (const verdict of verdicts) {
    for (const name of namesOf(verdict, own)) {
      const known = found.get(name)
      if (known === undefined) found.set(name, [verdict])
      else if (!known.includes(verdict)) known.push(verdict)
    }
  }
  return [...found]
    .toSorted(([a], [b]) => inOrder(a, b))
    .map(([name, all]) => ({
      name,
      title: placeOf(name) === undefined ? name : `${name} of ${own}`,
      address: `theorem/${id}/${slugOf(name)}`,
      verdicts: all,
      answer: answerOf(all),
    }))
}

/** Badge of an answer. */
const badgeOf = ({ tone, word }: Answer): Html => html`<span class="badge ${tone}">${word}</span>`

/** Distance of the closest instance from a bound, in units of the bounded quantity. */
const nearness = (held: typeof Verdict.Held.Type, factor: number): string => {
  const { quantity = "value", relation } = held.nearest!.compared!
  if (factor === 1) return `tight: the ${quantity} comes within a tenth of its bound`
  if (!Number.isFinite(factor)) return `loose: the ${quantity} stays far from its bound`
  const times = Table.margin(factor)
  return relation === "at least"
    ? `loose: the least ${quantity} found is ${times} times the required one`
    : `loose: the bound is ${times} times the largest ${quantity} found`
}

/** Distance of the nearest instance from a bound of a statement; empty for statements without one. */
const tightness = (verdicts: ReadonlyArray<Verdict.Verdict>): string => {
  const bounds = verdicts
    .filter(isHeld)
    .filter((verdict) => looseness(verdict) !== "")
    .map((held) => ({ held, factor: Verdict.looseness(held) ?? 1 }))
    .toSorted((a, b) => a.factor - b.factor)
  const [nearest] = bounds
  return nearest === undefined ? "" : nearness(nearest.held, nearest.factor)
}

/** Statements of a row that are named. */
const mostNamed = 3

/** Links of a row to its claims and errata, by their names. */
const about = (verdicts: ReadonlyArray<Verdict.Verdict>): Html => {
  const named = verdicts.slice(0, mostNamed)
  const more = verdicts.length - named.length
  return html`<p class="source">
    ${named.map((each) => html`<a href="#${each.id}">${nameOf(each.id)}</a>${each === named.at(-1) ? "" : ", "}`)}${
      more === 0 ? "" : ` and ${more} more`
    }
  </p>`
}

/** The table of the statements of a paper. */
export const render = (theorems: ReadonlyArray<Theorem>, paper: Paper.Paper): Html =>
  theorems.length === 0
    ? nothing
    : table(
        [["Statement"], ["Source"], ["Does it hold?"], ["How tight"]],
        theorems.map(
          ({ address, answer, name, verdicts }) =>
            html`<tr>
              <td class="statement"><a href="#${address}">${name}</a>${about(verdicts)}</td>
              <td>${statusOf(verdicts)}</td>
              <td class="statement">${badgeOf(answer)} ${answer.text}</td>
              <td>${tightness(verdicts)}</td>
            </tr>`,
        ),
        "verdicts",
        `theorems of ${Paper.cited(paper)}`,
      )

/** One statement: whether it holds, with its verdicts. */
export const one = ({ id, paper }: Of, { answer, title, verdicts }: Theorem): Html =>
  html`<article>
    <h1>${title}: does it hold?</h1>
    <p class="source">
      <a href="#${id}">${Paper.cited(paper)}, <cite>${paper.title}</cite></a>
    </p>
    <p>${badgeOf(answer)} ${answer.text}</p>
    ${verdicts.map(
      (verdict) =>
        html`<div class="behind">
          <p>
            ${badge(verdict)}
            <a href="#${verdict.id}">${nameOf(verdict.id)}</a>
          </p>
          <p>${prose(verdict.statement)}</p>
          <p>${source(verdict.source)}</p>
        </div>`,
    )}
    <p><a href="#theorems">All statements of the seven papers</a></p>
  </article>`

/** The statements of all papers on a page. */
export const all = (systems: ReadonlyArray<Of>): Html =>
  html`<article>
    <h1>Do the theorems hold?</h1>
    <p>
      A program tried to break each statement on random instances, also with variants that must
      fail. No such search is a proof. <em>Printed</em> statements were read in the paper,
      <em>recalled</em> ones are believed to be there, <em>corrected</em> ones correct an error, and
      <em>ours</em> are versions that this project derived.
    </p>
    ${systems.map((of) => {
      const theorems = theoremsOf(of)
      return theorems.length === 0
        ? nothing
        : html`<h2><a href="#${of.id}">${Paper.cited(of.paper)}</a></h2>
            ${render(theorems, of.paper)}`
    })}
  </article>`
