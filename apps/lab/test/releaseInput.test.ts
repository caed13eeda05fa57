/** Files as people have them: read as they are written, or refused in a line that says how, and that says nothing of the rows. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync, readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { setImmediate } from "node:timers/promises"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"
import { decode, flags, release, rows, table, written } from "./support/Releases.ts"

const names = ["größe", "gewicht", "alter"]

/** A file of the rows of `Releases`, whose top eigenvalue is 0.8. */
const file = (text: string, encoding: "utf8" | "latin1" | "utf16le" = "utf8"): string => {
  const path = join(temporary(), "people.csv")
  writeFileSync(path, Buffer.from(text, encoding))
  return path
}

const lines = (
  delimiter: string,
  write: (x: number) => string = String,
  head: ReadonlyArray<string> = names,
  end = "\n",
): string =>
  [head.join(delimiter), ...rows.map((row) => row.map(write).join(delimiter)), ""].join(end)

const comma = (x: number): string => String(x).replace(".", ",")

/** UTF-16 with the other byte first. */
const swapped = (text: string): string => {
  const path = file("")
  writeFileSync(path, Buffer.from(`\uFEFF${text}`, "utf16le").swap16())
  return path
}

const strong = flags.with(5, "50")

const spellings: ReadonlyArray<readonly [string, () => string, ReadonlyArray<string>]> = [
  ["semicolons and decimal commas", () => file(lines(";", comma)), ["--decimal", "comma"]],
  ["tabs", () => file(lines("\t")), []],
  ["pipes", () => file(lines("|")), []],
  ["spaces", () => file(lines(" ")), ["--delimiter", "space"]],
  ["quotes", () => file(lines(",", (x) => `"${x}"`)), []],
  ["a mark and line ends of Windows", () => file(`\uFEFF${lines(",", String, names, "\r\n")}`), []],
  ["Windows-1252", () => file(lines(","), "latin1"), []],
  ["UTF-16", () => file(`\uFEFF${lines(",")}`, "utf16le"), []],
  ["UTF-16, the other byte first", () => swapped(lines(";")), []],
  ["no names", () => file(lines(",").slice(names.join().length + 1)), ["--names", names.join(",")]],
  [
    "a column of words",
    () => file(lines(",", String, ["wer", ...names]).replaceAll(/\n(?=.)/g, '\n"A, B",')),
    ["--ignore", "wer"],
  ],
  ["empty cells", () => file(`${lines(",")}NA,,\n`), ["--missing", "centre"]],
]

describe("a private file", () => {
  it.live.each(spellings)("with %s is read right", ([, make, more]) =>
    Effect.gen(function* () {
      const args = ["release", make(), ...strong, "--create-ledger", "--json", ...more]
      const { code, stderr, stdout } = yield* nonconvex([], args)
      assert.deepStrictEqual([code, stderr], [0, ""])
      const { certificate, columns } = yield* decode(stdout)
      assert.deepStrictEqual(columns, names)
      assert.closeTo(certificate.eigenvalues[0]!.estimate, 0.8, 0.01)
    }),
  )

  it.live("that needs a flag is refused in a line that names it, whatever is in its rows", () =>
    Effect.gen(function* () {
      const messages = new Set<string>()
      const bodies = spellings.flatMap(([, make, more]) => (more.length > 0 ? [make()] : []))
      for (const path of [...bodies, written("a;b\n1;SECRET\n"), written("a;b\n1,2\n")]) {
        const { code, progress, stderr, stdout } = yield* release(path, "--create-ledger")
        assert.deepStrictEqual([code, stdout, progress], [1, "", ""])
        assert.notInclude(stderr, "\n")
        messages.add(stderr.replace(path, "FILE"))
        assert.isFalse(existsSync(`${path}.ledger`))
      }
      assert.strictEqual(messages.size, 1)
      for (const flag of [
        "--check",
        "--ignore",
        "--missing centre",
        "--names",
        "--decimal comma",
      ]) {
        assert.include([...messages][0]!, flag)
      }
    }),
  )

  it.live("is read as its first line says, and not as its rows look", () =>
    Effect.gen(function* () {
      const path = written("a;b\n0.5;0.25\n")
      const found = yield* release(path, "--create-ledger", "--json")
      assert.deepStrictEqual((yield* decode(found.stdout)).columns, ["a", "b"])
      const other = yield* release(written("a,b\n0.5;0.25\n0.5;0.25\n"), "--create-ledger")
      assert.match(other.stderr, /no table of finite numbers/)
      const said = yield* release(written("a;b\n0.5\n"), "--create-ledger", "--delimiter", "comma")
      assert.strictEqual(said.code, 0, said.stderr)
    }),
  )

  it.live("has no row that is taken for its names, though it has one column", () =>
    Effect.gen(function* () {
      for (const row of ["0.5;0.25", "0,5;0,25", "0.5 0.25", "7"]) {
        const path = written(`${row}\n`)
        const hidden = flags.with(9, "add-remove")
        const { code, stderr } = yield* nonconvex([], ["release", path, ...hidden])
        assert.strictEqual(code, 1)
        // the name of a temporary folder may have any digit
        assert.notInclude(stderr.replaceAll(path, ""), row)
      }
    }),
  )

  it.live("counts cells without a value as the centre, and says so", () =>
    Effect.gen(function* () {
      const centre = ["--centre", "0.5,0", "--missing", "centre"]
      const path = written(`a,b\n${"NA,0.5\n".repeat(3000)}`)
      const { stdout } = yield* nonconvex(
        [],
        ["release", path, ...strong, "--create-ledger", ...centre, "--json"],
      )
      const { certificate, loadings, missing } = yield* decode(stdout)
      assert.strictEqual(missing, "centre")
      assert.closeTo(certificate.eigenvalues[0]!.estimate, 0.25, 0.01)
      assert.closeTo(loadings[0]!["b"]!, 1, 0.01)
      const text = yield* release(table([[0.5, 0, 0]]), "--create-ledger", "--missing", "centre")
      assert.match(text.stdout, /^missing {8}cells without a value count as the centre/m)
    }),
  )
})

describe("release --check", () => {
  const check = (path: string, ...more: ReadonlyArray<string>) => release(path, "--check", ...more)

  it.live("tells the owner what is wrong, and which flags read the file, which then do", () =>
    Effect.gen(function* () {
      const head = ["wer", ...names]
      const text = lines(";", comma, head).replaceAll(/\n(?=.)/g, "\nSECRET;")
      const path = file(`${text}SECRET;NA;1;1\n`)
      const { code, stdout } = yield* check(path)
      assert.strictEqual(code, 0)
      assert.match(stdout, /nothing was released and no budget was spent$/m)
      assert.match(stdout, /^words {10}column wer has "SECRET" on line 2/m)
      assert.match(stdout, /^blank {10}column "größe" has 1 cell without a value/m)
      assert.isFalse(existsSync(`${path}.ledger`))
      const [, more] = /^release with {3}(.*)$/m.exec(stdout)!
      const found = yield* release(path, "--create-ledger", ...more!.split(" "))
      assert.strictEqual(found.code, 0, found.stderr)
    }),
  )

  it.live("says what no flag mends", () =>
    Effect.gen(function* () {
      const cases = [
        ["", /the file is empty/],
        ["0.5,0.25\n0.5,0.5\n", /name its 2 columns with --names/],
        ["a,b\n1\n", /row 2: 2 cells expected/],
        ["a,b\n1,1e999\n", /not finite/],
        ["wer\nA\n", /no numeric column is left/],
      ] as const
      for (const [text, expected] of cases) {
        const { code, stderr } = yield* check(written(text))
        assert.strictEqual(code, 1)
        assert.match(stderr, expected)
        assert.notInclude(stderr, "\n")
      }
      const above = yield* check(written("# of today\na,b\n1,2\n"))
      assert.match(above.stdout, /^refused {8}comments and lines above the names are not allowed/m)
    }),
  )
})

describe("release, before it reads rows", () => {
  it.live("names all flags that are missing at once, with an example", () =>
    Effect.gen(function* () {
      const none = yield* nonconvex([], ["release"])
      assert.strictEqual(none.code, 1)
      assert.match(
        none.stderr,
        /^nonconvex release: missing <data>, --epsilon, --neighbours; for example: nonconvex release people.csv .*--create-ledger \(help: /,
      )
      const some = yield* nonconvex([], ["release", "x.csv", "--rank=2", "--epsilon", "1"])
      assert.match(some.stderr, /: missing --neighbours; for example: /)
      const replace = ["--epsilon", "1", "--neighbours", "replace"]
      const rank = yield* nonconvex([], ["release", "x.csv", "--rank=2", ...replace])
      assert.match(rank.stderr, /: no --bound, no --delta: components need --rank, --bound and/)
      const audit = yield* nonconvex([], ["audit"])
      assert.match(audit.stderr, /: missing --neighbours, --epsilon; for example: nonconvex audit /)
    }),
  )

  it.live("asks for a ledger, and for room in it", () =>
    Effect.gen(function* () {
      const path = written("a,b\nSECRET\n")
      const none = yield* release(path)
      assert.match(none.stderr, /no ledger; .*, with --create-ledger$/)
      const small = yield* release(path, "--create-ledger", "--total-epsilon", "0.5")
      assert.match(small.stderr, /the budget is epsilon 0.5/)
      writeFileSync(path, "a,b\n0.5,0.5\n")
      assert.strictEqual((yield* release(path, "--create-ledger")).code, 0)
      writeFileSync(path, "a,b\nSECRET\n")
      assert.match((yield* release(path)).stderr, /the budget is epsilon 1 .* 1 is spent/)
      assert.match((yield* release(path, "--create-ledger")).stderr, /exists already/)
    }),
  )
})

describe("release, while it reads", () => {
  it.live("says how far it is, as a share that tells no size", () =>
    Effect.gen(function* () {
      const { progress } = yield* release(table(), "--create-ledger")
      assert.match(progress, /^read \[#{20}\] 100 %, in \S+ m?s$/m)
      const quiet = yield* nonconvex([], ["release", table(), ...flags, "--create-ledger", "-q"])
      assert.strictEqual(quiet.progress, "")
    }),
  )

  it.live("ends at Ctrl-C with 130, and leaves nothing", () =>
    Effect.gen(function* () {
      const folder = temporary()
      const path = table(Array.from({ length: 300_000 }, () => rows[0]!))
      // the place of the results is taken before the first row is read
      const taken = Effect.promise(async () => {
        while (readdirSync(folder).length === 0) await setImmediate()
      })
      const save = ["--save", join(folder, "release.json")]
      const args = ["release", path, ...flags, "--create-ledger", ...save]
      const { code, stderr, stdout } = yield* nonconvex([], args, taken)
      assert.deepStrictEqual([code, stdout, stderr], [130, "", ""])
      assert.isFalse(existsSync(`${path}.ledger`))
      assert.deepStrictEqual(readdirSync(folder), [])
    }),
  )
})
