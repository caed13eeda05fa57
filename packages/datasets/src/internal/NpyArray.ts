/** Arrays of NumPy: their shapes, and numbers or texts. */

/** Numbers, logical values as 0 and 1; in double precision, exactly. */
export interface Numbers {
  readonly _tag: "Numbers"
  /** In row-major order, also if the file has another order. */
  readonly values: Float64Array
}

export interface Texts {
  readonly _tag: "Texts"
  readonly values: ReadonlyArray<string>
}

/** An array: its shape, () for a single number, and its content. */
export interface Npy {
  readonly shape: ReadonlyArray<number>
  /** As NumPy writes it, such as `<f4`. */
  readonly dtype: string
  readonly data: Numbers | Texts
}

/** Bytes of a file, and elements of all arrays that are read at once: a gigabyte of either. */
export const most = { bytes: 2 ** 30, elements: 2 ** 27, header: 2 ** 16, dimensions: 64 }

/** Elements that a text counts for, since it is an object. */
const text = 32

/** Elements that the values of an array count for. */
export const costOf = ({ _tag }: { readonly _tag: "Numbers" | "Texts" }, count: number): number =>
  _tag === "Texts" ? text * count : count
