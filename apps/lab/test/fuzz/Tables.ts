/** Readers of tables and of images. */
import { assert } from "@effect/vitest"
import * as Cifar10 from "@nonconvex/datasets/Cifar10"
import * as Csv from "@nonconvex/datasets/Csv"
import * as EntriesFile from "@nonconvex/datasets/EntriesFile"
import * as Frame from "@nonconvex/datasets/Frame"
import * as Idx from "@nonconvex/datasets/Idx"
import * as LabelledImages from "@nonconvex/datasets/LabelledImages"
import * as Npy from "@nonconvex/datasets/Npy"
import * as Npz from "@nonconvex/datasets/Npz"
import * as Table from "@nonconvex/datasets/Table"
import { readLossLog } from "@nonconvex/interchange"
import { Effect, Result } from "effect"
import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { gzipSync } from "node:zlib"
import * as SolveInput from "../../src/data/solve/SolveInput.ts"
import * as Changes from "./Changes.ts"
import { bytesOf as ofBytes, contentOf, hold, isWhole, type Reader } from "./Reader.ts"

const numbers = "x,y,target\n1,2.5,3\n-4,5e-3,6\n7,8,9\n0.5,1,-2\n"
const people =
  "id,age,ward,stage,outcome\nP1,30.5,north,low,ill\nP2,,south,mid,well\nP3,44,,high,ill\nP4,51,west,low,well\n"
const quoted = '"a","b c"\n"1,5","2"\n"3 000","4"\n'
const ratings = "user,item,rating\nada,film,4\nada,book,2\nbob,film,5\nbob,play,1\ncleo,book,3\n"
const holes = ",a,b,c\nr1,1,2,\nr2,2,NA,6\nr3,?,6,9\nr4,4,8,12\n"
const log = "step,loss,lr,grad_norm\n1,2.5,0.1,1\n2,2.25,0.1,0.5\n3,NaN,0.1,7\n4,1.5,0.1,0.25\n"
const tables = [numbers, people, quoted, holes, ratings, log]

const grid = (table: Table.Table): void => {
  assert.isTrue(isWhole(table.rows) && isWhole(table.columns))
  assert.strictEqual(table.values.length, table.rows * table.columns)
  assert.isTrue(table.values.every((value) => Number.isFinite(value) || Number.isNaN(value)))
}

const columns = ({ columns: names, rows, values }: Table.Columns): void => {
  assert.strictEqual(values.length, rows * names.length)
  assert.strictEqual(new Set(names).size, names.length)
}

const frame = (read: Frame.Frame): void => {
  assert.isTrue(isWhole(read.rows))
  for (const column of read.columns.values()) {
    const cells = column._tag === "Numbers" ? column.values : column.codes
    assert.strictEqual(cells.length, read.rows)
    if (column._tag === "Words") {
      assert.isTrue(column.codes.every((code) => code >= -1 && code < column.words.length))
    } else assert.isFalse(column.values.some((value) => Math.abs(value) === Infinity))
  }
}

const dataset = ({
  dimension,
  features,
  samples,
}: {
  readonly dimension: number
  readonly features: Float64Array
  readonly samples: number
}): void => {
  assert.isTrue(isWhole(samples) && isWhole(dimension))
  assert.strictEqual(features.length, samples * dimension)
  assert.isTrue(features.every(Number.isFinite))
}

const ofTable = (name: string, read: Reader["read"], seeds: Reader["seeds"] = tables): Reader => ({
  name,
  seeds,
  change: Changes.table,
  read,
})

const counted = (rows: Array<Float64Array>) => (names: ReadonlyArray<string>) =>
  Effect.succeed((values: Float64Array) =>
    Effect.sync(() => {
      assert.strictEqual(values.length % names.length, 0)
      rows.push(values)
    }),
  )

const plain = { header: undefined, rowNames: undefined }

export const readersOfTables: ReadonlyArray<Reader> = [
  ofTable("Table.read", (path) => Effect.map(Table.read(path), grid)),
  ofTable("Table.readColumns", (path) => Effect.map(Table.readColumns(path), columns)),
  ofTable("Table.readLog", (path) =>
    Effect.map(
      Table.readLog(path, {}, (names) => Result.succeed(names.slice(0, 2))),
      columns,
    ),
  ),
  ofTable("Table.readInto", (path) => Table.readInto(path, { mayMiss: true }, counted([]))),
  ofTable("Table.readPrivateInto", (path) =>
    Effect.matchEffect(Table.readPrivateInto(path, { needs: "table of numbers" }, counted([])), {
      onSuccess: Effect.succeed,
      onFailure: (error) => {
        // it says nothing of what is in the file
        assert.strictEqual(error._tag, "UnusableTable")
        return Effect.fail(error)
      },
    }),
  ),
  ofTable("Table.readPrivateCells", (path) =>
    Effect.matchEffect(
      Table.readPrivateCells(
        path,
        { columns: [{ column: "x", as: "number" }], mayMiss: true, needs: "table" },
        ([cell]) => typeof cell === "number",
      ),
      {
        onSuccess: Effect.succeed,
        onFailure: (error) => {
          // of the file it names the columns alone
          assert.include(["UnusableTable", "MissingColumn"], error._tag)
          return Effect.fail(error)
        },
      },
    ),
  ),
  ofTable("Frame.read", (path) => Effect.map(Frame.read(path), frame)),
  ofTable("Csv.read", (path) =>
    Effect.map(Csv.read(path, { target: Csv.values("target") }), dataset),
  ),
  ofTable("LossLog.read", (path) =>
    Effect.map(readLossLog([path], {}, {}), ({ numbers: { losses, steps } }) => {
      assert.isTrue(isWhole(losses.length))
      assert.strictEqual(steps.length, losses.length)
    }),
  ),
  ofTable("EntriesFile.read", (path) =>
    Effect.map(EntriesFile.read(path), ({ table }) => {
      assert.isTrue(table.values.every(Number.isFinite))
      assert.isTrue(table.rowOf.every((row) => row < table.rows))
      assert.isTrue(table.columnOf.every((column) => column < table.columns))
    }),
  ),
  ofTable("SolveInput.load", (path) =>
    Effect.map(
      SolveInput.load({ path, kind: "game", spelling: plain, radius: undefined }),
      ({ problem }) => {
        assert.strictEqual(problem._tag, "MatrixGame")
        if (problem._tag !== "MatrixGame") return
        assert.isTrue(problem.payoffs.every(Number.isFinite))
        assert.strictEqual(problem.payoffs.length, problem.rows * problem.columns)
      },
    ),
  ),
]

const images = Idx.encode({
  sizes: [3, 2, 2],
  data: Uint8Array.from({ length: 12 }, (_, i) => 20 * i),
})
const labels = Idx.encode({ sizes: [3], data: Uint8Array.of(0, 1, 1) })
const cifar = Uint8Array.from({ length: 2 * 3073 }, (_, i) => (i % 3073 === 0 ? 3 : i % 256))

const besides = (path: string, name: string, content: Uint8Array): string =>
  hold(join(dirname(path), name), content)

const typed = (...names: ReadonlyArray<string>): ReadonlyArray<Uint8Array> =>
  names.map((name) =>
    readFileSync(
      join(import.meta.dirname, "../../../../packages/datasets/test/fixtures/tables", name),
    ),
  )

const arrays: ReadonlyArray<Omit<Npy.Npy, "dtype">> = [
  { shape: [2, 3], data: { _tag: "Numbers", values: Float64Array.of(1, 2, 3, NaN, -0, 1e308) } },
  { shape: [3], data: { _tag: "Texts", values: ["a", "", "ü"] } },
]

const array = ({ data, shape }: Npy.Npy): void => {
  assert.strictEqual(
    data.values.length,
    shape.reduce((product, size) => product * size, 1),
  )
}

export const readersOfBytes: ReadonlyArray<Reader> = [
  {
    name: "Frame.read of Parquet",
    seeds: typed("ratings-polars.parquet", "typed-zstd.parquet", "typed-v2.parquet"),
    change: Changes.bytes,
    inThread: "parquet",
    read: (path) => Effect.map(Frame.read(path), frame),
  },
  {
    name: "Table.read of Arrow",
    seeds: typed("ratings-pandas.feather", "typed-zstd.feather", "typed.arrows"),
    change: Changes.bytes,
    inThread: "arrow",
    read: (path) => Effect.map(Table.read(path), grid),
  },
  {
    name: "Table.read of arrays",
    seeds: [...typed("holes.npz", "xy.npz", "version-2.npy"), Npy.encode(arrays[0]!)],
    change: Changes.bytes,
    read: (path) => Effect.map(Table.read(path), grid),
  },
  {
    name: "Npy.read",
    seeds: arrays.map(Npy.encode),
    change: Changes.bytes,
    read: (path) => Effect.map(Npy.read(path), array),
  },
  {
    name: "Npz.read",
    seeds: typed("stored.npz", "kinds.npz"),
    change: Changes.bytes,
    read: (path) => Effect.map(Npz.read(path), (all) => all.forEach(array)),
  },
  // tables are bytes too
  {
    name: "Frame.read of bytes",
    seeds: [people, numbers].map(ofBytes),
    change: Changes.bytes,
    read: (path) => Effect.map(Frame.read(path), frame),
  },
  {
    name: "Idx",
    seeds: [images, gzipSync(images)],
    change: Changes.bytes,
    read: (path) =>
      Effect.map(
        LabelledImages.read({
          imagesPath: path,
          labelsPath: besides(path, "labels", labels),
          classes: 2,
        }),
        (read) => {
          const made = LabelledImages.toDataset(read, {
            name: "fuzz",
            classes: [0, 1],
            classNames: ["a", "b"],
            provenance: { source: "", licence: "", notice: "" },
          })
          dataset(made)
        },
      ),
  },
  {
    name: "Idx of labels",
    seeds: [labels, gzipSync(labels)],
    change: Changes.bytes,
    read: (path) =>
      Effect.map(
        LabelledImages.read({
          imagesPath: besides(path, "images", images),
          labelsPath: path,
          classes: 2,
        }),
        ({ labels: read }) => assert.isTrue(read.every((label) => label < 2)),
      ),
  },
  {
    name: "Cifar10",
    seeds: [cifar],
    change: Changes.bytes,
    read: (path) => {
      for (const part of [1, 2, 3, 4]) besides(path, `cifar/data_batch_${part}.bin`, cifar)
      besides(path, "cifar/test_batch.bin", cifar)
      besides(path, "cifar/data_batch_5.bin", contentOf(path))
      return Effect.map(Cifar10.readFolder(join(dirname(path), "cifar")), ({ train }) =>
        dataset(train),
      )
    },
  },
]
