/** Table by columns, as a page stores it. */
import type { Row } from "@nonconvex/evidence/Experiment"

/** Encodes a cell as JSON; NaN and infinities become arrays with their name. Null if a row has no value. */
export type Cell = Row[string] | readonly [word: string] | null

/**
 * Numbers with many digits, stored as bytes with ten significant digits: all first bytes, then all second bytes, and so on. The
 * first two bytes compress well, and no number takes 17 characters.
 */
export interface Doubles {
  readonly doubles: string
}

/** Table by columns: each name occurs once and similar values are adjacent, which compresses to three quarters of the size. */
export type Columns = Readonly<Record<string, ReadonlyArray<Cell> | Doubles>>
