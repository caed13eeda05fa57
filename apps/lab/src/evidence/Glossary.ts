/** Glossary of the output: the terms of the evidence and of every system, by the package that they belong to. */
import { glossary as catapults } from "@nonconvex/catapults/glossary"
import { glossary as dpLowrank } from "@nonconvex/dp-lowrank/glossary"
import { glossary as evidence } from "@nonconvex/evidence/Glossary"
import { glossary as flatMinima } from "@nonconvex/flat-minima/glossary"
import { glossary as labelNoise } from "@nonconvex/label-noise/glossary"
import { glossary as matrixFactorization } from "@nonconvex/matrix-factorization/glossary"
import { glossary as optimSam } from "@nonconvex/optim-sam/glossary"
import { glossary as reproducibleMinimax } from "@nonconvex/reproducible-minimax/glossary"

const sources: ReadonlyArray<readonly [system: string, terms: Readonly<Record<string, string>>]> = [
  ["evidence", evidence],
  ["optim-sam", optimSam],
  ["flat-minima", flatMinima],
  ["label-noise", labelNoise],
  ["matrix-factorization", matrixFactorization],
  ["dp-lowrank", dpLowrank],
  ["reproducible-minimax", reproducibleMinimax],
  ["catapults", catapults],
]

export interface Entry {
  readonly term: string
  /** Other names of the term. */
  readonly also: ReadonlyArray<string>
  /** The system that uses it so, or `evidence`. */
  readonly system: string
  readonly meaning: string
}

/** Every term, system by system. */
export const entries: ReadonlyArray<Entry> = sources.flatMap(([system, terms]) =>
  Object.entries(terms).map(([names, meaning]) => {
    const [term = "", ...also] = names.split(" / ")
    return { term, also, system, meaning }
  }),
)

/** All names of a term. */
export const namesOf = ({ also, term }: Entry): ReadonlyArray<string> => [term, ...also]

/** Normalises a name for comparison: without case, hyphens, plural s, and a trailing number, as of `component 1`. */
const plain = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[-_\s]+/g, " ")
    .trim()
    .replace(/ \d+$/, "")
    .replaceAll(/(?<=[a-z][^s])s\b/g, "")

/** Looks up a name: one entry for each system that uses it. */
export const find = (name: string): ReadonlyArray<Entry> =>
  entries.filter((entry) => namesOf(entry).some((each) => plain(each) === plain(name)))

const holds = (each: string, part: string): boolean => ` ${plain(each)} `.includes(` ${part} `)

/** Number of words in the query for a term. */
const wordsOf = (name: string): ReadonlyArray<string> =>
  plain(name)
    .split(" ")
    .filter((word) => word.length > 3)

/**
 * Terms that contain the name: `spectral gap` for `gap`. For a name of several words that is neither a term nor part of one,
 * the terms with most of its words.
 */
export const around = (name: string): ReadonlyArray<Entry> => {
  const part = plain(name)
  const whole = entries.filter((entry) =>
    namesOf(entry).some((each) => plain(each) !== part && holds(each, part)),
  )
  if (whole.length > 0 || !part.includes(" ") || find(name).length > 0) return whole
  const shared = entries.map((entry) => ({
    entry,
    count: wordsOf(name).filter((word) => namesOf(entry).some((each) => holds(each, word))).length,
  }))
  const most = Math.max(...shared.map(({ count }) => count))
  return most === 0 ? [] : shared.filter(({ count }) => count === most).map(({ entry }) => entry)
}
