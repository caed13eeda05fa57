/** Files whose content is not what their name says: each command says in one line what they are, and what to do. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { temporary } from "./support/Folders.ts"
import { golden, npz, array } from "./support/Foreign.ts"
import { nonconvex } from "./support/InProcess.ts"

const tables = join(import.meta.dirname, "../../../packages/datasets/test/fixtures/tables")

/** A file that was cut off in the middle. */
const cut = (path: string): Uint8Array => {
  const bytes = readFileSync(path)
  return bytes.subarray(0, bytes.length >> 1)
}

const page = "<!doctype html><html><body>404 Not Found</body></html>"
const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"

/** Lines that say what a file is, by command: of a network, a table and a log. */
interface Lines {
  readonly network: RegExp
  readonly table: RegExp
  readonly log: RegExp
}

const networks = /give safetensors, npz, \.keras, \.h5, model\.json of TensorFlow\.js or ONNX$/
const inAll = (line: RegExp): Lines => ({ network: line, table: line, log: line })
const orNetwork = (what: string, remedy: RegExp): Lines => {
  const line = new RegExp(`it is ${what}; ${remedy.source}`)
  return { network: new RegExp(`it is ${what}; ${networks.source}`), table: line, log: line }
}

/** What is in the file; a folder where nothing is. */
const contents: Readonly<Record<string, readonly [string | Uint8Array | undefined, Lines]>> = {
  prose: [
    "Dear reader, hello,\nthis is no table\n",
    {
      network: new RegExp(`it is not a network in a supported format; ${networks.source}`),
      // it is read as the table that it is, and then asked for its target
      table: /no target; name its column with --target; the header has "Dear reader", "hello"/,
      log: /no column of losses; the header has "Dear reader", "hello"/,
    },
  ],
  nothing: [
    "",
    {
      network: new RegExp(`it is empty; ${networks.source}`),
      table: /the file is empty; check the path$/,
      log: /the file is empty; check the path$/,
    },
  ],
  "a folder": [
    undefined,
    {
      network: /no checkpoint is a network in a supported format.*; give \.onnx/,
      table:
        /it is a folder, or its path continues beyond a file.*; check that it is a file you may read$/,
      log: /this folder has no training log; name a file, or a folder with/,
    },
  ],
  "the page of a server": [
    page,
    orNetwork("HTML or XML", /save its table as CSV and give that file$/),
  ],
  "a pointer of Git LFS": [pointer, inAll(/a Git LFS pointer.*; fetch .* git lfs pull$/)],
  "packed text": [gzipSync("a,b\n1,2\n"), inAll(/it is compressed; unpack it first$/)],
  "a picture": [
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13),
    orNetwork("a picture", /give its numbers as a table/),
  ],
  "a database": [
    Buffer.from(`SQLite format 3\0${"\0".repeat(84)}`),
    {
      ...orNetwork("a SQLite database", /write the table as CSV: sqlite3 /),
      log: /it is not a SQLite database, or damaged; copy the file again/,
    },
  ],
  "a pickle": [
    Uint8Array.of(0x80, 4, 0x95, 1, 0, 0, 0),
    {
      network: /it is a pickle, which can run code when loaded; convert it/,
      table: /it is a pickle, which can run code .*; write the table as CSV/,
      log: /it is a pickle, which can run code .*; write the log as CSV/,
    },
  ],
  "half of an archive": [
    cut(join(tables, "xy.npz")),
    {
      network: /it is truncated; fetch or write the file again$/,
      table: /it is truncated; fetch or write the file again$/,
      log: /it is an archive.*; unpack it, and give the log in it$/,
    },
  ],
  "half of Parquet": [
    cut(join(tables, "ratings-pandas.parquet")),
    {
      network: networks,
      table: /it is not a complete Parquet file \(.*\); write or fetch it again$/,
      log: /it is not a complete Parquet file \(.*\); write or fetch it again$/,
    },
  ],
  "half of Arrow": [
    cut(join(tables, "ratings-pandas.feather")),
    {
      network: networks,
      table: /it is not a complete Arrow file: .*; write or fetch it again$/,
      log: /it is not a complete Arrow file: .*; write or fetch it again$/,
    },
  ],
  "half of HDF5": [
    cut(`${golden}mlp.h5`),
    {
      network: /its HDF5 is damaged, .*; save the model again, as \.keras$/,
      table: /it is HDF5; write the table as CSV/,
      log: /it is HDF5; write the table as CSV/,
    },
  ],
  "half of ONNX": [
    cut(`${golden}conv.onnx`),
    {
      network:
        /it is not an ONNX model, or truncated .*; fetch the file again, or export it again$/,
      table: /it contains bytes that do not occur in text; give a text file/,
      log: /it contains bytes that do not occur in text; give a text file/,
    },
  ],
  "half of safetensors": [
    cut(`${golden}conv.safetensors`),
    {
      network:
        /tensor ".*": its bytes \d+ to \d+ are beyond the \d+ bytes of data; fetch the file again/,
      table: /it is a safetensors file of weights; give the table/,
      log: /it is a safetensors file of weights; give the table/,
    },
  ],
}

const commands = {
  network: {
    extensions: ["onnx", "keras", "h5", "safetensors", "npz"],
    args: (path: string) => [
      "certify",
      path,
      npz({ x: array([2, 1], [1, 2]), y: array([2], [0, 1]) }),
    ],
  },
  table: {
    extensions: ["npz", "npy", "parquet", "arrow", "feather", "sqlite", "csv"],
    // without a target: what is wrong with the file comes first
    args: (path: string) => ["train", path],
  },
  log: {
    extensions: ["parquet", "sqlite", "jsonl", "csv", "npz"],
    args: (path: string) => ["diagnose", path],
  },
} as const

describe.each(["network", "table", "log"] as const)("in place of a %s", (of) => {
  const { args, extensions } = commands[of]
  it.live.each(Object.keys(contents))("%s is refused by what it is", (what) =>
    Effect.gen(function* () {
      const [content, lines] = contents[what]!
      for (const extension of extensions) {
        const path = join(temporary(), `given.${extension}`)
        if (content === undefined) mkdirSync(path)
        else writeFileSync(path, content)
        const { code, stderr, stdout } = yield* nonconvex([], [...args(path), "--quiet"])
        assert.deepStrictEqual([code, stdout], [1, ""], extension)
        assert.strictEqual(stderr.trim().split("\n").length, 1, stderr)
        assert.isTrue(stderr.startsWith(`nonconvex: ${path}: `), stderr)
        assert.match(stderr.trim(), lines[of])
      }
    }),
  )
})

describe("a text with the name of a table of types", () => {
  it.live("is said to be one where it is no table", () =>
    Effect.gen(function* () {
      for (const [extension, name] of [
        ["parquet", "Parquet"],
        ["feather", "Arrow"],
        ["npz", "an archive of NumPy arrays"],
      ] as const) {
        const path = join(temporary(), `given.${extension}`)
        writeFileSync(path, "Dear reader, hello,\nthis is no table\n")
        const { code, stderr } = yield* nonconvex([], ["complete", path, "--quiet"])
        assert.strictEqual(code, 1)
        assert.strictEqual(
          stderr.trim(),
          `nonconvex: ${path}: it is text, and not ${name} as its name suggests (row 2: 3 cells expected as in the first row, 1 found); give the intended file, or rename a text table to .csv`,
        )
        writeFileSync(path, "a,b,c\n1,2,\n3,,4\n5,6,7\n")
        assert.strictEqual((yield* nonconvex([], ["complete", path, "--quiet"])).code, 0)
      }
    }),
  )
})
