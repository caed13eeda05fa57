/** Search of entries by words and by kind. */
import type { Entry } from "../Parts.ts"

/** Text fields that a search looks through. */
interface Findable extends Pick<Entry, "address" | "text" | "title"> {
  readonly kind?: string
  readonly basis?: string
  readonly class?: string
  readonly source?: string
  readonly verdict?: string
}

/** By what claims and errata can be told apart. */
export const facets = ["system", "verdict", "basis", "class"] as const
export type Facet = (typeof facets)[number]

export type Wanted = Readonly<Partial<Record<Facet, string>>>

/** Letters as the page shows them, and as statements have them. */
const letters: Readonly<Record<string, string>> = Object.fromEntries(
  "α alpha β beta γ gamma δ delta ε epsilon η eta κ kappa λ lambda μ mu ρ rho σ sigma τ tau θ theta ∇ grad ≤ <= ≥ >= − -"
    .split(" ")
    .flatMap((letter, i, all) => (i % 2 === 0 ? [[letter, all[i + 1]!]] : [])),
)

const plain = (text: string): string =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll("\u00AD", "")
    .replaceAll(/[α-ω∇≤≥−]/g, (letter) => letters[letter] ?? letter)

/** Stop words of a query. */
const idle = new Set(
  "a an and are can do does how in is it of on the to what when which why".split(" "),
)

const wordsOf = (text: string): ReadonlyArray<string> => {
  const all = plain(text)
    .split(/[\s?!,;]+/)
    .filter((word) => word !== "")
  const telling = all.filter((word) => !idle.has(word))
  return telling.length > 0 ? telling : all
}

/** A word without its ending, where enough is left of it. */
const stemOf = (word: string): string => word.replace(/(?<=\w{4})(?:ences?|ing|ed|es|s|e)$/, "")

/** Weight of a word found in a text: less where only its stem matches. */
const told = (text: string, word: string, much: number): number =>
  text.includes(word) ? much : text.includes(stemOf(word)) ? 0.75 * much : 0

/** Relevance of an entry for a query: 0 where a word is missing, more for words in its title, most where a word is the title. */
const nearness = (entry: Findable, words: ReadonlyArray<string>): number => {
  const { address, basis, class: kindOfErratum, kind, source, text, title, verdict } = entry
  const head = plain(`${title} ${address}`)
  const rest = plain([text, kind, basis, kindOfErratum, verdict, source].join(" "))
  let sum = 0
  for (const word of words) {
    const near = plain(title) === word ? 8 : told(head, word, 4) || told(rest, word, 1)
    if (near === 0) return 0
    sum += near
  }
  return sum
}

/** Entries with all of these words, the nearest first; all entries where there are no words. */
export const withWords = <Place extends Findable>(
  entries: ReadonlyArray<Place>,
  text: string,
): ReadonlyArray<Place> => {
  const words = wordsOf(text)
  if (words.length === 0) return entries
  return entries
    .map((entry) => ({ entry, near: nearness(entry, words) }))
    .filter(({ near }) => near > 0)
    .toSorted((a, b) => b.near - a.near)
    .map(({ entry }) => entry)
}

/** Entries that match the query. */
export const wanted = (entries: ReadonlyArray<Entry>, want: Wanted): ReadonlyArray<Entry> =>
  entries.filter((entry) =>
    facets.every((facet) => (want[facet] ?? "") === "" || entry[facet] === want[facet]),
  )

/**
 * The values of a facet, each with its count under the other filters; the largest first. The filter of the facet itself is included even
 * without hits, since it explains why nothing is found.
 */
export const counts = (
  entries: ReadonlyArray<Entry>,
  want: Wanted,
  facet: Facet,
): ReadonlyArray<readonly [value: string, count: number]> => {
  const found = new Map<string, number>()
  for (const entry of wanted(entries, { ...want, [facet]: "" })) {
    const value = entry[facet]
    if (value !== undefined) found.set(value, (found.get(value) ?? 0) + 1)
  }
  const own = want[facet] ?? ""
  if (own !== "" && !found.has(own)) found.set(own, 0)
  return [...found].toSorted(([, a], [, b]) => b - a)
}
