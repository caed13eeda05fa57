/** The ledger from the command line: what is spent, for whom, what is whole, and what is mended. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { nonconvex } from "./support/InProcess.ts"
import { decode, flags, release, table, written } from "./support/Releases.ts"

const ledger = (file: string, ...more: ReadonlyArray<string>) =>
  nonconvex([], ["ledger", file, ...more])

/** A table with a ledger of two releases. */
const spent = Effect.gen(function* () {
  const file = table()
  const half = flags.with(5, "0.4")
  const first = yield* nonconvex(
    [],
    ["release", file, ...half, "--create-ledger", "--total-epsilon", "1"],
  )
  assert.strictEqual(first.code, 0, first.stderr)
  yield* nonconvex([], ["release", file, ...half])
  return `${file}.ledger`
})

describe("ledger", () => {
  it.live("says what is spent, of which budget and for whom", () =>
    Effect.gen(function* () {
      const path = yield* spent
      const { code, stdout } = yield* ledger(path)
      assert.strictEqual(code, 0)
      assert.match(stdout, /: both copies are complete$/m)
      assert.match(stdout, /^data set {7}"people.csv", where a row is replaced$/m)
      assert.match(stdout, /^spent {10}0.5\d+ of epsilon 1 at delta 0.000001, in 2 releases$/m)
      assert.match(stdout, /^entry 2 {8}release of rank 1, isotropic noise, epsilon 0.4 at/m)
    }),
  )

  it.live("writes again what one place lost, and only when it is asked to", () =>
    Effect.gen(function* () {
      const path = yield* spent
      const whole = readFileSync(path, "utf8")
      writeFileSync(path, whole.slice(0, -40))
      const looked = yield* ledger(path, "--json")
      assert.strictEqual(looked.code, 0)
      const found = JSON.parse(looked.stdout)
      assert.strictEqual(found.verdict, "mendable")
      assert.deepStrictEqual(found.places[0].missing, [2])
      assert.lengthOf(found.account.entries, 2)
      assert.notStrictEqual(readFileSync(path, "utf8"), whole)
      const mended = yield* ledger(path, "--recover")
      assert.match(mended.stdout, /nothing is lost; the damaged copy was restored$/m)
      assert.strictEqual(readFileSync(path, "utf8"), whole)
      rmSync(`${path}.entries`, { recursive: true })
      assert.match((yield* ledger(path, "--recover")).stdout, /\.entries: missing$/m)
      rmSync(path)
      yield* ledger(path, "--recover")
      assert.strictEqual(readFileSync(path, "utf8"), whole)
      assert.match((yield* ledger(path, "--recover")).stdout, /: both copies are complete/)
    }),
  )

  it.live("ends with 1 where a spend is lost, writes nothing, and takes it from a copy", () =>
    Effect.gen(function* () {
      const path = yield* spent
      const copy = `${path}.copy`
      copyFileSync(path, copy)
      rmSync(`${path}.entries/1`, { recursive: true })
      const broken = readFileSync(path, "utf8").replace("isotropic", "isotropix")
      writeFileSync(path, broken)
      const lost = yield* ledger(path, "--recover")
      assert.strictEqual(lost.code, 1)
      assert.match(lost.stdout, /^lost {11}entry 1: restore it from a backup with --copy/m)
      assert.match(lost.stderr, /some of its lines are intact in neither place/)
      assert.strictEqual(readFileSync(path, "utf8"), broken)
      const refused = yield* nonconvex([], ["release", path.replace(".ledger", ""), ...flags])
      assert.strictEqual(refused.code, 1)
      assert.match(refused.stderr, /entry 1 is complete in neither/)
      assert.strictEqual((yield* ledger(path, "--copy", copy)).code, 0)
      assert.strictEqual(readFileSync(path, "utf8"), broken)
      assert.strictEqual((yield* ledger(path, "--copy", copy, "--recover")).code, 0)
      assert.deepStrictEqual(readFileSync(path), readFileSync(copy))
    }),
  )

  it.live(
    "never takes a copy for a ledger that has no line of its own, or tells another story",
    () =>
      Effect.gen(function* () {
        const [path, other] = [yield* spent, yield* spent]
        const copy = written(readFileSync(path, "utf8"))
        writeFileSync(other, readFileSync(other, "utf8").replace("isotropic", "isotropix"))
        const different = yield* ledger(other, "--copy", yield* spentOtherwise, "--recover")
        assert.strictEqual(different.code, 1)
        assert.match(different.stdout, /its two copies contradict each other/)
        rmSync(`${path}.entries`, { recursive: true })
        writeFileSync(path, "")
        const { code, stdout } = yield* ledger(path, "--copy", copy, "--recover")
        assert.strictEqual(code, 1)
        assert.match(stdout, /none of its lines is intact, and a copy alone does not show later/)
        assert.strictEqual(readFileSync(path, "utf8"), "")
      }),
  )

  it.live("refuses what is no ledger in a line", () =>
    Effect.gen(function* () {
      const cases = [
        [[`${table()}.ledger`], /no ledger; restore it/],
        [[table()], /none of its lines is intact/],
        [[yield* spent, "--copy", "nowhere"], /nowhere: no ledger; restore it/],
      ] as const
      for (const [[file, ...more], said] of cases) {
        const { code, stderr } = yield* ledger(file, ...more)
        assert.strictEqual(code, 1)
        assert.match(stderr, said)
        assert.notInclude(stderr, "\n")
      }
    }),
  )
})

const spentOtherwise = Effect.gen(function* () {
  const file = table()
  yield* nonconvex(
    [],
    ["release", file, ...flags.with(5, "0.2"), "--create-ledger", "--total-epsilon", "2"],
  )
  return `${file}.ledger`
})

describe("release, of people with several rows", () => {
  it.live("says that a row is protected and what several cost, until it is told of people", () =>
    Effect.gen(function* () {
      const file = written(
        readFileSync(table(), "utf8")
          .replaceAll(/\n(?=.)/g, "\nx,")
          .replace("a,b,c", "userId,a,b,c"),
      )
      const rows = yield* release(file, "--ignore", "userId", "--create-ledger", "--json")
      const { unit } = yield* decode(rows.stdout)
      assert.strictEqual(unit.protects, "row")
      assert.strictEqual(unit.rowsPerPerson, 1)
      assert.strictEqual(unit.column, "userId")
      assert.isAbove(unit.others[0]!.epsilon!, 2)
      const told = table()
      const said = yield* release(told, "--create-ledger")
      assert.match(
        said.stdout,
        /^unit {11}a row is protected, not a person: epsilon 2\.\d+ for a person with 2 rows, /m,
      )
      const alone = yield* release(table(), "--create-ledger", "--rows-per-person", "1")
      assert.notMatch(alone.stdout, /^unit/m)
    }),
  )

  it.live("protects them with that many times the noise, from a ledger of their own", () =>
    Effect.gen(function* () {
      const one = yield* release(table(), "--create-ledger", "--json")
      const file = table()
      const people = ["--rows-per-person", "3"]
      const three = yield* release(file, "--create-ledger", "--json", ...people)
      const [row, person] = [yield* decode(one.stdout), yield* decode(three.stdout)]
      assert.closeTo(person.diagonalScale / row.diagonalScale, 3, 1e-6)
      assert.strictEqual(person.unit.protects, "person")
      assert.strictEqual(person.unit.rowsPerPerson, 3)
      assert.include(person.statement, "where all rows of one person, up to 3, are replaced by")
      assert.match((yield* ledger(`${file}.ledger`)).stdout, /where a person with up to 3 rows is/)
      const rows = yield* release(file)
      assert.match(rows.stderr, /the ledger is for the rows per person "3", not "1"/)
    }),
  )

  it.live("refuses numbers of rows that nobody has", () =>
    Effect.gen(function* () {
      for (const wrong of ["0", "-1", "1.5", "many", "99999999"]) {
        const { code, stderr } = yield* release(table(), `--rows-per-person=${wrong}`)
        assert.strictEqual(code, 1, wrong)
        assert.match(stderr, /rows-per-person/)
      }
    }),
  )

  it.live("tells their owner how often one value stands in a column of people", () =>
    Effect.gen(function* () {
      const file = written("id,a,b\n7,0.1,0.2\n8,0.2,0.1\n7,0.3,0.1\n7,0.3,0.2\n")
      const { stdout } = yield* release(file, "--check", "--ignore", "id")
      assert.match(stdout, /^people {9}column id has one value in up to 3 rows/m)
      const once = written("id,a\n1,0.1\n2,0.2\n")
      assert.notInclude((yield* release(once, "--check", "--ignore", "id")).stdout, "people ")
    }),
  )
})
