/** Columns of a table, and the options of their reader. */
import type { Options as Spelled } from "../Spelling.ts"

/** Column of numbers, one per row; NaN for missing ones. */
export interface Numbers {
  readonly _tag: "Numbers"
  readonly name: string
  readonly values: Float64Array
}

/** Column of words, one per row: `words[codes[i]]`, in order of appearance; -1 for missing ones. */
export interface Words {
  readonly _tag: "Words"
  readonly name: string
  readonly codes: Int32Array
  readonly words: ReadonlyArray<string>
}

export interface Options extends Spelled {
  /** Columns to skip. */
  readonly ignore?: ReadonlyArray<string>
  /** Columns to read, if present; default all. */
  readonly only?: ReadonlySet<string>
  /** Columns that hold words, also where these are numbers: codes of regions, numbers of wards. */
  readonly words?: ReadonlyArray<string>
  /** Columns that must hold numbers. */
  readonly numbers?: ReadonlyArray<string>
  /** Columns whose cells are kept unchanged. */
  readonly verbatim?: ReadonlyArray<string>
  /** Columns that must be present. */
  readonly required?: ReadonlyArray<string>
}
