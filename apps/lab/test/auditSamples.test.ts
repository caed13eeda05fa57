/** Audits of another program, by files of its outputs. */
import { afterAll, assert, describe, it } from "@effect/vitest"
import * as Npy from "@nonconvex/datasets/Npy"
import * as TableFile from "@nonconvex/datasets/TableFile"
import { RandomStream, Seed } from "@nonconvex/numerics"
import { Effect, Schema } from "effect"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { SamplesReport } from "../src/data/audit/Outputs.ts"
import { nonconvex } from "./support/InProcess.ts"
import { errors } from "./support/Process.ts"

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(SamplesReport)))

const folder = mkdtempSync(join(tmpdir(), "audit-"))
afterAll(() => rmSync(folder, { recursive: true }))

const written = (name: string, shape: ReadonlyArray<number>, values: Float64Array): string => {
  const path = join(folder, name)
  writeFileSync(path, Npy.encode({ shape, data: { _tag: "Numbers", values } }))
  return path
}

/** Gaussian outputs, of which the last number of each run is moved. */
const outputs = (name: string, runs: number, dimension: number, shift: number): string => {
  const values = new Float64Array(runs * dimension)
  RandomStream.make(Seed.root(1).child(name)).fillNormal(values)
  for (let i = 1; i <= runs; i++) values[i * dimension - 1]! += shift
  return written(name, dimension === 1 ? [runs] : [runs, dimension], values)
}

const a = outputs("a.npy", 8000, 1, 0)
const b = outputs("b.npy", 8000, 1, 2)
const matrixA = outputs("matrix-a.npy", 5000, 6, 0)
const matrixB = outputs("matrix-b.npy", 6000, 6, 2)
const few = outputs("few.npy", 20, 1, 0)
const bad = written("bad.npy", [200, 2], new Float64Array(400).fill(1).with(31, Number.NaN))
const text = join(folder, "text.npy")
writeFileSync(text, "1,2,3\n")

const audit = (...args: ReadonlyArray<string>) => nonconvex([], ["audit", "-q", ...args])

describe("audit --samples", () => {
  it.live("reads outputs as tables of any format", () =>
    Effect.gen(function* () {
      const audited = Effect.fnUntraced(function* (one: string, other: string) {
        const { stdout } = yield* nonconvex([], ["audit", "--samples", one, other, "--json"])
        const { files: _files, ...found } = yield* decode(stdout)
        return found
      })
      const expected = yield* audited(a, b)
      for (const format of ["parquet", "npz", "csv"] as const) {
        const tables = yield* Effect.forEach([a, b], (file, k) =>
          Effect.gen(function* () {
            const { data } = yield* Effect.fromResult(
              Npy.decode(readFileSync(file), { path: file }),
            )
            const values = data.values as Float64Array
            const path = join(folder, `${k}.${format}`)
            const columns = [{ name: "output", values }]
            const bytes =
              format === "csv" ? values.join("\n") : yield* TableFile.encode(format, { columns })
            writeFileSync(path, bytes)
            return path
          }),
        )
        assert.deepStrictEqual(yield* audited(tables[0]!, tables[1]!), expected)
      }
    }),
  )

  it.live("bounds epsilon from below without a promise", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* audit("--samples", a, b)
      assert.strictEqual(code, 0)
      assert.match(
        stdout,
        /^lower bound {4}epsilon at least [\d.]+, with confidence 0\.999, from 8[\s ]?000 runs of each file$/m,
      )
      assert.match(stdout, /^statistic {6}the numbers themselves, on half of the runs$/m)
      assert.match(stdout, /^mu {13}[\d.]+ ± [\d.]+: /m)
      assert.match(stdout, /^answer {9}at this delta, no mechanism with a smaller epsilon/m)
      assert.notMatch(stdout, /verdict/)
    }),
  )

  it.live("holds outputs of several numbers to a promise, and ends with 2 where it is broken", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* audit(
        "--samples",
        matrixA,
        matrixB,
        "--epsilon",
        "1",
        "--json",
      )
      assert.strictEqual(code, 2)
      assert.match(
        stderr,
        /the program of these files is not private at epsilon 1: the audit shows at least [\d.]+$/,
      )
      const report = yield* decode(stdout)
      assert.deepStrictEqual(
        [report.dimension, report.runs, report.samples, report.verdict],
        [6, [5000, 6000], 5000, "violation"],
      )
      // the exact epsilon of mu = 2 at delta = 0.01 is below 5.5
      assert.isAbove(report.epsilonLowerBound, 1)
      assert.isBelow(report.epsilonLowerBound, 5.5)
      const kept = yield* audit("--samples", matrixA, matrixB, "--epsilon", "6")
      assert.strictEqual(kept.code, 0)
      assert.match(kept.stdout, /^verdict {8}no violation found$/m)
    }),
  )

  it.live.each<[ReadonlyArray<string>, RegExp]>([
    [
      ["--samples", a],
      /--samples needs a number of runs or two files, as in --samples a\.npy b\.npy$/,
    ],
    [["--samples", join(folder, "none.npy"), b], /none\.npy: no such file; check the path$/],
    [
      ["--samples", a, few],
      /few\.npy: it holds 20 runs, by its first dimension; an audit needs at least 100/,
    ],
    [
      ["--samples", a, bad],
      /bad\.npy: run 15 has the output NaN; encode results that are not numbers/,
    ],
    [["--samples", text, b], /text\.npy: it does not begin like a NumPy array/],
    [
      ["--samples", a, matrixB],
      /matrix-b\.npy: its outputs have 6 numbers, but those of .*a\.npy have 1; both must/,
    ],
    [["--samples", a, b, "--exact"], /--exact needs a mechanism of nonconvex/],
    [["--samples", a, b, "--noise", "2"], /--noise needs a mechanism of nonconvex/],
    [["--samples", "5"], /Expected a value between 100 and 100000000/i],
    [
      ["--samples", "1e3", "--epsilon", "1"],
      /audit: missing --neighbours; for example: nonconvex audit /,
    ],
  ])("refuses in one line: %j", ([args, says]) =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* audit(...args)
      assert.deepStrictEqual([code, stdout], [1, ""])
      const [line, ...others] = errors(stderr)
      assert.deepStrictEqual(others, [])
      assert.match(line!, says)
    }),
  )
})
