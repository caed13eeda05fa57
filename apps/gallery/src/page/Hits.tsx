/** Hits of a search, each with its verdict. */
import { useEffect, useMemo, useState } from "preact/hooks"
import type { Entry, Term } from "../Parts.ts"
import { shown } from "../play/ToyList.ts"
import { type Found, search } from "../search/Search.ts"
import { Badge } from "./Badge.tsx"
import * as Packed from "./Packed.ts"
import { Prose } from "./Prose.tsx"

interface Hit extends Pick<Entry, "address" | "title" | "text" | "also" | "verdict" | "tone"> {
  readonly kind: string
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
    text: `Shows ${theorem}: ${claim}.`,
  })),
]

const ofTerm = ({ also, meaning, place, system, term }: Term): Hit => ({
  address: `glossary?to=${place}`,
  kind: "term",
  title: term,
  text: meaning,
  also: [...also, system].join(" "),
})

/** Largest number of hits shown. */
const mostHits = 60

export const Hits = ({
  entries,
  words,
}: {
  readonly entries: ReadonlyArray<Entry>
  readonly words: string
}) => {
  const [terms, setTerms] = useState<ReadonlyArray<Hit>>([])
  useEffect(() => {
    void Packed.terms().then((all) => setTerms(all.map(ofTerm)))
  }, [])
  const all = useMemo<ReadonlyArray<Hit>>(() => [...entries, ...pages, ...terms], [entries, terms])
  const isAsked = words.trim() !== ""
  const { found, meant } = useMemo<Found<Hit>>(
    () => (isAsked ? search(all, words) : { found: [] }),
    [all, words],
  )
  return (
    <>
      <h1>{isAsked ? `Results for "${words}"` : "Search"}</h1>
      {meant === undefined ? null : (
        <p>
          Did you mean <a href={`#search?words=${encodeURIComponent(meant)}`}>{meant}</a>?
        </p>
      )}
      <p class="muted" role="status">
        {found.length > mostHits
          ? `${found.length}, of which the nearest ${mostHits}`
          : `${found.length}`}
      </p>
      {isAsked && found.length === 0 ? (
        <p>
          No entry has these words. Try one of them, or the <a href="#glossary">glossary</a>, the{" "}
          <a href="#theorems">theorems</a> or the <a href="#claims">claims</a>.
        </p>
      ) : null}
      <ul class="hits">
        {found.slice(0, mostHits).map((hit) => (
          <li key={hit.address}>
            <a href={`#${hit.address}`}>{hit.title}</a> <Badge of={hit} />{" "}
            <span class="source">{`${hit.kind} · ${hit.address}`}</span>
            <p>
              <Prose text={hit.text} />
            </p>
          </li>
        ))}
      </ul>
    </>
  )
}
