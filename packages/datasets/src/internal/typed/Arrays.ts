/** Arrays of NumPy as columns: those of a matrix by their numbers from 0, those of an archive by name. */
import { Result } from "effect"
import { type BadArchive, BadArray } from "../../ArrayError.ts"
import * as Npy from "../../Npy.ts"
import * as Npz from "../../Npz.ts"
import type { Cells, Column, Columns } from "./Columns.ts"

/** The columns of an array of one dimension, or of two. */
const columnsOf = (
  { data, shape: [rows = 0, width] }: Npy.Npy,
  nameOf: (column: number | undefined) => string,
): ReadonlyArray<Column> =>
  Array.from({ length: width ?? 1 }, (_, j): Column => {
    const stride = width ?? 1
    const cells: Cells =
      data._tag === "Numbers"
        ? {
            numbers: Float64Array.from({ length: rows }, (_row, i) => data.values[i * stride + j]!),
            isNull: undefined,
          }
        : { texts: Array.from({ length: rows }, (_row, i) => data.values[i * stride + j]!) }
    return {
      name: nameOf(width === undefined ? undefined : j),
      kind: data._tag === "Numbers" ? "number" : "text",
      cells,
    }
  })

/** The table that arrays are; `name` is undefined of an array that stands alone. */
const table = (
  path: string,
  arrays: ReadonlyArray<readonly [name: string | undefined, array: Npy.Npy]>,
): Result.Result<Columns, BadArray> => {
  const refuse = (array: string | undefined, reason: string, remedy: string) =>
    Result.fail(new BadArray({ path, ...(array !== undefined && { array }), reason, remedy }))
  const [first] = arrays
  if (first === undefined) {
    return refuse(undefined, "there is no array in it", "give an archive with at least one")
  }
  const [rows = 0] = first[1].shape
  const names = arrays.map(([name]) => name)
  for (const [name, { shape }] of arrays) {
    if (shape.length === 0 || shape.length > 2) {
      const remedy = "give a column, or rows by columns, such as a.reshape(len(a), -1)"
      return refuse(name, `it has ${shape.length} dimensions, and a table has two`, remedy)
    }
    if (shape[0] !== rows) {
      const isSparse = names.includes("indptr") || (names.includes("row") && names.includes("col"))
      const reason = `it has ${shape[0]} rows, and array ${JSON.stringify(first[0])} has ${rows}`
      const remedy = isSparse
        ? "of a sparse matrix m of SciPy, m = m.tocoo() and numpy.savez(path, row=m.row, col=m.col, value=m.data)"
        : "a table has as many rows in all of its columns: give one with those alone"
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

/** The table that an array is. Fails with BadArray where it has other than one or two dimensions. */
export const ofArray = (bytes: Uint8Array, path: string): Result.Result<Columns, BadArray> =>
  Result.flatMap(Npy.decode(bytes, { path }), (array) => table(path, [[undefined, array]]))

/** The table that the arrays of an archive are together. Fails where they do not have as many rows. */
export const ofArchive = (
  bytes: Uint8Array,
  path: string,
): Result.Result<Columns, BadArchive | BadArray> =>
  Result.flatMap(Npz.decode(bytes, path), (arrays) => table(path, [...arrays]))
