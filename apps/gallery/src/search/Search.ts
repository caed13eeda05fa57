/** Search of entries by words, with both spellings, synonyms, and one typing error. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import { isOneTypo, stemOf, wordsOf } from "./Spelling.ts"
import { others } from "./Synonyms.ts"

/** Text fields that a search covers. */
export interface Findable {
  readonly address: string
  readonly title: string
  readonly text: string
  readonly kind?: string
  /** Further search words, which are not shown. */
  readonly also?: string
  readonly basis?: string
  readonly class?: string
  readonly source?: string
  readonly verdict?: string
}

export interface Found<Place> {
  /** Hits, the closest first. */
  readonly found: ReadonlyArray<Place>
  /** Query with its typing errors corrected; absent if there are none. */
  readonly meant?: string
}

/** Words of a query that carry no information. */
const idle = new Set(
  "a about an and any are as at be been by can did do does for from get give has have how i if in into is it its me my of on one or our should show so some tell than that the their there they this to use used was we were what when where which who why will with you your".split(
    " ",
  ),
)

const stemmed = (name: string): string =>
  wordsOf(name)
    .filter((word) => !idle.has(word))
    .map(stemOf)
    .join(" ")

const synonyms = others(stemmed)

/** Maximum number of words in a name with synonyms. */
const longest = Math.max(...[...synonyms.keys()].map((name) => name.split(" ").length))

/** Alternatives for a part of a query, its own words first. */
type Idea = ReadonlyArray<ReadonlyArray<string>>

/** Ideas of a query: phrases with synonyms count as one. */
const ideasOf = (words: ReadonlyArray<string>): ReadonlyArray<Idea> => {
  const ideas: Array<Idea> = []
  for (let at = 0; at < words.length;) {
    let taken = 1
    for (let length = Math.min(longest, words.length - at); length > 1; length--) {
      if (synonyms.has(words.slice(at, at + length).join(" "))) {
        taken = length
        break
      }
    }
    const own = words.slice(at, at + taken)
    const alike = (synonyms.get(own.join(" ")) ?? []).map((name) => name.split(" "))
    ideas.push([own, ...alike])
    at += taken
  }
  return ideas
}

const queryOf = (text: string): ReadonlyArray<string> => {
  const all = wordsOf(text)
  const telling = all.filter((word) => !idle.has(word))
  return telling.length > 0 ? telling : all
}

/** Weight of a word by its field. */
const weights = { title: 4, address: 2, text: 1.3, rest: 0.8 } as const

/** Weights of kinds: those that answer a question come before the many that support them. */
const kinds: Readonly<Record<string, number>> = {
  list: 1.3,
  theorem: 1.25,
  system: 1.25,
  paper: 1.25,
  page: 1.2,
  term: 1.15,
  erratum: 1.1,
  study: 1.1,
}

interface Indexed {
  /** Largest weight of each stem. */
  readonly stems: ReadonlyMap<string, number>
  readonly title: string
  readonly written: string
}

const known = new WeakMap<Findable, Indexed>()

const indexed = (entry: Findable): Indexed => {
  const before = known.get(entry)
  if (before !== undefined) return before
  const { address, also, basis, class: kindOfErratum, kind, source, text, title, verdict } = entry
  const stems = new Map<string, number>()
  const add = (words: string, weight: number) => {
    for (const stem of wordsOf(words).map(stemOf)) {
      if ((stems.get(stem) ?? 0) < weight) stems.set(stem, weight)
    }
  }
  add(title, weights.title)
  add(address.replaceAll("/", " "), weights.address)
  add(text, weights.text)
  add([also, kind, basis, kindOfErratum, verdict, source].join(" "), weights.rest)
  const written = wordsOf(title)
  const found = { stems, title: written.map(stemOf).join(" "), written: written.join(" ") }
  known.set(entry, found)
  return found
}

/** Likeness of an entry's word to a query's word, from 0 to 1. */
const likeness = (word: string, asked: string): number => {
  if (word === asked) return 1
  if (asked.length >= 3 && !/^\d/.test(asked) && word.startsWith(asked)) return 0.75
  return asked.length >= 5 && word.includes(asked) ? 0.5 : 0
}

/** Likeness of a word to one with a typing error. */
const typo = 0.7

/** Fewest letters of a word with a typing error. */
const shortest = 4

/** Words of the entries, each with the number of entries that contain it. */
type Vocabulary = ReadonlyMap<string, number>

const vocabularies = new WeakMap<ReadonlyArray<Findable>, Vocabulary>()

const vocabularyOf = (entries: ReadonlyArray<Findable>): Vocabulary => {
  const before = vocabularies.get(entries)
  if (before !== undefined) return before
  const counts = new Map<string, number>()
  for (const entry of entries) {
    for (const stem of indexed(entry).stems.keys()) counts.set(stem, (counts.get(stem) ?? 0) + 1)
  }
  vocabularies.set(entries, counts)
  return counts
}

/** Words of the entries that match a query word, each with its likeness. */
const matches = (
  vocabulary: Vocabulary,
  asked: string,
): ReadonlyArray<readonly [word: string, likeness: number]> => {
  const found = [...vocabulary.keys()].flatMap((word) => {
    const like = likeness(word, asked)
    return like === 0 ? [] : [[word, like] as const]
  })
  if (found.length > 0 || asked.length < shortest || /\d/.test(asked)) return found
  return [...vocabulary.keys()]
    .filter((word) => word.length >= shortest && isOneTypo(word, asked))
    .toSorted((a, b) => vocabulary.get(b)! - vocabulary.get(a)!)
    .map((word) => [word, typo] as const)
}

/** Word of a title or a text with this stem, as it is written there. */
const writtenAs = (entries: ReadonlyArray<Findable>, stem: string): string => {
  for (const { text, title } of entries) {
    for (const word of `${title} ${text}`.toLowerCase().split(/[^\p{L}\p{N}]+/u)) {
      const [own] = wordsOf(word)
      if (own !== undefined && stemOf(own) === stem) return word
    }
  }
  return stem
}

/** Query with words that no entry has replaced by similar ones; absent if all are found. */
const mended = (
  text: string,
  entries: ReadonlyArray<Findable>,
  matchesOf: (word: string) => ReadonlyArray<readonly [word: string, likeness: number]>,
): string | undefined => {
  const pieces = text.trim().split(/\s+/)
  const words = pieces.map((word) => {
    const [own] = wordsOf(word)
    const [first] = own === undefined || idle.has(own) ? [] : matchesOf(stemOf(own))
    return first?.[1] === typo ? writtenAs(entries, first[0]) : word
  })
  return words.some((word, i) => word !== pieces[i]) ? words.join(" ") : undefined
}

/** Share of the query, weighted by information, that an entry must match if some entry does. */
const least = 0.55

/** Searches entries; returns all for a query without words. */
export const search = <Place extends Findable>(
  entries: ReadonlyArray<Place>,
  text: string,
): Found<Place> => {
  const own = queryOf(text)
  const words = own.map(stemOf)
  const written = own.join(" ")
  if (words.length === 0) return { found: entries }
  const vocabulary = vocabularyOf(entries)
  const asked = new Map<string, ReadonlyArray<readonly [string, number]>>()
  const matchesOf = (word: string) => {
    const before = asked.get(word)
    if (before !== undefined) return before
    const found = matches(vocabulary, word)
    asked.set(word, found)
    return found
  }
  const inEntry = ({ stems }: Indexed, word: string): number =>
    matchesOf(word).reduce((best, [each, like]) => Math.max(best, like * (stems.get(each) ?? 0)), 0)
  const all = entries.map((entry) => ({ entry, index: indexed(entry) }))
  const ideas = ideasOf(words).map((names) => {
    const scores = all.map(({ index }) =>
      names.reduce((best, name, i) => {
        const score = Math.min(...name.map((word) => inEntry(index, word)))
        return Math.max(best, i === 0 ? score : 0.8 * score)
      }, 0),
    )
    const count = scores.filter((score) => score > 0).length
    // a word that no entry has tells nothing of them
    const telling = count === 0 ? 0 : Elementary.log(1 + entries.length / count)
    return { names, scores, telling }
  })
  const total = ideas.reduce((sum, { telling }) => sum + telling, 0)
  const phrase = words.join(" ")
  const scored = all.flatMap(({ entry, index }, i) => {
    let [score, covered] = [0, 0]
    for (const { scores, telling } of ideas) {
      score += scores[i]! * telling
      if (scores[i]! > 0) covered += telling
    }
    if (covered === 0) return []
    const title = ` ${index.title} `
    const asPhrase =
      index.written === written
        ? 3
        : index.title === phrase
          ? 2.5
          : title.includes(` ${phrase} `)
            ? 1.6
            : 1
    const asPair = words.some((word, at) => at > 0 && title.includes(` ${words[at - 1]!} ${word} `))
      ? 1.5
      : 1
    const share = covered / total
    const near = score * share * share * asPhrase * asPair * (kinds[entry.kind ?? ""] ?? 1)
    return [{ entry, near, share }]
  })
  const isMostFound = scored.some(({ share }) => share >= least)
  const found = scored
    .filter(({ share }) => !isMostFound || share >= least)
    .toSorted((a, b) => b.near - a.near)
    .map(({ entry }) => entry)
  const meant = mended(text, entries, matchesOf)
  return { found, ...(meant !== undefined && { meant }) }
}
