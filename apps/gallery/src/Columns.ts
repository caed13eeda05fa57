/** A table by columns, as a page stores it. */
import type { Row } from "@nonconvex/evidence/Experiment"

/** A cell as JSON, which has no NaN and no infinities: these are in brackets, by their words. Null where a row has none. */
export type Cell = Row[string] | readonly [word: string] | null

/**
 * Numbers of many digits, stored as bytes with ten significant digits: all first bytes, then all second bytes. The first two compress well,
 * and no number takes 17 letters.
 */
export interface Doubles {
  readonly doubles: string
}

/** A table by columns: each name occurs once and similar values are adjacent, which compresses to three quarters of the size. */
export type Columns = Readonly<Record<string, ReadonlyArray<Cell> | Doubles>>
