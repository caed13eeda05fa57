/** Public scales by column: one bound for columns of mixed units, results in the units of the file. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"
import { decode, decodeSaved, release, rows, table } from "./support/Releases.ts"

/** The rows of the support, with the second column in units of 1e5. */
const mixed = rows.map(([a, b, c]) => [a!, b! * 1e5, c!])

const scales = "a=1,b=1e5,c=1"

describe("release --scale", () => {
  it.live("covers the answer that equal units have, and gives it in the units of the file", () =>
    Effect.gen(function* () {
      const save = join(temporary(), "release.json")
      const { code, stderr, stdout } = yield* release(
        table(mixed),
        "--create-ledger",
        "--json",
        "--save",
        save,
        "--scale",
        scales,
      )
      assert.strictEqual(code, 0, stderr)
      const { certificate, inUnits, loadings, scales: shown } = yield* decode(stdout)
      // the exact top eigenvalue of the divided rows is 0.8 to 1e-3
      assert.isAtMost(certificate.eigenvalues[0]!.lower, 0.8)
      assert.isAtLeast(certificate.eigenvalues[0]!.upper, 0.8)
      assert.deepStrictEqual(shown, { a: 1, b: 1e5, c: 1 })
      assert.deepStrictEqual(inUnits, [
        { a: loadings[0]!["a"]!, b: loadings[0]!["b"]! * 1e5, c: loadings[0]!["c"]! },
      ])
      const { noisyMatrix } = yield* decodeSaved(readFileSync(save, "utf8"))
      // sums over 4000 rows: 0.8², 0.8 · 4e4 and (4e4)² each, with noise that is small beside the scales
      assert.closeTo(noisyMatrix[0]![0]! / 4000, 0.64, 0.1)
      assert.closeTo(noisyMatrix[1]![0]! / 4000 / 1e5, 0.32, 0.1)
      assert.closeTo(noisyMatrix[1]![1]! / 4000 / 1e10, 0.16, 0.1)
    }),
  )

  it.live("without it, the column of large numbers clips all others away", () =>
    Effect.gen(function* () {
      const { stdout } = yield* release(table(mixed), "--create-ledger", "--json")
      const { inUnits, loadings, scales: shown } = yield* decode(stdout)
      assert.isAbove(loadings[0]!["b"]!, 0.95)
      assert.isUndefined(inUnits)
      assert.isUndefined(shown)
    }),
  )

  it.live("reads scales from a file, and prints them", () =>
    Effect.gen(function* () {
      const file = join(temporary(), "scales.json")
      writeFileSync(file, JSON.stringify({ a: 1, b: 1e5, c: 1 }))
      const { code, stderr, stdout } = yield* release(
        table(mixed),
        "--create-ledger",
        "--scale",
        file,
      )
      assert.strictEqual(code, 0, stderr)
      assert.match(
        stdout,
        /^units {10}columns were divided by the public scales: a 1, b 100.?000, c 1$/m,
      )
      assert.match(stdout, /^in units {7}a step of 1 along component 1 changes a by /m)
    }),
  )

  it.live("divides the coefficients of a regression back", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* nonconvex(
        [],
        `release ${table(mixed)} --bound 1 --rank 2 --epsilon 100 --delta 1e-6 --neighbours replace --target b --scale ${scales} --create-ledger --json`.split(
          " ",
        ),
      )
      assert.strictEqual(code, 0, stderr)
      const { regression } = yield* decode(stdout)
      const { estimate, lower, upper } = regression!.coefficients["a"]!
      // b is half of a in the divided rows: 0.4e5 for 0.8
      assert.isAtMost(lower, 5e4)
      assert.isAtLeast(upper, 5e4)
      assert.closeTo(estimate / 5e4, 1, 0.2)
    }),
  )

  for (const [text, reason] of [
    ["std", /computed from the rows would reveal them/],
    ["a=1,b=1e5", /no scale for .*c/],
    ["a=1,b=1e5,c=1,d=2", /no column is named .*d/],
    ["a=1,b=0,c=1", /between 1e-100 and 1e100/],
    ["a=1,b=x,c=1", /between 1e-100 and 1e100/],
    ["a=1,a=2,b=1,c=1", /name each column with a positive number/],
    ["absent.json", /no such file/],
  ] as const) {
    it.live(`refuses ${text}, and spends nothing`, () =>
      Effect.gen(function* () {
        const file = table(mixed)
        const { code, stderr, stdout } = yield* release(file, "--create-ledger", "--scale", text)
        assert.strictEqual(code, 1, stdout)
        assert.match(stderr, reason)
        assert.notInclude(stderr, "\n")
        assert.isFalse(existsSync(`${file}.ledger`))
      }),
    )
  }

  it.live("shows nothing of a file that holds no scales", () =>
    Effect.gen(function* () {
      const other = join(temporary(), "rows.csv")
      writeFileSync(other, "a,b,c\n31337,2,3\n")
      const { code, stderr } = yield* release(table(), "--create-ledger", "--scale", other)
      assert.strictEqual(code, 1)
      assert.match(stderr, /a file of scales holds one JSON object/)
      assert.notInclude(stderr, "31337")
    }),
  )

  it.live("refuses the file of the rows as scales", () =>
    Effect.gen(function* () {
      const file = table(mixed)
      const { code, stderr } = yield* release(file, "--create-ledger", "--scale", file)
      assert.strictEqual(code, 1)
      assert.match(stderr, /computed from the rows would reveal them/)
    }),
  )
})
