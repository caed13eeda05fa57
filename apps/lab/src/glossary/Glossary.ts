/** Every word of the output that a reader may not know, by the system that it belongs to. */
import { catapults } from "./catapults.ts"
import { dpLowrank } from "./dpLowrank.ts"
import { evidence } from "./evidence.ts"
import { flatMinima } from "./flatMinima.ts"
import { labelNoise } from "./labelNoise.ts"
import { matrixFactorization } from "./matrixFactorization.ts"
import { optimSam } from "./optimSam.ts"
import { reproducibleMinimax } from "./reproducibleMinimax.ts"
import type { Terms } from "./Terms.ts"

const sources: ReadonlyArray<readonly [system: string, terms: Terms]> = [
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
  /** The other names of it. */
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

/** How names are compared: without case, hyphens, and the s of a plural. */
const plain = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[-_\s]+/g, " ")
    .trim()
    .replace(/(?<=[^s])s$/, "")

/** What a name means: one entry for each system that uses it. */
export const find = (name: string): ReadonlyArray<Entry> =>
  entries.filter((entry) => namesOf(entry).some((each) => plain(each) === plain(name)))

/** The terms that the name is a part of: `spectral gap` for `gap`. */
export const around = (name: string): ReadonlyArray<Entry> =>
  entries.filter((entry) =>
    namesOf(entry).some(
      (each) => plain(each) !== plain(name) && ` ${plain(each)} `.includes(` ${plain(name)} `),
    ),
  )
