/** NumPy arrays as columns: numbered from 0 for a matrix, named for an archive. */
import { Result } from "effect"
import { BadArchive, BadArray } from "../../ArrayError.ts"
import * as Npy from "../../Npy.ts"
import * as Npz from "../../Npz.ts"
import * as Zip from "../../Zip.ts"
import type { Cells, Column, Columns } from "./Columns.ts"
import * as NpyMagic from "../NpyMagic.ts"

/** The columns of an array of one dimension, or of two. */
const columnsOf = (
  { data, shape: [rows = 0, width] }: Npy.Npy,
  nameOf: (column: number | undefined) => string,
): ReadonlyArray<Column> =>
  Array.from({ length: width ?? 1 }, (_, j): Column => {
    const stride = width ?? 1
    const cells: Cells =
      data._tag === "Numbers"
        ? { numbers: data.values, from: j, stride, isNull: undefined }
        : { texts: Array.from({ length: rows }, (_row, i) => data.values[i * stride + j]!) }
    return {
      name: nameOf(width === undefined ? undefined : j),
      kind: data._tag === "Numbers" ? "number" : "text",
      cells,
    }
  })

/** The table that arrays are together. Fails if one has more than two dimensions or none, or another number of rows than the first. */
export const table = (path: string, arrays: Named): Result.Result<Columns, BadArray> => {
  const refuse = (array: string | undefined, reason: string, remedy: string) =>
    Result.fail(new BadArray({ path, ...(array !== undefined && { array }), reason, remedy }))
  const [first] = arrays
  if (first === undefined) {
    return refuse(undefined, "it contains no array", "give an archive with at least one")
  }
  const [rows = 0] = first[1].shape
  const names = arrays.map(([name]) => name)
  for (const [name, { shape }] of arrays) {
    if (shape.length === 0 || shape.length > 2) {
      const remedy = "give a column, or rows by columns, such as a.reshape(len(a), -1)"
      return refuse(name, `it has ${shape.length} dimensions, but a table has two`, remedy)
    }
    if (shape[0] !== rows) {
      const isSparse = names.includes("indptr") || (names.includes("row") && names.includes("col"))
      const reason = `it has ${shape[0]} rows, but array ${JSON.stringify(first[0])} has ${rows}`
      const remedy = isSparse
        ? "for a sparse SciPy matrix m, use m = m.tocoo() and numpy.savez(path, row=m.row, col=m.col, value=m.data)"
        : "all columns of a table must have the same number of rows: save only such arrays"
      return refuse(name, reason, remedy)
    }
  }
  const isMatrix = arrays.length === 1 && first[1].shape.length === 2
  const columns = arrays.flatMap(([name, array]) =>
    columnsOf(array, (j) =>
      isMatrix ? String(j) : j === undefined ? (name ?? "0") : `${name}.${j}`,
    ),
  )
  return Result.succeed({ rows, columns })
}

/** Arrays by name, which is undefined for a single array. */
export type Named = ReadonlyArray<readonly [name: string | undefined, array: Npy.Npy]>

/** Decodes a file that begins as an array, or as an archive of arrays. Fails with BadArray and BadArchive. */
export const decode = (
  bytes: Uint8Array,
  path: string,
): Result.Result<Named, BadArchive | BadArray> =>
  NpyMagic.isNpy(bytes)
    ? Result.map(Npy.decode(bytes, { path }), (array): Named => [[undefined, array]])
    : Result.map(Npz.decode(bytes, path), (arrays): Named => [...arrays])

/** Result of `decode`, as it passes between threads. */
export type Answer =
  | { readonly _tag: "Arrays"; readonly arrays: Named }
  | { readonly _tag: "BadArchive"; readonly error: ConstructorParameters<typeof BadArchive>[0] }
  | { readonly _tag: "BadArray"; readonly error: ConstructorParameters<typeof BadArray>[0] }

export const answer = (bytes: Uint8Array, path: string): Answer =>
  Result.match(decode(bytes, path), {
    onSuccess: (arrays): Answer => ({ _tag: "Arrays", arrays }),
    onFailure: ({ _tag, ...error }): Answer => ({ _tag, error }),
  })

/** The arrays of an answer. Fails with the reported problem. */
export const arraysOf = (answered: Answer): Result.Result<Named, BadArchive | BadArray> => {
  switch (answered._tag) {
    case "Arrays":
      return Result.succeed(answered.arrays)
    case "BadArchive":
      return Result.fail(new BadArchive(answered.error))
    case "BadArray":
      return Result.fail(new BadArray(answered.error))
  }
}

/** Declared size in bytes of the unpacked arrays of a file. */
export const sizeOf = (bytes: Uint8Array, path: string): number =>
  NpyMagic.isNpy(bytes)
    ? bytes.length
    : Result.match(Zip.members(path, bytes), {
        onSuccess: (members) => members.reduce((sum, { size }) => sum + size, 0),
        onFailure: () => 0,
      })
