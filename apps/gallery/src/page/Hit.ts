/** Everything that the search of the page covers: entries, terms of the glossary, and pages without an entry. */
import type { Entry, Term } from "../Parts.ts"
import { shown } from "../play/ToyList.ts"

/** Search hit, before it is found. */
export interface Hit extends Pick<
  Entry,
  "address" | "title" | "text" | "names" | "also" | "verdict" | "tone"
> {
  readonly kind: string
  /** Its place in words: the source of a statement, or the title of its system. */
  readonly where?: string
}

/** Pages without an entry of their own. */
const pages: ReadonlyArray<Hit> = [
  {
    address: "claims",
    kind: "list",
    title: "All claims and errata",
    text: "Every statement with its verdict and its worst margin.",
    also: "list filter",
  },
  ...Object.values(shown).map(({ claim, id, theorem, title }) => ({
    address: `play/${id}`,
    kind: "play",
    title,
    text: `Shows ${theorem}.`,
    also: claim,
  })),
]

/** All hits of a page with these entries and terms. */
export const all = (
  entries: ReadonlyArray<Entry>,
  terms: ReadonlyArray<Term>,
): ReadonlyArray<Hit> => {
  const titles = new Map(
    entries.flatMap(({ kind, system, title }) => (kind === "system" ? [[system, title]] : [])),
  )
  const within = (system: string) => {
    const where = titles.get(system)
    return where === undefined ? {} : { where }
  }
  return [
    ...entries.map((entry) =>
      entry.kind === "system"
        ? { ...entry, kind: "paper" }
        : {
            ...entry,
            ...(entry.source === undefined ? within(entry.system) : { where: entry.source }),
          },
    ),
    ...pages,
    ...terms.map(({ also, meaning, place, system, term }) => ({
      address: `glossary?to=${place}`,
      kind: "term",
      title: term,
      text: meaning,
      names: also,
      also: system,
      ...within(system),
    })),
  ]
}
