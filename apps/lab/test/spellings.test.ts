/** Commands on own data read a file alike however it is written, or say in a line how to have it read. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"
import { type Cells, spelled } from "./support/Spellings.ts"

const written = (content: string | Uint8Array): string => {
  const path = join(temporary(), "table.csv")
  writeFileSync(path, content)
  return path
}

/** What a command prints as JSON about a file, wherever that lies. */
const printed = Effect.fnUntraced(function* (
  content: string | Uint8Array,
  command: (path: string) => ReadonlyArray<string>,
) {
  const path = written(content)
  const { code, stderr, stdout } = yield* nonconvex([], [...command(path), "--json", "--quiet"])
  assert.deepStrictEqual([code, stderr], [0, ""])
  return withoutSpelling(stdout.replaceAll(dirname(path), ""))
})

/** All that is printed, but for what says how the file was read and how long it took. */
const withoutSpelling = (stdout: string): unknown =>
  JSON.parse(stdout, (key, value: unknown) =>
    key === "spelling" || key === "seconds" ? undefined : value,
  )

/** The command prints the same of the table in every spelling, or in some: its reader is that of another command. */
const readsAlike = Effect.fnUntraced(function* (
  cells: Cells,
  command: (path: string) => ReadonlyArray<string>,
  some?: ReadonlySet<string>,
) {
  const all = spelled(cells)
  const [plain] = all
  const others = all.slice(1).filter(({ name }) => some?.has(name) ?? true)
  const wanted = yield* printed(plain!.content, command)
  for (const { content, name } of others) {
    assert.deepStrictEqual(yield* printed(content, command), wanted, name)
  }
})

/** The two that are farthest from plain. */
const two = new Set([
  "the line of Excel, thousands, trailing delimiters",
  "quoted decimal commas in Windows-1252",
])

/** A table whose columns are nearly of one kind, in no order. */
const features: ReadonlyArray<ReadonlyArray<number>> = Array.from({ length: 12 }, (_, i) => [
  ((i * 7) % 5) - 2.25,
  ((i * 11) % 6) / 4,
  1234.5 + ((i * 5) % 7),
])
const samples: Cells = [
  ["größe", "b", "c", "y"],
  ...features.map((row) => [...row, (row[0]! + row[1]!) / 2]),
]
const regression = ["--target", "y", "--task", "regression"]

describe("every spelling of a table is read alike by", () => {
  it.live("complete", () =>
    readsAlike(
      [
        ["land", "2019", "2020", "2021"],
        ["größe", 1.5, 2.25, 1234.5],
        ["de", -2, undefined, 9.5],
        ["it", 4, 8.5, 12],
        ["es", 3, 6, 2000.25],
      ],
      (path) => ["complete", path, "--folds", "2"],
    ),
  )

  it.live("solve", () =>
    readsAlike(
      [
        ["", "stein", "papier", "schere"],
        ["größe", 0, 1.5, -1234.5],
        ["x", -1.5, 0, 1],
        ["y", 1234.5, -1, 0],
      ],
      (path) => ["solve", path],
      two,
    ),
  )

  it.live("diagnose", () =>
    readsAlike(
      [
        ["step", "loss", "größe"],
        ...Array.from({ length: 30 }, (_, k) => [
          k,
          k === 20 ? 1234.5 : 2 + Math.round(1000 * 0.9 ** k) / 1000,
          0.125,
        ]),
      ],
      (path) => ["diagnose", path, "--rate", "größe"],
    ),
  )

  it.live("train", () =>
    readsAlike(samples, (path) => ["train", path, ...regression, "--epochs", "3", "--hidden", "4"]),
  )

  it.live("certify", () =>
    Effect.gen(function* () {
      const network = join(temporary(), "network.json")
      const [plain] = spelled(samples)
      const made = ["train", written(plain!.content), ...regression, "--epochs", "3"]
      assert.strictEqual(
        (yield* nonconvex([], [...made, "--hidden", "4", "--save", network, "--quiet"])).code,
        0,
      )
      yield* readsAlike(samples, (path) => ["certify", network, path, ...regression], two)
    }),
  )

  it.live("flatten", () =>
    readsAlike(
      samples,
      (path) => [
        "flatten",
        join(temporary(), "network.json"),
        path,
        ...regression,
        "--create",
        "cubic",
        "--rows",
        "3",
      ],
      two,
    ),
  )
})

describe("how a file was read is said,", () => {
  const solved = (content: string, ...more: ReadonlyArray<string>) =>
    nonconvex([], ["solve", written(content), ...more])

  it.live("where it is not written as programs do, beside the progress", () =>
    Effect.gen(function* () {
      const said =
        /^\S+table\.csv: read with --delimiter semicolon, --decimal comma, --encoding utf-8$/m
      const european = "1,5;-1\n-1;1\n"
      assert.match((yield* solved(european)).progress, said)
      assert.notMatch((yield* solved(european, "--quiet")).progress, /read with/)
      assert.notMatch((yield* solved("1.5,-1\n-1,1\n")).progress, /read with/)
    }),
  )
})

describe("release, whose rows may not tell how they are written,", () => {
  const release = (content: string, ...more: ReadonlyArray<string>) =>
    nonconvex(
      [],
      [
        "release",
        written(content),
        ..."--bound 1 --rank 1 --epsilon 1 --delta 1e-6 --neighbours replace --create-ledger".split(
          " ",
        ),
        ...more,
      ],
    )
  const table = (decimal: string) =>
    [
      "a;b",
      ...Array.from({ length: 50 }, (_, i) =>
        `${(i % 7) / 8};${(i % 5) / 8}`.replaceAll(".", decimal),
      ),
    ].join("\n")

  it.live("reads what the names of the columns tell, and decimal commas where it is told so", () =>
    Effect.gen(function* () {
      for (const ended of [
        yield* release(table(".")),
        yield* release(table("."), "--delimiter", "semicolon"),
        yield* release(table(","), "--decimal", "comma"),
      ]) {
        assert.deepStrictEqual([ended.code, ended.stderr], [0, ""])
      }
      const untold = yield* release(table(","))
      assert.deepStrictEqual([untold.code, untold.stdout], [1, ""])
      assert.match(untold.stderr, /^nonconvex: \S+: no table of /)
    }),
  )
})

describe("what is unclear is refused in a line, by", () => {
  const unclear = "a;b;y\n1,234;2;3\n5;6;7\n"
  const message =
    /row 2, column "a": "1,234" is 1234 or 1\.234; set the decimal mark with --decimal point or --decimal comma$/
  it.live.each([
    ["complete", (path: string) => ["complete", path]],
    ["solve", (path: string) => ["solve", path]],
    ["diagnose", (path: string) => ["diagnose", path, "--step", "a", "--loss", "b"]],
    ["train", (path: string) => ["train", path, ...regression]],
  ] as const)("%s", ([, command]) =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* nonconvex([], command(written(unclear)))
      assert.deepStrictEqual([code, stdout], [1, ""])
      assert.match(stderr, message)
    }),
  )

  it.live("the flag, where there is no such mark", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* nonconvex([], ["solve", "x.csv", "--decimal", "semicolon"])
      assert.strictEqual(code, 1)
      assert.match(stderr, /point.*comma/)
    }),
  )
})
