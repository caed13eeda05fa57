/** Search of entries by words, with both spellings, synonyms, and one typing error. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import { isMistyped, joinedOf, stemOf, wordsOf } from "./Spelling.ts"
import { others } from "./Synonyms.ts"

/** Text fields that a search covers. */
export interface Findable {
  readonly address: string
  readonly title: string
  readonly text: string
  readonly kind?: string
  /** Other titles: names of a term, the title and the authors of a paper. */
  readonly names?: ReadonlyArray<string>
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
  "a about an and any are as at be been by can did do does explain for from get give has have how i if in into is it its many me much my of on one or our should show so some tell than that the their there they this to use used versus vs was we were what when where which who why will with wrote you your".split(
    " ",
  ),
)

/** Words of a text without those that carry no information, unless it has no others. */
const tellingOf = (text: string): ReadonlyArray<string> => {
  const all = wordsOf(text)
  const telling = all.filter((word) => !idle.has(word))
  return telling.length > 0 ? telling : all
}

/** Words of a text without articles. */
const literal = (text: string): string =>
  ` ${wordsOf(text)
    .filter((word) => !["a", "an", "the"].includes(word))
    .join(" ")} `

const stemsOf = (words: ReadonlyArray<string>): string => words.map(stemOf).join(" ")

const stemmed = (name: string): string => stemsOf(tellingOf(name))

const synonyms = others(stemmed)

/** Maximum number of words in a name with synonyms. */
const longest = Math.max(...[...synonyms.keys()].map((name) => name.split(" ").length))

/** Weight of a word by its field. */
const weights = { title: 4, address: 2, text: 1.3, rest: 0.8 } as const

/** Weights of kinds: those that answer a question come before the many that support them. */
const kinds: Readonly<Record<string, number>> = {
  list: 1.3,
  theorem: 1.25,
  paper: 1.25,
  page: 1.2,
  term: 1.15,
  erratum: 1.1,
  study: 1.1,
}

interface Indexed {
  /** Largest weight of each stem. */
  readonly stems: ReadonlyMap<string, number>
  /** Title and names, as stems. */
  readonly titles: ReadonlyArray<string>
  readonly written: string
  /** Title without articles, between spaces. */
  readonly literal: string
  /** Words with their stems. */
  readonly words: ReadonlyMap<string, string>
}

const known = new WeakMap<Findable, Indexed>()

const indexed = (entry: Findable): Indexed => {
  const before = known.get(entry)
  if (before !== undefined) return before
  const {
    address,
    also,
    basis,
    class: kindOfErratum,
    kind,
    names = [],
    source,
    text,
    title,
  } = entry
  const stems = new Map<string, number>()
  const words = new Map<string, string>()
  const add = (field: string, weight: number) => {
    for (const word of [...wordsOf(field), ...joinedOf(field)]) {
      const stem = stemOf(word)
      words.set(word, stem)
      if ((stems.get(stem) ?? 0) < weight) stems.set(stem, weight)
    }
  }
  add([title, ...names].join(" · "), weights.title)
  add(address.replaceAll(/[/-]/g, " "), weights.address)
  add(text, weights.text)
  add([also, kind, basis, kindOfErratum, entry.verdict, source].join(" "), weights.rest)
  const titles = [title, ...names].map(stemmed)
  const written = tellingOf(title).join(" ")
  const found = { stems, titles, words, written, literal: literal(title) }
  known.set(entry, found)
  return found
}

/** Likeness of an entry's word to a query's word, from 0 to 1. */
const likeness = (word: string, asked: string): number => {
  if (word === asked) return 1
  if (asked.length >= 3 && !/^\d/.test(asked) && word.startsWith(asked)) return 0.75
  return asked.length >= 5 && word.includes(asked) ? 0.5 : 0
}

/** Likeness of a word to one with a typing error, or with two. */
const typos = [0.7, 0.6] as const

/** Fewest letters of a word with a typing error, and with two. */
const shortest = [4, 9] as const

/** Words of the entries. */
interface Vocabulary {
  /** Number of entries that contain a stem. */
  readonly counts: ReadonlyMap<string, number>
  /** Words with their stems. */
  readonly words: ReadonlyMap<string, string>
}

const vocabularies = new WeakMap<ReadonlyArray<Findable>, Vocabulary>()

const vocabularyOf = (entries: ReadonlyArray<Findable>): Vocabulary => {
  const before = vocabularies.get(entries)
  if (before !== undefined) return before
  const counts = new Map<string, number>()
  const words = new Map<string, string>()
  for (const entry of entries) {
    const own = indexed(entry)
    for (const stem of own.stems.keys()) counts.set(stem, (counts.get(stem) ?? 0) + 1)
    for (const [word, stem] of own.words) words.set(word, stem)
  }
  const found = { counts, words }
  vocabularies.set(entries, found)
  return found
}

/** Stem of an entry's word that matches a query word. */
interface Match {
  readonly stem: string
  readonly likeness: number
  /** The entry's word, where the query's word has a typing error. */
  readonly meant?: string
}

const mistyped = ({ counts, words }: Vocabulary, asked: string): ReadonlyArray<Match> => {
  if (/\d/.test(asked)) return []
  for (const [i, like] of typos.entries()) {
    if (asked.length < shortest[i]!) break
    const found = [...words].filter(
      ([word]) => word.length >= shortest[0] && isMistyped(word, asked, i + 1),
    )
    if (found.length > 0) {
      return found
        .toSorted(([, a], [, b]) => counts.get(b)! - counts.get(a)!)
        .map(([meant, stem]) => ({ stem, likeness: like, meant }))
    }
  }
  return []
}

/** Stems that match a word of a query. */
const matches = (vocabulary: Vocabulary, word: string): ReadonlyArray<Match> => {
  const asked = stemOf(word)
  const found = [...vocabulary.counts.keys()].flatMap((stem) => {
    const like = likeness(stem, asked)
    return like === 0 ? [] : [{ stem, likeness: like }]
  })
  return found.length > 0 ? found : mistyped(vocabulary, word)
}

/** Fewest letters of each part of two words that are written as one. */
const shortestPart = 3

/** Two words of the entries that a word joins. */
const partsOf = ({ counts }: Vocabulary, word: string): ReadonlyArray<string> | undefined => {
  for (let at = shortestPart; at <= word.length - shortestPart; at++) {
    const parts = [word.slice(0, at), word.slice(at)]
    if (parts.every((part) => counts.has(stemOf(part)))) return parts
  }
  return undefined
}

/** Alternatives for a part of a query, each as words with a weight. */
type Idea = ReadonlyArray<readonly [words: ReadonlyArray<string>, weight: number]>

/** Weight of a synonym. */
const alike = 0.8

/** Longest name with synonyms at the start of some words, or two that the entries or the synonyms join; else one word. */
const nameAt = (
  { counts }: Vocabulary,
  words: ReadonlyArray<string>,
): { readonly own: ReadonlyArray<string>; readonly joined?: string } => {
  for (let length = Math.min(longest, words.length); length > 1; length--) {
    const own = words.slice(0, length)
    const pair = own.join("")
    const isJoined = length === 2 && (counts.has(stemOf(pair)) || synonyms.has(stemOf(pair)))
    if (isJoined) return { own, joined: pair }
    if (synonyms.has(stemsOf(own))) return { own }
  }
  return { own: words.slice(0, 1) }
}

/** Ideas of a query: a name with synonyms counts as one. */
const ideasOf = (vocabulary: Vocabulary, words: ReadonlyArray<string>): ReadonlyArray<Idea> => {
  const ideas: Array<Idea> = []
  for (let at = 0; at < words.length;) {
    const { joined, own } = nameAt(vocabulary, words.slice(at))
    const isUnknown = own.length === 1 && !vocabulary.counts.has(stemsOf(own))
    const parts = isUnknown ? partsOf(vocabulary, own[0]!) : undefined
    const names = [own, ...(joined === undefined ? [] : [[joined]])]
    const further = names.flatMap((name) => synonyms.get(stemsOf(name)) ?? [])
    ideas.push([
      ...names.map((name) => [name, 1] as const),
      ...(parts === undefined ? [] : [[parts, 1] as const]),
      ...further.map((name) => [tellingOf(name), alike] as const),
    ])
    at += own.length
  }
  return ideas
}

/** Word of a title or a text that is this one when it is normalised. */
const writtenAs = (entries: ReadonlyArray<Findable>, meant: string): string => {
  for (const { text, title } of entries) {
    for (const word of `${title} ${text}`.toLowerCase().split(/[^\p{L}\p{N}]+/u)) {
      if (wordsOf(word)[0] === meant) return word
    }
  }
  return meant
}

/** Query with words that no entry has replaced by similar ones; absent if all are found. */
const mended = (
  text: string,
  entries: ReadonlyArray<Findable>,
  matchesOf: (word: string) => ReadonlyArray<Match>,
): string | undefined => {
  const pieces = text.trim().split(/\s+/)
  const words = pieces.map((piece) => {
    const own = wordsOf(piece).filter((word) => !idle.has(word))
    const meant = own.length === 1 ? matchesOf(own[0]!)[0]?.meant : undefined
    return meant === undefined ? piece : writtenAs(entries, meant)
  })
  return words.some((word, i) => word !== pieces[i]) ? words.join(" ") : undefined
}

/** Share of the query, weighted by information, that an entry must match if some entry does. */
const least = 0.55

/** Fewest hits: if fewer match that share, others follow them. */
const fewest = 8

/** Number of entries from which on a word that fewer contain tells no more. */
const rare = 4

/** Searches entries; returns all for a query without words. */
export const search = <Place extends Findable>(
  entries: ReadonlyArray<Place>,
  text: string,
): Found<Place> => {
  const words = tellingOf(text)
  if (words.length === 0) return { found: entries }
  const vocabulary = vocabularyOf(entries)
  const asked = new Map<string, ReadonlyArray<Match>>()
  const matchesOf = (word: string) => {
    const before = asked.get(word)
    if (before !== undefined) return before
    const found = matches(vocabulary, word)
    asked.set(word, found)
    return found
  }
  const all = entries.map((entry) => ({ entry, index: indexed(entry) }))
  const ideas = ideasOf(vocabulary, words).map((names) => {
    const scores = all.map(({ index: { stems } }) => {
      const inEntry = (word: string): number =>
        matchesOf(word).reduce(
          (best, { likeness: like, stem }) => Math.max(best, like * (stems.get(stem) ?? 0)),
          0,
        )
      return names.reduce(
        (best, [name, weight]) => Math.max(best, weight * Math.min(...name.map(inEntry))),
        0,
      )
    })
    const count = scores.filter((score) => score > 0).length
    // a word that no entry has tells nothing of them
    const telling = count === 0 ? 0 : Elementary.log(1 + entries.length / Math.max(count, rare))
    return { scores, telling }
  })
  const total = ideas.reduce((sum, { telling }) => sum + telling, 0)
  const written = words.join(" ")
  const said = literal(text)
  const stems = words.map(stemOf)
  const phrase = stems.join(" ")
  const scored = all.flatMap(({ entry, index }, i) => {
    let [score, covered] = [0, 0]
    for (const { scores, telling } of ideas) {
      score += scores[i]! * telling
      if (scores[i]! > 0) covered += telling
    }
    if (covered === 0) return []
    const titled = (part: string) => index.titles.some((each) => ` ${each} `.includes(` ${part} `))
    const isSaid = words.length < said.trim().split(" ").length && index.literal.includes(said)
    const asPhrase =
      isSaid || index.written === written
        ? 3
        : index.titles.includes(phrase)
          ? 2.5
          : titled(phrase)
            ? 1.6
            : 1
    const asPair = stems.some((stem, at) => at > 0 && titled(`${stems[at - 1]!} ${stem}`)) ? 1.5 : 1
    const share = covered / total
    const near = score * share * share * asPhrase * asPair * (kinds[entry.kind ?? ""] ?? 1)
    return [{ entry, near, share }]
  })
  const sorted = scored.toSorted((a, b) => b.near - a.near)
  const close = sorted.filter(({ share }) => share >= least)
  const distant = sorted.filter(({ share }) => share < least)
  const added = close.length === 0 ? distant : distant.slice(0, Math.max(0, fewest - close.length))
  const found = [...close, ...added].map(({ entry }) => entry)
  const meant = mended(text, entries, matchesOf)
  return { found, ...(meant !== undefined && { meant }) }
}
