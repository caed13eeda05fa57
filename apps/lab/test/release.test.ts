/** Private releases from the command line: what is printed, what is spent, and that errors say nothing of the rows. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync, readFileSync, rmSync, truncateSync } from "node:fs"
import { join } from "node:path"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"
import { decode, decodeSaved, flags, release, rows, table, written } from "./support/Releases.ts"

describe("release", () => {
  it.live("prints eigenvalues with intervals, the statement and the entry", () =>
    Effect.gen(function* () {
      const file = table()
      const { code, stderr, stdout } = yield* release(file, "--create-ledger")
      assert.strictEqual(code, 0, stderr)
      assert.match(stdout, /^people.csv, rank 1 of 3, isotropic noise$/m)
      assert.match(stdout, /^\(1, 0.000001\)-differentially private where one row is replaced/m)
      assert.match(stdout, /^eigenvalue 1 {3}0\.\d+ in \[0\.\d+, 0\.\d+\], shrunk 0\.\d+$/m)
      assert.match(stdout, /^explained {6}\S+ % of the trace, in \[/m)
      assert.match(stdout, /^scale {10}divided by 4.000 rows$/m)
      assert.match(stdout, /^ledger {9}entry 1 of .*: 1 of epsilon 1 spent at delta 0.000001$/m)
      assert.notMatch(stdout, /clip(?!ped to norm 1)/)
      const again = yield* release(file)
      assert.strictEqual(again.code, 1)
      assert.match(again.stderr, /the budget is epsilon 1 at delta 0.000001, 1 is spent/)
    }),
  )

  it.live("covers the exact answer, saves the factors, and never writes the exact ones", () =>
    Effect.gen(function* () {
      const file = table()
      const save = join(temporary(), "release.json")
      const { stdout } = yield* release(file, "--create-ledger", "--json", "--save", save)
      const { certificate, divisor } = yield* decode(stdout)
      const [top] = certificate.eigenvalues
      assert.strictEqual(divisor, 4000)
      // the exact top eigenvalue is 0.8 to 1e-3
      assert.isAtMost(top!.lower, 0.8)
      assert.isAtLeast(top!.upper, 0.8)
      assert.isAbove(certificate.explained.lower, 0.9)
      const saved = yield* decodeSaved(readFileSync(save, "utf8"))
      assert.lengthOf(saved.components[0]!, 3)
      assert.deepStrictEqual(
        saved.noisyMatrix.map((row) => row.length),
        [1, 2, 3],
      )
      for (const exact of ["2560", "1280", "640", "0.64"]) {
        assert.notInclude(
          [...stdout.split(/[\s,[\]]/), ...saved.noisyMatrix.flat().map(String)],
          exact,
        )
      }
    }),
  )

  it.live("clips rows beyond the bound, and says nothing of it", () =>
    Effect.gen(function* () {
      const inside = yield* release(table(), "--create-ledger")
      const outside = yield* release(table([...rows.slice(1), [1e300, 0, 0]]), "--create-ledger")
      const words = (text: string) => text.replaceAll(/\/\S+|[\d.e-]+/g, "#")
      assert.strictEqual(outside.code, 0)
      assert.strictEqual(words(outside.stdout), words(inside.stdout))
      assert.strictEqual(outside.stderr, "")
    }),
  )

  it.live("has a budget for several releases, and sums under add-remove", () =>
    Effect.gen(function* () {
      const file = table()
      const several = ["--neighbours", "add-remove", "--create-ledger", "--total-epsilon", "2"]
      const args = (extra: ReadonlyArray<string>) => [
        "release",
        file,
        "--bound",
        "1",
        "--rank",
        "2",
        "--epsilon",
        "0.5",
        "--delta",
        "1e-7",
        ...extra,
      ]
      const first = yield* nonconvex([], args([...several, "--json"]))
      const { divisor, ledger } = yield* decode(first.stdout)
      assert.strictEqual(divisor, 1)
      assert.strictEqual(ledger.budgetEpsilon, 2)
      assert.closeTo(ledger.spentEpsilon, 0.5, 1e-6)
      const second = yield* nonconvex(
        [],
        args(["--neighbours", "add-remove", "--rows", "4000", "--json"]),
      )
      const next = yield* decode(second.stdout)
      assert.strictEqual(next.divisor, 4000)
      assert.strictEqual(next.ledger.entry, 2)
      const other = yield* nonconvex([], args(["--neighbours", "replace"]))
      assert.match(other.stderr, /for the neighbours "add-remove", not "replace"/)
    }),
  )

  it.live("warns of a delta that is no small one for so many rows", () =>
    Effect.gen(function* () {
      const small = yield* release(table(), "--create-ledger")
      assert.notMatch(small.stdout, /caution/)
      const large = yield* nonconvex(
        [],
        ["release", table(), ...flags.with(7, "0.001"), "--create-ledger"],
      )
      assert.match(large.stdout, /^caution {8}delta is above a tenth of 1 \/ rows/m)
    }),
  )

  it.live("refuses files that are no tables with one message, whatever is in them", () =>
    Effect.gen(function* () {
      const bodies = [
        "a,b,c\n1,2,SECRET\n",
        "a,b,c\n1,2\n",
        "a,b,c\n1,2,NaN\n",
        "a,b,c\n",
        "",
        "0.5,0.25,0.125\n1,2,3\n",
        'a,b,c\n"1,2,3\n',
        "a,a,c\n1,2,3\n",
        "NA,b,c\n1,2,3\n",
        "1e400,-Infinity,c\n1,2,3\n",
      ]
      const messages = new Set<string>()
      for (const body of bodies) {
        const file = written(body)
        const { code, stderr, stdout } = yield* release(file, "--create-ledger")
        assert.strictEqual(code, 1)
        assert.strictEqual(stdout, "")
        messages.add(stderr.replace(file, "FILE"))
        assert.isFalse(existsSync(`${file}.ledger`))
      }
      assert.deepStrictEqual(
        [...messages],
        [
          "nonconvex: FILE: no table of finite numbers below a row of names, with rows of equal length and at most 2^24 of them; the owner of the rows can check it: repeat the command with --check to see the problem. Use --ignore <column> for words, --missing centre for empty cells, --names a,b,c for a file without names, and --decimal comma for numbers such as 0,5",
        ],
      )
    }),
  )

  it.live("refuses impossible numbers in one line, before it looks at the data", () =>
    Effect.gen(function* () {
      const cases: ReadonlyArray<readonly [ReadonlyArray<string>, RegExp]> = [
        [["--bound", "0"], /the bound must lie between/],
        [["--epsilon", "1e9"], /epsilon must be positive and at most 100/],
        [["--epsilon", "0"], /epsilon must be positive/],
        [["--delta", "0"], /delta must be at least 1e-300 and below 1/],
        [["--delta", "1"], /delta must be/],
        [["--rows", "0"], /the count of rows must be an integer of at least 1/],
        [["--rank", "0"], /rank/],
        [["--failure", "0"], /--failure/],
        [["--failure", "1e-320"], /--failure/],
        [["--mechanism", "complex"], /a complex mechanism needs --save/],
        [["--total-epsilon", "-1"], /--total-epsilon/],
        [["--total-delta", "2"], /--total-delta/],
        [["--neighbours", "none"], /neighbours/],
        [["--mechanism", "laplace"], /mechanism/],
        [["--centre", "1,x"], /Expected numbers with commas/],
      ]
      for (const [change, expected] of cases) {
        const kept = flags.flatMap((flag, i) =>
          i % 2 === 0 && flag !== change[0] ? [flag, flags[i + 1]!] : [],
        )
        const { code, stderr } = yield* nonconvex(
          [],
          ["release", "/nowhere.csv", ...kept, ...change],
        )
        assert.strictEqual(code, 1)
        assert.match(stderr, expected)
        assert.notInclude(stderr, "\n")
      }
    }),
  )

  it.live(
    "refuses a rank above the dimension and a centre of another length, and spends nothing",
    () =>
      Effect.gen(function* () {
        const file = table()
        const high = yield* nonconvex(
          [],
          ["release", file, ...flags.with(3, "4"), "--create-ledger"],
        )
        assert.match(
          high.stderr,
          /--rank must be from 1 to the number of columns \(got rank = 4, columns = 3\)/,
        )
        const centre = yield* release(file, "--create-ledger", "--centre", "1,2")
        assert.match(centre.stderr, /the length of centre must be 3/)
        const missing = yield* release("/nowhere.csv", "--create-ledger")
        assert.match(missing.stderr, /no such file/)
        assert.isFalse(existsSync(`${file}.ledger`))
      }),
  )

  it.live("refuses a ledger that is missing, damaged or of other data", () =>
    Effect.gen(function* () {
      const file = table()
      const path = `${file}.ledger`
      const missing = yield* release(file)
      assert.strictEqual(missing.code, 1)
      assert.match(
        missing.stderr,
        /no ledger; restore it, or create one if nothing was ever released/,
      )
      yield* release(file, "--create-ledger", "--total-epsilon", "5")
      const other = yield* release(file, "--dataset", "other")
      assert.match(other.stderr, /for the data set "people.csv", not "other"/)
      const twice = yield* release(file, "--create-ledger")
      assert.match(twice.stderr, /exists already/)
      truncateSync(path, 30)
      rmSync(`${path}.entries/1`, { recursive: true })
      rmSync(`${path}.entries/0`, { recursive: true })
      const cut = yield* release(file)
      assert.match(cut.stderr, /is complete in neither/)
      for (const { code, stdout } of [missing, other, twice, cut]) {
        assert.strictEqual(code, 1)
        assert.strictEqual(stdout, "")
      }
    }),
  )
})
