/** Hits of a search, each with its verdict. */
import { useEffect, useMemo, useState } from "preact/hooks"
import type { Entry, Term } from "../Parts.ts"
import { type Found, search } from "../search/Search.ts"
import { Badge } from "./Badge.tsx"
import * as Hit from "./Hit.ts"
import * as Packed from "./Packed.ts"
import { Prose } from "./Prose.tsx"

/** Largest number of hits shown. */
const mostHits = 60

export const Hits = ({
  entries,
  words,
}: {
  readonly entries: ReadonlyArray<Entry>
  readonly words: string
}) => {
  const [terms, setTerms] = useState<ReadonlyArray<Term>>([])
  useEffect(() => {
    void Packed.terms().then(setTerms)
  }, [])
  const all = useMemo(() => Hit.all(entries, terms), [entries, terms])
  const isAsked = words.trim() !== ""
  const { found, meant } = useMemo<Found<Hit.Hit>>(
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
            <span class="source">
              {hit.where === undefined ? hit.kind : `${hit.kind} · ${hit.where}`}
            </span>
            <p>
              <Prose text={hit.text} />
            </p>
          </li>
        ))}
      </ul>
    </>
  )
}
