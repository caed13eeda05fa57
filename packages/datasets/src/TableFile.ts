/** Tables as files of typed columns, which the readers of this package, pandas, polars and NumPy read. */
import { BackendUnavailable } from "@nonconvex/numerics/BackendUnavailable"
import { Effect } from "effect"
import * as Npy from "./Npy.ts"

import type { Format } from "./internal/Notation.ts"

export interface WrittenColumn {
  /** Names must be unique. */
  readonly name: string
  readonly values: Float64Array | ReadonlyArray<string>
  /** 1 for each row that has no value: null where the format has it, else NaN or an empty text. */
  readonly isNull?: Uint8Array
}

interface WrittenTable {
  /** Row names, which pandas uses as the index. */
  readonly rowNames?: ReadonlyArray<string>
  /** Each has a value for every row. */
  readonly columns: ReadonlyArray<WrittenColumn>
}

const suffixes: Readonly<Record<string, Format>> = {
  parquet: "parquet",
  pq: "parquet",
  arrow: "arrow",
  feather: "arrow",
  ipc: "arrow",
  npz: "npz",
  npy: "npy",
}

/** Format by the extension of a name; undefined on other extensions. */
export const formatOf = (path: string): Format | undefined =>
  suffixes[/\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ""]

/** Tests whether a format supports text columns; npy holds only numbers. */
export const hasTexts = (format: Format): boolean => format !== "npy"

/** Name that pandas gives to an unnamed index. */
const index = "__index_level_0__"

/** Columns with the metadata by which pandas restores the index. */
const withIndex = ({
  columns,
  rowNames,
}: WrittenTable): {
  readonly all: ReadonlyArray<WrittenColumn>
  readonly notes: string | undefined
} => {
  if (rowNames === undefined) return { all: columns, notes: undefined }
  const all = [...columns, { name: index, values: rowNames }]
  const described = all.map(({ name, values }) => {
    const [pandas, numpy] =
      values instanceof Float64Array ? ["float64", "float64"] : ["unicode", "object"]
    return {
      name: name === index ? null : name,
      field_name: name,
      pandas_type: pandas,
      numpy_type: numpy,
      metadata: null,
    }
  })
  const notes = {
    index_columns: [index],
    column_indexes: [],
    columns: described,
    pandas_version: "2.0.0",
  }
  return { all, notes: JSON.stringify(notes) }
}

const library = <A>(name: string, load: () => Promise<A>): Effect.Effect<A, BackendUnavailable> =>
  Effect.tryPromise({
    try: load,
    catch: (cause) =>
      new BackendUnavailable({
        backend: `the writer of ${name}`,
        reason: `the package ${name} did not load (${String(cause)})`,
        remedy: `npm install ${name}`,
      }),
  })

/** Values, with null for missing ones. */
const withNulls = ({ isNull, values }: WrittenColumn): Array<number | string | null> =>
  Array.from(values as ArrayLike<number | string>, (value, k) => (isNull?.[k] === 1 ? null : value))

const parquet = Effect.fnUntraced(function* (table: WrittenTable) {
  const writer = yield* library("hyparquet-writer", () => import("hyparquet-writer"))
  const { all, notes } = withIndex(table)
  const buffer = writer.parquetWriteBuffer({
    columnData: all.map((column) => {
      const { isNull, name, values } = column
      if (!(values instanceof Float64Array))
        return { name, data: withNulls(column), type: "STRING" }
      const data = isNull === undefined ? values : withNulls(column)
      // a dictionary takes 0 and -0 for the same
      return { name, data, type: "DOUBLE", encoding: "PLAIN" }
    }),
    ...(notes !== undefined && { kvMetadata: [{ key: "pandas", value: notes }] }),
  })
  return new Uint8Array(buffer)
})

const arrow = Effect.fnUntraced(function* (table: WrittenTable) {
  const apache = yield* library("apache-arrow", () => import("apache-arrow"))
  const {
    Float64,
    RecordBatch,
    Schema,
    Struct,
    Table,
    Utf8,
    makeData,
    makeVector,
    tableToIPC,
    vectorFromArray,
  } = apache
  const { all, notes } = withIndex(table)
  const vectors = all.map((column) => {
    const { isNull, values } = column
    if (!(values instanceof Float64Array)) return vectorFromArray(withNulls(column), new Utf8())
    return isNull === undefined
      ? makeVector(values)
      : vectorFromArray(withNulls(column), new Float64())
  })
  const fields = all.map(
    ({ isNull, name }, k) => new apache.Field(name, vectors[k]!.type, isNull !== undefined),
  )
  const schema = new Schema(fields, new Map(notes === undefined ? [] : [["pandas", notes]]))
  const length = all[0]?.values.length ?? 0
  const data = makeData({
    type: new Struct(fields),
    length,
    nullCount: 0,
    children: vectors.map((vector) => vector.data[0]!),
  })
  return tableToIPC(new Table(schema, new RecordBatch(schema, data)), "file")
})

const isCounted = ({ columns, rowNames }: WrittenTable): boolean =>
  rowNames === undefined &&
  columns.every(({ name, values }, j) => name === String(j) && values instanceof Float64Array)

/** All numbers, as one array of rows by columns. */
const matrix = ({ columns }: WrittenTable): Uint8Array => {
  const [rows, width] = [columns[0]?.values.length ?? 0, columns.length]
  const values = new Float64Array(rows * width)
  columns.forEach(({ values: own }, j) => {
    for (let i = 0; i < rows; i++) values[i * width + j] = Number(own[i])
  })
  return Npy.encode({ shape: [rows, width], data: { _tag: "Numbers", values } })
}

const array = (values: WrittenColumn["values"]): Uint8Array =>
  Npy.encode({
    shape: [values.length],
    data: values instanceof Float64Array ? { _tag: "Numbers", values } : { _tag: "Texts", values },
  })

const npz = Effect.fnUntraced(function* (table: WrittenTable) {
  const { zipSync } = yield* library("fflate", () => import("fflate"))
  const { columns, rowNames } = table
  const named = [...(rowNames === undefined ? [] : [{ name: "row", values: rowNames }]), ...columns]
  const arrays = isCounted(table)
    ? [["table", matrix(table)] as const]
    : named.map(({ name, values }) => [name, array(values)] as const)
  return zipSync(Object.fromEntries(arrays.map(([name, bytes]) => [`${name}.npy`, bytes])), {
    level: 0,
    mtime: "1980-01-01",
  })
})

/**
 * Bytes of a table. Row names become the index of pandas in Parquet and Arrow, and an array `row` in npz. Numbered columns become
 * one array `table` in npz; npy holds numbers only. Fails with BackendUnavailable where the package is missing.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Npy from "@nonconvex/datasets/Npy"
 * import * as TableFile from "@nonconvex/datasets/TableFile"
 * import { Effect, Result } from "effect"
 *
 * const columns = [{ name: "0", values: Float64Array.of(1, 3) }, { name: "1", values: Float64Array.of(2, 4) }]
 * const bytes = Effect.runSync(TableFile.encode("npy", { columns }))
 * Result.getOrThrow(Npy.decode(bytes, { path: "table.npy" })).data.values // => Float64Array.of(1, 2, 3, 4)
 * ```
 */
export const encode = (
  format: Format,
  table: WrittenTable,
): Effect.Effect<Uint8Array, BackendUnavailable> => {
  switch (format) {
    case "parquet":
      return parquet(table)
    case "arrow":
      return arrow(table)
    case "npz":
      return npz(table)
    case "npy":
      return Effect.sync(() => matrix(table))
  }
}
