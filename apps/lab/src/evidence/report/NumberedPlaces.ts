/** Numbered places of a paper, such as a theorem or a figure, that a source names. */

/** A place by its kind and its number: `theorem`, `3.3`. */
export interface NumberedPlace {
  readonly kind: string
  readonly number: string
}

/** Kinds in the order of the table: proved results come first. */
const kinds = [
  "theorem",
  "proposition",
  "corollary",
  "lemma",
  // of an appendix whose kind of statement is not known here
  "statement",
  "definition",
  "algorithm",
  "equation",
  "appendix",
  "section",
  "figure",
  "table",
] as const

/** A number, or the letter of an appendix. */
const numberPattern = String.raw`\(?(?:\d[\w.]*|[A-Z](?:\.\d[\w.]*)?(?!\w))\)?`

const anyKind = kinds.map((kind) => `[${kind[0]!.toUpperCase()}${kind[0]!}]${kind.slice(1)}`)

const named = new RegExp(
  String.raw`\b(${anyKind.join("|")})s? (${numberPattern}(?:(?:, and|,| and| to) ${numberPattern})*)`,
  "g",
)

/** The numbered places in the statement of a source, in its order. */
export const placesIn = (statement: string): ReadonlyArray<NumberedPlace> =>
  [...statement.matchAll(named)].flatMap(([, kind, numbers]) =>
    numbers!
      .split(/,? and |, | to /)
      .map((each) => ({ kind: kind!.toLowerCase(), number: each.replace(/\.$/, "") })),
  )

/** The name of a place: `Theorem 3.3`. */
export const nameOf = ({ kind, number }: NumberedPlace): string =>
  `${kind[0]!.toUpperCase()}${kind.slice(1)} ${number}`

/** Parts of a number; letters of an appendix come after all digits. */
const partsOf = (number: string): ReadonlyArray<number> =>
  number
    .replaceAll(/[()]/g, "")
    .split(".")
    .map((part) => (/^\d+$/.test(part) ? Number(part) : 1000 + part.charCodeAt(0)))

/** Compares places by kind, then by number. */
export const compare = (a: NumberedPlace, b: NumberedPlace): number => {
  const rank = ({ kind }: NumberedPlace) => kinds.findIndex((each) => each === kind)
  if (rank(a) !== rank(b)) return rank(a) - rank(b)
  const [first, second] = [partsOf(a.number), partsOf(b.number)]
  const at = first.findIndex((part, i) => part !== second[i])
  return at === -1 ? first.length - second.length : first[at]! - (second[at] ?? -1)
}
