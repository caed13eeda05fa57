/** Entries by words, and by what they are. */
import type { Entry } from "../Parts.ts"

/** What words are looked for in. */
type Findable = Pick<Entry, "address" | "text" | "title">

/** By what claims and errata can be told apart. */
export const facets = ["system", "verdict", "basis", "class"] as const
export type Facet = (typeof facets)[number]

export type Wanted = Readonly<Partial<Record<Facet, string>>>

const wordsOf = (text: string): ReadonlyArray<string> =>
  text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "")

/** How near an entry is to some words: 0 where one of them is nowhere in it, more where they stand in its title, most where one is its title. */
const nearness = ({ address, text, title }: Findable, words: ReadonlyArray<string>): number => {
  const [head, rest] = [`${title} ${address}`.toLowerCase(), text.toLowerCase()]
  let sum = 0
  for (const word of words) {
    if (title.toLowerCase() === word) sum += 8
    else if (head.includes(word)) sum += 4
    else if (rest.includes(word)) sum += 1
    else return 0
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

/** Entries that are what is wanted. */
export const wanted = (entries: ReadonlyArray<Entry>, want: Wanted): ReadonlyArray<Entry> =>
  entries.filter((entry) =>
    facets.every((facet) => (want[facet] ?? "") === "" || entry[facet] === want[facet]),
  )

/**
 * The values that entries have of a facet, each with how many have it if all else stays as it is wanted; the most first. What is wanted is
 * among them though none have it: it says why nothing is found.
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
