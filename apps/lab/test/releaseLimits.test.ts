/** What a release refuses, what it leaves behind, and what it takes. */
import { assert, describe, it } from "@effect/vitest"
import { NodeServices } from "@effect/platform-node"
import { PrivateScatter, Public } from "@nonconvex/dp-lowrank"
import { Effect, Fiber } from "effect"
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { setImmediate } from "node:timers/promises"
import { readPrivateTable } from "@nonconvex/dp-lowrank/node"
import { render } from "../src/data/release/ReleaseText.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"
import { decode, decodeSaved, flags, release, table, written } from "./support/Releases.ts"

describe("release", () => {
  it.live("refuses more columns than a release has, in words of its own", () =>
    Effect.gen(function* () {
      const names = Array.from({ length: 8193 }, (_, k) => `c${k}`)
      const file = written(`${names.join(",")}\n${names.map(() => "0.1").join(",")}\n`)
      const { code, stderr } = yield* nonconvex(
        [],
        ["release", file, ...flags.with(9, "replace"), "--create-ledger"],
      )
      assert.strictEqual(code, 1)
      assert.match(stderr, /a release has at most 8192 columns; .*--ignore/)
      assert.isFalse(existsSync(`${file}.ledger`))
    }),
  )

  it.live("releases a file without rows where their number is private", () =>
    Effect.gen(function* () {
      const file = written("a,b\n")
      const hidden = flags.with(9, "add-remove")
      const { code, stdout } = yield* nonconvex(
        [],
        ["release", file, ...hidden, "--create-ledger", "--json"],
      )
      assert.strictEqual(code, 0)
      assert.strictEqual((yield* decode(stdout)).divisor, 1)
    }),
  )

  it.live(
    "refuses a number of rows that is not theirs where it is public, and spends nothing",
    () =>
      Effect.gen(function* () {
        const file = written("a,b\n0.5,0\n0,0.5\n")
        const { code, stderr, stdout } = yield* release(file, "--rows", "1000", "--create-ledger")
        assert.strictEqual(code, 1)
        assert.strictEqual(stdout, "")
        assert.match(
          stderr,
          /--rows must be the number of rows under --neighbours replace \(got rows = 1000, counted = 2\)$/,
        )
        assert.isFalse(existsSync(`${file}.ledger`))
        const right = yield* release(file, "--rows", "2", "--create-ledger", "--json")
        assert.strictEqual((yield* decode(right.stdout)).divisor, 2)
      }),
  )

  it.live("reads a mark of the byte order, line ends of Windows, and numbers in quotes", () =>
    Effect.gen(function* () {
      const file = written('\uFEFFa,"b"\r\n"0.5", 0.25 \r\n\r\n.5,"2.5e-1"\r\n')
      const { stdout } = yield* release(file, "--create-ledger", "--json")
      const { columns, divisor } = yield* decode(stdout)
      assert.deepStrictEqual(columns, ["a", "b"])
      assert.strictEqual(divisor, 2)
    }),
  )

  it.live("sums more rows than it holds at once", () =>
    Effect.gen(function* () {
      const file = table(Array.from({ length: 25_000 }, (_, i) => [i % 5 === 0 ? 1 : 0, 0, 0]))
      const { stdout } = yield* release(file, "--create-ledger", "--json")
      const { certificate, divisor } = yield* decode(stdout)
      assert.strictEqual(divisor, 25_000)
      assert.closeTo(certificate.eigenvalues[0]!.estimate, 0.2, 0.01)
    }),
  )

  it.live("refuses one row too many with the message of any file that is no table", () =>
    Effect.gen(function* () {
      const full = PrivateScatter.make({ dimension: 1, bound: Public.bound(1) })
      full.add(Float64Array.of(1))
      for (let doubled = 1; doubled < 2 ** 24; doubled *= 2) {
        const copy = PrivateScatter.make({ dimension: 1, bound: Public.bound(1) })
        copy.merge(full)
        full.merge(copy)
      }
      const reading = (rows: string) =>
        readPrivateTable({ path: written(rows), neighbours: "add-remove" }, () =>
          Effect.succeed({ scatter: full }),
        ).pipe(Effect.provide(NodeServices.layer))
      yield* reading("a\n")
      const message = String(yield* Effect.flip(reading("a\n1\n")))
      const file = written("a\nb\n")
      const { stderr } = yield* release(file, "--create-ledger")
      const ours = message.replace(/^.*people.csv/, "")
      assert.match(ours, /^: no table of finite numbers/)
      assert.isTrue(
        stderr.replace(/^.*people.csv/, "").startsWith(`${ours}: repeat the command with`),
      )
    }),
  )

  it.live("leaves no ledger behind for a release that its budget does not pay for", () =>
    Effect.gen(function* () {
      const file = table()
      const small = yield* release(file, "--create-ledger", "--total-epsilon", "0.5")
      assert.match(
        small.stderr,
        /the budget is epsilon 0.5 at delta 0.000001, 0 is spent, and this/,
      )
      const tiny = yield* release(file, "--create-ledger", "--total-delta", "1e-310")
      assert.match(tiny.stderr, /the budget is epsilon 1 at delta 1e-310, 0 is spent, and this/)
      for (const { code, stderr } of [small, tiny]) {
        assert.strictEqual(code, 1)
        assert.notInclude(stderr, "\n")
      }
      assert.isFalse(existsSync(`${file}.ledger`))
      assert.isFalse(existsSync(`${file}.ledger.entries`))
    }),
  )

  it.live("refuses a mechanism that gives less privacy than was asked of it", () =>
    Effect.gen(function* () {
      const file = table()
      const printed = ["--mechanism", "upper-triangle-as-printed", "--create-ledger"]
      const { code, stderr } = yield* release(file, ...printed, "--total-epsilon", "9")
      assert.strictEqual(code, 1)
      assert.match(stderr, /is not private under --neighbours replace.*given = 1\.13\d+/)
      assert.isFalse(existsSync(`${file}.ledger`))
      const hidden = flags.with(9, "add-remove")
      const kept = yield* nonconvex([], ["release", file, ...hidden, ...printed])
      assert.match(kept.stdout, /^\(0.783\d+, 0.000001\)-differentially private/m)
    }),
  )

  it.live("saves the three outputs of the paper's mechanism", () =>
    Effect.gen(function* () {
      const save = join(temporary(), "paper.json")
      const complex = ["--mechanism", "complex-as-printed", "--create-ledger", "--save", save]
      const { code, stdout } = yield* release(table(), ...complex)
      assert.strictEqual(code, 0)
      assert.match(stdout, /^\(0.540\d+, 0.000001\)-differentially private/m)
      const { noisyMatrix, offDiagonalScale, paper } = yield* decodeSaved(
        readFileSync(save, "utf8"),
      )
      const { imaginary, real, realRankK } = paper!
      assert.deepStrictEqual(
        [real, imaginary].map((rows) => rows.map(({ length }) => length)),
        [
          [1, 2, 3],
          [1, 2, 3],
        ],
      )
      assert.closeTo(imaginary[1]![1]!, 0, 1e-9)
      assert.isAbove(Math.abs(imaginary[1]![0]!), 1e-6 * offDiagonalScale)
      assert.closeTo(realRankK.eigenvalues[0]!, noisyMatrix[0]![0]! + noisyMatrix[1]![1]!, 150)
      assert.closeTo(Math.hypot(...realRankK.components[0]!), 1, 1e-12)
    }),
  )

  it.live("never saves over the ledger, its entries or the data", () =>
    Effect.gen(function* () {
      const file = table()
      for (const end of ["", ".ledger", ".ledger.entries"]) {
        const { stderr } = yield* release(file, "--create-ledger", "--save", `${file}${end}`)
        assert.match(stderr, /the command also reads this file/)
      }
      assert.isFalse(existsSync(`${file}.ledger`))
    }),
  )

  it("prints intervals no narrower than they are", () => {
    const text = render({
      dataset: "d",
      columns: ["a", "b"],
      rank: 1,
      mechanism: "isotropic",
      neighbours: "replace",
      unit: { protects: "person", rowsPerPerson: 1, column: null, others: [] },
      bound: 1,
      divisor: 1,
      kernels: "strict",
      epsilon: 1,
      delta: 1e-6,
      rho: 1,
      statement: "",
      diagonalScale: 1,
      offDiagonalScale: 1,
      certificate: {
        failure: 0.05,
        noiseNorm: 0.123_41,
        eigenvalues: [{ estimate: 0.083_673_8, lower: 0.083_644_9, upper: 0.083_702_7 }],
        projectorError: 0.018_101,
        status: "certified",
        explained: { estimate: 0.212, lower: 0.211_977, upper: 0.212_023 },
        directions: [0.018_101],
        legible: 1.2341,
        growth: { estimate: 2, lower: 1.9, upper: 2.1 },
        samplingRows: { estimate: 300, lower: 290, upper: 310 },
      },
      loadings: [{ a: 1, b: 0 }],
      needed: {
        rows: { estimate: 2, lower: 1.9, upper: 2.1 },
        epsilon: { estimate: 2, lower: 1.9, upper: 2.1 },
        samplingRows: { estimate: 300, lower: 290, upper: 310 },
        leastRows: 1.3,
      },
      centre: null,
      missing: "refuse",
      shrunk: [0],
      chosenRank: 0,
      significant: 0,
      ledger: {
        path: "l",
        entry: 1,
        spentEpsilon: 0.500_000_4,
        budgetEpsilon: 1,
        budgetDelta: 1e-6,
      },
    })
    for (const part of [
      "norm at most 0.1235;",
      "in [0.08364, 0.08371]",
      "21.2 % of the trace, in [21.19, 21.21] %",
      "within 0.01811 of",
      "0.500001 of epsilon 1",
    ]) {
      assert.include(text, part)
    }
  })

  it.live("prints what was paid for where the file of --save cannot be written after all", () =>
    Effect.gen(function* () {
      const folder = join(temporary(), "results")
      mkdirSync(folder)
      const file = table()
      const save = join(folder, "release.json")
      const started = yield* Effect.forkChild(
        release(file, "--create-ledger", "--json", "--save", save),
      )
      // by then the command has seen that it can write there, and has yet to spend
      while (!existsSync(`${file}.ledger`)) yield* Effect.promise(() => setImmediate())
      rmdirSync(folder)
      writeFileSync(folder, "in its place")
      const { code, stderr, stdout } = yield* Fiber.join(started)
      assert.strictEqual(code, 1)
      assert.match(stderr, /results: cannot be written/)
      assert.strictEqual((yield* decode(stdout)).ledger.entry, 1)
    }),
  )

  it.live(
    "prints what was paid for where an interruption comes between the spend and the print",
    () =>
      Effect.gen(function* () {
        const file = table()
        const ledger = `${file}.ledger`
        const isSpent = () =>
          existsSync(ledger) && readFileSync(ledger, "utf8").includes('"entry":1')
        const spent = Effect.promise(async () => {
          while (!isSpent()) await setImmediate()
        })
        const { stdout } = yield* nonconvex(
          [],
          ["release", file, ...flags, "--create-ledger"],
          spent,
        )
        assert.match(stdout, /^ledger {9}entry 1 of/m)
      }),
  )
})
