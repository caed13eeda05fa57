/** Networks of train on tables of the user's own, flattened. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { FlattenReport } from "../src/data/flatten/FlattenReport.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"

const decode = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.toCodecJson(FlattenReport)))

const lab = (...args: ReadonlyArray<string>) => nonconvex([], ["flatten", ...args])

/** Twenty curves of thirty points, smooth as a spectrometer sees them, and what they measure. */
const spectra = (spelling: "plain" | "european" = "plain") => {
  const file = join(temporary(), "spectra.csv")
  const columns = Array.from({ length: 30 }, (_, k) => `nm${900 + k}`)
  const rows = Array.from({ length: 20 }, (_, i) => {
    const [a, b] = [Math.sin(7 * i + 1), Math.cos(11 * i)]
    const curve = Array.from(columns.keys(), (k) => {
      const noise = 0.1 * Math.sin(13 * i * i + 17 * k * (i + 1))
      return (a * Math.sin(k / 9) + b * Math.cos(k / 5) + noise).toFixed(4)
    })
    return [...curve, (10 + a + b * b).toFixed(3)]
  })
  const lines =
    spelling === "plain"
      ? [[...columns, "sugar"], ...rows].map((cells) => cells.join(","))
      : [
          ["kind", ...columns, "sugar"],
          ...rows.map((cells, i) => [
            ["süß", "herb"][i % 2]!,
            ...cells.map((cell, k) => (i === 3 && k === 5 ? "" : cell.replace(".", ","))),
          ]),
        ].map((cells) => cells.join(";"))
  writeFileSync(file, lines.join("\n"))
  return file
}

describe("flatten, on tables", () => {
  it.live(
    "flattens what train makes of a table with more columns than rows, as its README says",
    () =>
      Effect.gen(function* () {
        const rows = spectra()
        const [file, flat] = [join(temporary(), "cube.json"), join(temporary(), "flat.json")]
        const trained = yield* nonconvex(
          [],
          ["train", rows, "--target=sugar", "--activation=cube", "--hidden=8", `--save=${file}`],
        )
        assert.strictEqual(trained.code, 0, trained.stderr)
        // the file says which column it predicts
        const cold = yield* lab(file, rows)
        assert.strictEqual(cold.code, 1)
        assert.match(
          cold.stderr,
          /it misses a target by .*; train it further, or fit it with --fit$/,
        )
        const { code, stderr, stdout } = yield* lab(file, rows, "--fit", "--save", flat)
        assert.strictEqual(code, 0, stderr)
        assert.match(stdout, /^8 neurons, z\^3, on 16 rows of 31 inputs$/m)
        assert.match(stdout, /^after {10}sharpness .*, 0 % above the minimum; outside/m)
        assert.match(
          stdout,
          /^test error {5}\S+ as given, \S+ before, \S+ after, \S+ for the mean of the targets, on 4 rows for testing$/m,
        )
        assert.match(
          stdout,
          /^advice {9}(no network predicts|flatter is not better|the flat network has the lowest)/m,
        )
        const neurons = stdout.split("\n").filter((text) => /^row \d/.test(text))
        assert.lengthOf(neurons, 8)
        for (const row of neurons) assert.match(row, /^row \d {2}[ .:|]+$/)
        assert.match(stdout, /^Sharpness: the sum of squared derivatives of the outputs/m)
        assert.match(stdout, /^Only the outputs on these rows stay the same/m)

        const report = decode((yield* lab(flat, rows, "--json")).stdout)
        assert.isAtMost(report.before.excess, 1e-9)
        assert.strictEqual(report.heldOut!.rows, 4)
        assert.closeTo(report.heldOut!.after, report.heldOut!.before, 1e-6)
        // the flat network predicts as any other that train saves
        const predicted = yield* nonconvex([], ["predict", flat, rows, "--json"])
        assert.strictEqual(predicted.code, 0, predicted.stderr)
      }),
  )

  it.live("refuses more rows than features at once, and says what to do", () =>
    Effect.gen(function* () {
      const file = join(temporary(), "tall.json")
      const trained = yield* nonconvex(
        [],
        ["train", "diabetes", "--activation=cube", "--hidden=4", "--epochs=2", `--save=${file}`],
      )
      assert.strictEqual(trained.code, 0, trained.stderr)
      for (const flags of [[], ["--fit"]]) {
        const { code, stderr } = yield* lab(file, "diabetes", ...flags)
        assert.strictEqual(code, 1)
        assert.match(
          stderr,
          /it was trained on 354 rows of 10 features, but the flattest network is known for at most 11 rows.*; use a table with more columns than rows, or measure the flatness with nonconvex certify/,
        )
      }
    }),
  )

  it.live("says of a file that it is not there, is no JSON, or has another seed", () =>
    Effect.gen(function* () {
      const rows = spectra()
      const folder = temporary()
      const absent = yield* lab(join(folder, "absent.json"), rows)
      assert.deepStrictEqual(
        [absent.code, absent.stderr.trim()],
        [
          1,
          `nonconvex: ${join(folder, "absent.json")}: no such file; create it with nonconvex train --save`,
        ],
      )
      const swapped = yield* lab(rows, "net.json")
      assert.match(swapped.stderr, /is not JSON .*; give the network first, then its data/)
      const file = join(folder, "cube.json")
      const flags = ["--activation=cube", "--hidden=4", "--epochs=2", "--seed=5", `--save=${file}`]
      yield* nonconvex([], ["train", rows, "--target=sugar", ...flags])
      const other = yield* lab(file, rows, "--fit")
      assert.match(
        other.stderr,
        /its inputs are scaled differently \(it was trained with --seed 5\); give the data, flags and seed/,
      )
      assert.strictEqual((yield* lab(file, rows, "--fit", "--seed=5")).code, 0)
    }),
  )

  it.live("reads tables as train does: words, holes, decimal commas", () =>
    Effect.gen(function* () {
      const rows = spectra("european")
      const file = join(temporary(), "cube.json")
      const flags = ["--activation=cube", "--hidden=8", "--epochs=2", `--save=${file}`]
      const trained = yield* nonconvex([], ["train", rows, "--target=sugar", ...flags])
      assert.strictEqual(trained.code, 0, trained.stderr)
      const { code, stderr, stdout } = yield* lab(file, rows, "--fit")
      assert.strictEqual(code, 0, stderr)
      assert.match(stdout, /^8 neurons, z\^3, on 16 rows of 3\d inputs$/m)
    }),
  )

  it.live("names rows that repeat each other", () =>
    Effect.gen(function* () {
      const file = join(temporary(), "twice.json")
      const twice = join(temporary(), "twice.csv")
      writeFileSync(twice, ["a,b,c,d,y", ...Array(6).fill("1,2,3,4,5"), "2,1,0,3,1"].join("\n"))
      const flags = ["--target=y", "--task=regression"]
      yield* lab(file, twice, ...flags, "--create=cubic")
      const { code, stderr } = yield* lab(file, twice, ...flags)
      assert.strictEqual(code, 1)
      assert.match(
        stderr,
        /linearly dependent in its 4 features and the constant \(training rows 1 and 2 are the same\).*; remove duplicate rows/,
      )
    }),
  )
})
