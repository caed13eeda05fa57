/** Columns of a table, and the options of their reader. */
import type { Options as Spelled } from "../Spelling.ts"

/** A column of numbers, one a row; NaN where there is none. */
export interface Numbers {
  readonly _tag: "Numbers"
  readonly name: string
  readonly values: Float64Array
}

/** A column of words, one a row: `words[codes[i]]`, in the order in which they come; -1 where there is none. */
export interface Words {
  readonly _tag: "Words"
  readonly name: string
  readonly codes: Int32Array
  readonly words: ReadonlyArray<string>
}

export interface Options extends Spelled {
  /** Columns that are left out unread. */
  readonly ignore?: ReadonlyArray<string>
  /** The only columns that are read, where they are there; default all. */
  readonly only?: ReadonlySet<string>
  /** Columns that hold words, also where these are numbers: codes of regions, numbers of wards. */
  readonly words?: ReadonlyArray<string>
  /** Columns that must hold numbers. */
  readonly numbers?: ReadonlyArray<string>
  /** Columns whose cells are kept as they are. */
  readonly verbatim?: ReadonlyArray<string>
  /** Columns that there must be. */
  readonly required?: ReadonlyArray<string>
}
