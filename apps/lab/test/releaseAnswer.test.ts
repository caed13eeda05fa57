/** What a release is good for: loadings by name, how far they may be off, and how many rows a usable answer takes. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { execFileSync, spawn } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"
import { decode, decodeSaved, flags, release, table, written } from "./support/Releases.ts"

/** Rows of variance 0.64 along (0.8, 0.6, 0) and 0.09 along the third axis. */
const crossed = (n: number): string =>
  written(
    `b,"a, then",c\n${Array.from({ length: n }, (_, i) => {
      const sign = i % 2 === 0 ? 1 : -1
      return [sign * 0.64, sign * 0.48, i % 4 < 2 ? 0.3 : -0.3].join(",")
    }).join("\n")}\n`,
  )

describe("the answer of a release", () => {
  it.live("has the loadings by column name, the largest positive, and how far each is off", () =>
    Effect.gen(function* () {
      const save = join(temporary(), "release.json")
      const args = ["--create-ledger", "--save", save]
      const two = flags.with(3, "2")
      const path = crossed(4000)
      const { stdout } = yield* nonconvex([], ["release", path, ...two, ...args])
      assert.match(
        stdout,
        /^component 1 {4}0\.\d+ b, 0\.\d+ "a, then", -?(?:0\.0\d+|\d\S*e-\d+) c; each within 0\.\d+$/m,
      )
      assert.match(stdout, /^component 2 {4}/m)
      const { certificate, columns, components, loadings } = yield* decodeSaved(
        readFileSync(save, "utf8"),
      )
      const [first, second] = loadings
      const off = 2 * Math.sin(Math.asin(certificate.directions[0]!) / 2)
      assert.isBelow(off, 0.2)
      for (const [name, exact] of [["b", 0.8] as const, ["a, then", 0.6] as const]) {
        assert.isAtMost(Math.abs(first![name]! - exact), off)
      }
      assert.closeTo(second!["c"]!, 1, 0.1)
      loadings.forEach((each, k) => {
        assert.closeTo(Math.hypot(...Object.values(each)), 1, 1e-9)
        assert.isAbove(
          Object.values(each).reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a)),
          0,
        )
        assert.deepStrictEqual(
          columns.map((column) => each[column]!),
          [...components[k]!],
        )
      })
    }),
  )

  it.live("does not mix up names that look like numbers", () =>
    Effect.gen(function* () {
      const path = written("0.9,0,0.1\n".repeat(4000))
      const { stdout } = yield* release(path, "--names", "20,b,10", "--create-ledger", "--json")
      const { loadings } = yield* decode(stdout)
      assert.closeTo(loadings[0]!["20"]!, 0.99, 0.05)
      assert.closeTo(loadings[0]!["10"]!, 0.11, 0.1)
    }),
  )

  it.live("says what it is good for: usable, rough, or too noisy", () =>
    Effect.gen(function* () {
      const answer = (text: string) => /^answer {9}(.*)$/m.exec(text)?.[1]
      const good = yield* release(crossed(20_000), "--create-ledger")
      assert.match(
        answer(good.stdout)!,
        /^usable: the directions explain at least 8\d\.?\d* % of the variance/,
      )
      const rough = yield* nonconvex(
        [],
        ["release", crossed(900), ...flags.with(3, "2"), "--create-ledger"],
      )
      assert.match(answer(rough.stdout)!, /^rough: |^too noisy: component 2 of 2/)
      const noise = yield* release(table([[0.1, 0, 0]]), "--create-ledger")
      assert.match(answer(noise.stdout)!, /^too noisy: the component may be noise; use more/)
    }),
  )

  it.live("says of one column that its direction is known, and only its size is not", () =>
    Effect.gen(function* () {
      // a tenth of the bound: whole ones stand above the noise in four of a thousand releases
      const one = written(`a\n${Array.from({ length: 20 }, (_, i) => (i % 2) / 10).join("\n")}\n`)
      const { code, stdout } = yield* release(one, "--create-ledger")
      assert.strictEqual(code, 0)
      assert.match(stdout, /^answer {9}too noisy: the size of the only column may be noise/m)
      assert.match(stdout, /^subspace {7}the only column: only its size is/m)
    }),
  )

  it.live("refuses a pipe with what to do", () =>
    Effect.gen(function* () {
      const pipe = join(temporary(), "people.csv")
      execFileSync("mkfifo", [pipe])
      const writer = spawn("sh", ["-c", 'printf "a\n1\n" > "$0"', pipe])
      const { code, stderr } = yield* release(pipe, "--create-ledger")
      writer.kill()
      assert.strictEqual(code, 1)
      assert.match(stderr, /people\.csv: pipes are not supported: write to a file first$/m)
      assert.isFalse(existsSync(`${pipe}.ledger`))
    }),
  )

  it.live("says how many rows, or which epsilon, would make it legible, and they do", () =>
    Effect.gen(function* () {
      const small = yield* release(crossed(2000), "--create-ledger", "--json")
      const { needed } = yield* decode(small.stdout)
      const { epsilon, leastRows, rows, samplingRows } = needed
      assert.isAbove(rows!.lower, leastRows)
      assert.isBelow(rows!.upper / rows!.lower, 3)
      const above = (stdout: string) =>
        Effect.map(decode(stdout), ({ certificate }) => {
          const [{ estimate } = { estimate: Number.NaN }] = certificate.eigenvalues
          return estimate / certificate.noiseNorm
        })
      const more = yield* release(crossed(Math.round(rows!.estimate)), "--create-ledger", "--json")
      assert.closeTo(yield* above(more.stdout), 10, 2)
      const other = flags.with(5, String(epsilon.estimate))
      const louder = yield* nonconvex(
        [],
        ["release", crossed(2000), ...other, "--create-ledger", "--json"],
      )
      assert.closeTo(yield* above(louder.stdout), 10, 2)
      // 100 times 0.64 (0.64 + 0.09) / 0.64^2
      assert.isAtMost(samplingRows.lower, 114)
      assert.isAtLeast(samplingRows.upper, 114)
    }),
  )

  it.live("prints them beside the explained variance and its interval", () =>
    Effect.gen(function* () {
      const { stdout } = yield* release(crossed(20_000), "--create-ledger")
      assert.match(
        stdout,
        /^explained {6}\S+ % of the trace, in \[\S+, \S+\] %; no choice of components/m,
      )
      assert.match(
        stdout,
        /^needed {9}for component 1 ten times above the noise: between .+ rows at epsilon 1, or epsilon between \S+ and \S+ at these 20.000$/m,
      )
      assert.match(
        stdout,
        /^rule of thumb {2}without privacy, sampling alone needs between \d+ and \d+ rows for that; at this epsilon no data set suffices with fewer than [\d ]+$/mu,
      )
      assert.match(stdout, /^centre {9}0: variances are about it, not about the mean/m)
      assert.match(stdout, /nonconvex explain <term> explains a term/)
    }),
  )

  it.live("tells no number of rows where it is private, and takes one that was published", () =>
    Effect.gen(function* () {
      const hidden = flags.with(9, "add-remove")
      const path = crossed(2000)
      const budget = ["--create-ledger", "--total-epsilon", "3"]
      const { stdout } = yield* nonconvex([], ["release", path, ...hidden, ...budget])
      assert.match(stdout, /^needed .*the number of rows is private: give --rows/m)
      const args = ["release", path, ...hidden]
      const sums = yield* decode((yield* nonconvex([], [...args, "--json"])).stdout)
      assert.isNull(sums.needed.rows)
      const published = yield* nonconvex([], [...args, "--rows", "2000", "--json"])
      assert.isAbove((yield* decode(published.stdout)).needed.rows!.estimate, 100)
    }),
  )

  it.live("is infinite where nothing is certain, and JSON still", () =>
    Effect.gen(function* () {
      const { stdout } = yield* release(table([[0.1, 0, 0]]), "--create-ledger", "--json")
      const { certificate, needed } = yield* decode(stdout)
      assert.deepStrictEqual(certificate.directions, [1])
      assert.deepStrictEqual(
        [needed.rows!.upper, needed.epsilon.upper, needed.samplingRows.upper],
        Array.from({ length: 3 }, () => Number.POSITIVE_INFINITY),
      )
    }),
  )
})
