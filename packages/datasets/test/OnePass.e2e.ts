/** How often a table is read, and how often its numbers are copied. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Layer, Result } from "effect"
import { zipSync } from "fflate"
import * as Arrays from "../src/internal/typed/Arrays.ts"
import * as Npy from "../src/Npy.ts"
import * as Table from "../src/Table.ts"
import * as Npz from "../src/Npz.ts"
import * as TableFile from "../src/TableFile.ts"
import * as Frame from "../src/Frame.ts"
import { filesInMemory } from "./support/Files.ts"

/** Files, and how often each was opened. */
const counted = (files: Readonly<Record<string, string | Uint8Array>>) => {
  const opened = new Map<string, number>()
  const layer = Layer.effect(
    FileSystem.FileSystem,
    Effect.map(FileSystem.FileSystem, (fs) => ({
      ...fs,
      stream: (path: string) => {
        opened.set(path, (opened.get(path) ?? 0) + 1)
        return fs.stream(path)
      },
    })),
  ).pipe(Layer.provide(filesInMemory(files)))
  return { layer, opened }
}

const npzOf = (arrays: Readonly<Record<string, Float64Array>>, width: number): Uint8Array =>
  zipSync(
    Object.fromEntries(
      Object.entries(arrays).map(([name, values]) => [
        `${name}.npy`,
        Npy.encode({
          shape: [values.length / width, width],
          data: { _tag: "Numbers", values },
        }),
      ]),
    ),
    { level: 1 },
  )

describe("a frame", () => {
  it.live.each(["parquet", "arrow", "npz"] as const)("of %s is read once", (format) =>
    Effect.gen(function* () {
      const columns = [
        { name: "a", values: Float64Array.of(1, 2) },
        { name: "b", values: Float64Array.of(3, 4) },
      ]
      const bytes = yield* TableFile.encode(format, { columns })
      const { layer, opened } = counted({ t: bytes, "t.csv": "a,b\n1,3\n2,4\n" })
      for (const path of ["t", "t.csv"]) {
        const frame = yield* Frame.read(path, { required: ["b"] }).pipe(Effect.provide(layer))
        assert.deepStrictEqual([frame.rows, [...frame.columns.keys()]], [2, ["a", "b"]])
        const missing = Frame.read(path, { required: ["c"] }).pipe(Effect.provide(layer))
        assert.strictEqual((yield* Effect.flip(missing))._tag, "MissingColumn")
      }
      assert.deepStrictEqual(
        [...opened],
        [
          ["t", 2],
          ["t.csv", 2],
        ],
      )
    }),
  )
})

describe("a log in a file of types", () => {
  it.live("is read by names that are given in place of its own", () =>
    Effect.gen(function* () {
      const columns = [
        { name: "0", values: Float64Array.of(7, 8) },
        { name: "1", values: Float64Array.of(2, 1) },
      ]
      const bytes = yield* TableFile.encode("npy", { columns })
      const names = ["step", "loss"]
      const log = yield* Table.readLog("log.npy", { names }, Result.succeed).pipe(
        Effect.provide(filesInMemory({ "log.npy": bytes })),
      )
      assert.deepStrictEqual<unknown>(
        [log.columns, [...log.values]],
        [
          ["step", "loss"],
          [7, 2, 8, 1],
        ],
      )
    }),
  )
})

describe("an archive of arrays", () => {
  const width = 256
  const values = Float64Array.from({ length: 2 ** 16 }, (_, i) => i % 7)

  it("that is packed is laid out once", () => {
    const arrays = Result.getOrThrow(Npz.decode(npzOf({ x: values }, width), "x.npz"))
    const laid = (arrays.get("x")!.data as Npy.Numbers).values
    assert.deepStrictEqual(laid, values)
    // the header, and what may be left over
    assert.isAtMost(laid.buffer.byteLength, values.byteLength + 256)
    const { columns } = Result.getOrThrow(Arrays.table("x.npz", [...arrays]))
    assert.lengthOf(columns, width)
    for (const { cells } of columns) {
      assert.strictEqual("numbers" in cells ? cells.numbers : undefined, laid)
    }
  })

  // of the second a thread makes arrays
  it.live.each([2 ** 16, 2 ** 21])("of %d numbers is the table that it holds", (count) =>
    Effect.gen(function* () {
      const all = Float64Array.from({ length: count }, (_, i) => (i % 5 === 3 ? -i / 4 : i % 64))
      const files = filesInMemory({ "x.npz": npzOf({ x: all }, width) })
      const table = yield* Table.read("x.npz").pipe(Effect.provide(files))
      assert.deepStrictEqual([table.rows, table.columns], [count / width, width])
      assert.isTrue(table.values.every((value, k) => value === all[k]))
      let [at, rows] = [0, 0]
      yield* Table.readInto("x.npz", {}, () =>
        Effect.succeed((block) =>
          Effect.sync(() => {
            assert.isTrue(block.every((value, k) => value === all[at + k]))
            at += block.length
            rows += block.length / width
          }),
        ),
      ).pipe(Effect.provide(files))
      assert.deepStrictEqual([at, rows], [count, count / width])
    }),
  )

  it.live("that is large and broken fails as a small one does", () =>
    Effect.gen(function* () {
      const large = npzOf({ x: new Float64Array(2 ** 22) }, width)
      const broken = large.slice()
      // in the middle of what is packed
      broken.fill(255, 200, 400)
      const cut = Npy.encode({
        shape: [2 ** 22],
        data: { _tag: "Numbers", values: new Float64Array(2 ** 22) },
      }).slice(0, -8)
      const files = filesInMemory({ "x.npz": broken, "x.npy": cut })
      const archive = yield* Effect.flip(Table.read("x.npz")).pipe(Effect.provide(files))
      const array = yield* Effect.flip(Table.read("x.npy")).pipe(Effect.provide(files))
      assert.deepStrictEqual([archive._tag, array._tag], ["BadArchive", "BadArray"])
      assert.match(archive.message, /^x\.npz: member "x\.npy": .*; fetch or write the file again$/)
      assert.match(array.message, /^x\.npy: its shape .* bytes, but \d+ were found; write/)
    }),
  )
})
