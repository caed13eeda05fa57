/** Terms of the glossary in markup; the first occurrence of each links to its definition. */
import type { Term } from "../Parts.ts"
import { escape } from "./Prose.ts"

/** Names that a text also uses in their everyday sense. */
const everyday = new Set(
  "above activation answer ascent ascents attempt attempts baseline baselines before after between bound broken bounded budget centre certain certified chosen claim claims class clause coefficient column columns component confidence constant control controls count counterexample delta descent deviation detected digest direction dropped effects ended epoch epsilon error estimate evidence exact exactly expectation experiment explained failure filled fingerprint folds fractions function grid guess held holds identifier instance intervals known learning likely limited loading loadings loss lower measured mechanism method metric minimiser missing model needed neighbours neuron noise nothing observation optimizer oracle pattern penalty power predicted prediction preset private probability product provenance radius random rate read reference regression relaxed replace residual resource rounding sampler scale schedule seed shown shrunk slip spike spectrum stable statement stationary stopped strategy strict strictly subspace sweep table target test threshold token trace train training trial trials unified unit unknown validation value variance verdict violation warning weight weights worker".split(
    " ",
  ),
)

const phrases = new Set([
  "flat means",
  "known of a new row",
  "little known",
  "may be",
  "next largest",
  "other bits",
  "to do",
  "violated by",
  "descent",
  "would change",
  "would decide it better",
  "best first",
  "run id",
])

const isTelling = (name: string): boolean =>
  !phrases.has(name) && (name.includes(" ") || name.length > 3) && !everyday.has(name)

const escaped = (name: string): string => name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")

/** Elements in which no term is marked. */
const closed = /^(?:a|button|code|h1|h2|h3|math|pre|script|style|summary|svg|th)$/

interface Sought {
  readonly term: Term
  readonly pattern: RegExp
}

const sought = new WeakMap<ReadonlyArray<Term>, ReadonlyArray<Sought>>()

const soughtOf = (terms: ReadonlyArray<Term>): ReadonlyArray<Sought> => {
  const before = sought.get(terms)
  if (before !== undefined) return before
  const found = terms
    .flatMap((term) =>
      [term.term, ...term.also]
        .map((name) => name.toLowerCase())
        .filter(isTelling)
        .map((name) => ({
          term,
          name,
          pattern: new RegExp(`(?<![\\w-])${escaped(escape(name))}(?:s|es)?(?![\\w-])`, "i"),
        })),
    )
    .toSorted((a, b) => b.name.length - a.name.length)
  sought.set(terms, found)
  return found
}

/** Maximum number of marked terms on a page: more would be noise. */
const most = 16

/** Marks terms in markup, each once per page: `seen` stores those marked so far. */
export const marked = (
  markup: string,
  terms: ReadonlyArray<Term>,
  seen: Set<string>,
  linkOf: (term: Term) => string = ({ place }) => `#glossary?to=${place}`,
): string => {
  const all = soughtOf(terms)
  const open: Array<string> = []
  const inText = (text: string): string => {
    if (seen.size >= most || text.trim() === "") return text
    for (const { pattern, term } of all) {
      if (seen.has(term.place)) continue
      const found = pattern.exec(text)
      if (found === null) continue
      seen.add(term.place)
      const end = found.index + found[0].length
      const link = `<a class="term" href="${escape(linkOf(term))}" title="${escape(term.meaning)}">${found[0]}</a>`
      return inText(text.slice(0, found.index)) + link + inText(text.slice(end))
    }
    return text
  }
  return markup
    .split(/(<[^>]*>)/)
    .map((piece) => {
      const tag = /^<(\/?)([a-z][\w-]*)[^>]*?(\/?)>$/i.exec(piece)
      if (tag === null) return piece.startsWith("<") || open.length > 0 ? piece : inText(piece)
      const name = tag[2]!.toLowerCase()
      if (!closed.test(name)) return piece
      if (tag[1] === "/") open.pop()
      else if (tag[3] !== "/") open.push(name)
      return piece
    })
    .join("")
}
