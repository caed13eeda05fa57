/** Claims and errata filtered by system, verdict, source status and class. */
import type { Entry } from "../Parts.ts"

/** Properties that filter claims and errata. */
export const facets = ["system", "verdict", "basis", "class"] as const
export type Facet = (typeof facets)[number]

export type Wanted = Readonly<Partial<Record<Facet, string>>>

/** Entries that match the query. */
export const wanted = (entries: ReadonlyArray<Entry>, want: Wanted): ReadonlyArray<Entry> =>
  entries.filter((entry) =>
    facets.every((facet) => (want[facet] ?? "") === "" || entry[facet] === want[facet]),
  )

/**
 * Values of a facet, each with its count under the other filters, the largest first. The facet's own filter is included even
 * without hits, because it explains why nothing is found.
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
