/** Flat networks from the command line. */
import { assert, describe, it } from "@effect/vitest"
import { Activation, outputs, twoLayer } from "@nonconvex/label-noise"
import { Effect, Schema } from "effect"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { FlattenReport } from "../src/data/flatten/FlattenReport.ts"
import { SavedNetwork } from "../src/networks/SavedNetwork.ts"
import { TwoLayerFile } from "../src/networks/TwoLayerFile.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"

const json = <A, I>(schema: Schema.Codec<A, I>) =>
  Schema.decodeUnknownSync(Schema.fromJsonString(Schema.toCodecJson(schema)))

const lab = (...args: ReadonlyArray<string>) => nonconvex([], ["flatten", ...args])

/** A network that `--create` made on eight rows of the diabetes data. */
const created = Effect.fnUntraced(function* (...flags: ReadonlyArray<string>) {
  const file = join(temporary(), "network.json")
  const { code, stderr } = yield* lab(
    file,
    "diabetes",
    "--create",
    "cubic",
    "--rows",
    "8",
    ...flags,
  )
  assert.strictEqual(code, 0, stderr)
  return file
})

/** Seven rows of four columns, five of them for training. */
const table = (value = "0.5") => {
  const file = join(temporary(), "rows.csv")
  const rows = [
    "1.0,0.2,-0.4,0.3,1.2",
    "-0.7,1.1,0.3,-0.2,-0.4",
    "0.3,-0.9,1.0,0.8,0.1",
    "-0.2,0.4,-1.1,0.9,-1.0",
    `0.9,-0.3,0.2,-1.2,${value}`,
    "0.1,0.7,0.6,-0.5,0.9",
    "-0.4,0.1,0.8,0.2,-0.8",
  ]
  writeFileSync(file, ["a,b,c,d,y", ...rows].join("\n"))
  return file
}
const csv = ["--target", "y", "--task", "regression", "--test-fraction", "0.3"]

const changed = (file: string, change: (network: Record<string, unknown>) => object): string => {
  const other = join(temporary(), "changed.json")
  const network = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>
  writeFileSync(other, JSON.stringify({ ...network, ...change(network) }))
  return other
}

describe("flatten", () => {
  it.live("writes the flat network, with the same function on the data to 1e-9", () =>
    Effect.gen(function* () {
      const file = yield* created()
      const flat = join(temporary(), "flat.json")
      const { code, stdout } = yield* lab(file, "diabetes", "--save", flat, "--json")
      assert.strictEqual(code, 0)
      const report = json(FlattenReport)(stdout)
      assert.strictEqual(report.before.verdict, "far")
      assert.strictEqual(report.after.verdict, "flat")
      assert.isAbove(report.before.excess, 0.1)
      assert.isAtMost(report.outputChange, 1e-9)
      assert.isAbove(report.labelNoise!.steps, 1000)

      // the two files, evaluated on random inputs that span as many dimensions as the rows: they differ elsewhere
      const [before, after] = [file, flat].map((path) =>
        json(TwoLayerFile)(readFileSync(path, "utf8")),
      )
      assert.notDeepEqual(after!.theta, before!.theta)
      const again = yield* lab(flat, "diabetes", "--json")
      const second = json(FlattenReport)(again.stdout)
      assert.strictEqual(second.before.verdict, "flat")
      assert.closeTo(second.before.sharpness, report.after.sharpness, 1e-8)
      const row = new Float64Array(11).fill(1)
      const at = (theta: ReadonlyArray<number>) =>
        outputs(
          twoLayer({
            activation: Activation.cubic(1),
            features: row,
            dimension: 11,
            labels: new Float64Array(1),
            neurons: 16,
          }),
          Float64Array.from(theta),
        )[0]!
      assert.notStrictEqual(at(before!.theta), at(after!.theta))
    }),
  )

  it.live("says in words what it found", () =>
    Effect.gen(function* () {
      const file = yield* created()
      const { stdout } = yield* lab(file, "diabetes")
      assert.match(stdout, /^16 neurons, z\^3 \+ 1 z, on 8 rows of 11 inputs$/m)
      assert.match(stdout, /^before {9}sharpness .* % above the minimum; far:/m)
      assert.match(stdout, /^label noise {4}\d+ steps with learning rate/m)
      const flat = join(temporary(), "flat.json")
      yield* lab(file, "diabetes", "--save", flat)
      const again = yield* lab(flat, "diabetes")
      assert.match(again.stdout, /^label noise {4}none is needed$/m)
    }),
  )

  it.live("takes what train saves with the cube, output weights and all", () =>
    Effect.gen(function* () {
      const file = join(temporary(), "network.json")
      const rows = table()
      const train = Effect.fnUntraced(function* (epochs: string) {
        const { code, stderr } = yield* nonconvex(
          [],
          [
            "train",
            rows,
            ...csv,
            "--activation=cube",
            "--hidden=6",
            "--method=plain",
            "--learning-rate=0.02",
            `--epochs=${epochs}`,
            `--save=${file}`,
            "--quiet",
          ],
        )
        assert.strictEqual(code, 0, stderr)
      })
      yield* train("400")
      const flat = join(temporary(), "flat.json")
      const fitted = yield* lab(file, rows, ...csv)
      assert.strictEqual(fitted.code, 0, fitted.stderr)
      yield* train("3")
      const cold = yield* lab(file, rows, ...csv, "--save", flat)
      assert.strictEqual(cold.code, 1)
      assert.match(cold.stderr, /it misses a target by .*; train it further, or fit it with --fit/)
      assert.isFalse(existsSync(flat))
      const { code, stderr, stdout } = yield* lab(
        file,
        rows,
        ...csv,
        "--fit",
        "--save",
        flat,
        "--json",
      )
      assert.strictEqual(code, 0, stderr)
      const report = json(FlattenReport)(stdout)
      assert.isAtMost(report.outputChange, 1e-9)
      assert.isAbove(report.before.excess, 1e-3)
      assert.isAtMost(report.after.excess, 1e-9)
      // outside of the theory of the rate, for the slope of the cube is 0 at 0
      assert.strictEqual(report.after.verdict, "outside")
      const network = json(SavedNetwork)(readFileSync(flat, "utf8"))
      assert.deepStrictEqual(network.architecture.widths, [4, 6, 1])
      const again = yield* lab(flat, rows, ...csv, "--json")
      assert.isAtMost(json(FlattenReport)(again.stdout).before.excess, 1e-9)
    }),
  )

  it.live("refuses what it cannot flatten, in one line", () =>
    Effect.gen(function* () {
      const file = yield* created()
      const refuses = Effect.fnUntraced(function* (args: ReadonlyArray<string>, message: RegExp) {
        const { code, stderr } = yield* lab(...args)
        assert.strictEqual(code, 1)
        assert.match(stderr, message)
        assert.notInclude(stderr, "\n")
      })
      // does not interpolate
      const shifted = changed(file, ({ theta }) => ({
        theta: (theta as ReadonlyArray<number>).map((value) => 1.1 * value),
      }))
      yield* refuses([shifted, "diabetes"], /it misses a target by/)
      // more rows than inputs: the Gram matrix would be singular
      const long = join(temporary(), "long.json")
      yield* refuses(
        [long, "diabetes", "--create=cubic", "--rows=12"],
        /--rows needs at most the number of features plus one, here 11: more rows are linearly dependent$/,
      )
      assert.isFalse(existsSync(long))
      // rows that are there twice: it is
      const twice = join(temporary(), "twice.csv")
      writeFileSync(twice, ["a,b,c,d,y", ...Array(6).fill("1,2,3,4,5"), "2,1,0,3,1"].join("\n"))
      const single = ["--target=y", "--task=regression", "--create=cubic"]
      assert.strictEqual((yield* lab(long, twice, ...single)).code, 0)
      yield* refuses([long, twice, ...single.slice(0, 2)], /linearly dependent/)
      yield* refuses(
        [long, "diabetes", "--create=cubic", "--slope=1e300"],
        /--slope.*between 0.000001 and 1000/,
      )
      const more = changed(file, () => ({ rows: 13 }))
      yield* refuses([more, "diabetes"], /it misses a target by/)
      // an activation that does not increase
      yield* refuses(
        [changed(file, () => ({ activation: { name: "cubic", slope: -1 } })), "diabetes"],
        /is not a network from train or flatten/,
      )
      // labels that are no numbers
      const nan = table("none of them")
      yield* refuses(
        [join(temporary(), "new.json"), nan, ...csv, "--create", "sinh"],
        /none of them/,
      )
      // files that are not there
      yield* refuses(
        [`${file}.absent`, "diabetes"],
        /no such file; create it with nonconvex train --save/,
      )
      yield* refuses([file, `${file}.csv`, ...csv], /network\.json\.csv/)
      yield* refuses([file, table(), ...csv], /it reads different features; give the data/)
      yield* refuses([file, "digits"], /it reads different features; give the data/)
      const text = join(temporary(), "text.json")
      writeFileSync(text, "{}")
      yield* refuses([text, "diabetes"], /is not a network from train or flatten/)
      yield* refuses(
        [changed(file, () => ({ theta: [1, 2] })), "diabetes"],
        /it has a different number of parameters; flatten takes/,
      )
    }),
  )

  it.live("refuses flags that say nothing", () =>
    Effect.gen(function* () {
      const fresh = join(temporary(), "fresh.json")
      const flat = join(temporary(), "flat.json")
      const create = ["--create", "sinh"]
      const cases: ReadonlyArray<readonly [flags: ReadonlyArray<string>, message: string]> = [
        [["--neurons", "4"], "--neurons needs --create"],
        [["--rows", "8"], "--rows needs --create, or a network from another program"],
        [["--slope", "2"], "--slope needs --create cubic"],
        [[...create, "--slope", "2"], "--slope needs --create cubic"],
        [[...create, "--save", flat], "--save allows no --create, which writes to the first file"],
        [[...create, "--fit"], "--fit allows no --create, which already fits the network"],
      ]
      for (const [flags, message] of cases) {
        const { code, stderr, stdout } = yield* lab(fresh, "diabetes", ...flags)
        assert.deepStrictEqual([code, stderr.trim(), stdout], [1, `nonconvex: ${message}`, ""])
        assert.isFalse(existsSync(fresh) || existsSync(flat))
      }
    }),
  )

  it.live("refuses networks of train that the theory is not about", () =>
    Effect.gen(function* () {
      const rows = table()
      const refused = Effect.fnUntraced(function* (
        activation: string,
        hidden: string,
        message: RegExp,
      ) {
        const file = join(temporary(), "network.json")
        const { code, stderr } = yield* nonconvex(
          [],
          [
            "train",
            rows,
            ...csv,
            `--activation=${activation}`,
            `--hidden=${hidden}`,
            "--learning-rate=0.01",
            "--epochs=1",
            `--save=${file}`,
            "--quiet",
          ],
        )
        assert.strictEqual(code, 0, stderr)
        const flat = yield* lab(file, rows, ...csv)
        assert.strictEqual(flat.code, 1)
        assert.match(flat.stderr, message)
      })
      yield* refused("square", "4", /square is not increasing; flatten takes/)
      yield* refused("relu", "4", /relu has no third derivative; flatten takes/)
      yield* refused("tanh", "4", /the third derivative of tanh changes sign; flatten takes/)
      yield* refused("cube", "4,4", /it does not have one hidden layer; flatten takes/)
    }),
  )
})
