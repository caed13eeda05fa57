/** Stores and ledgers that earlier versions wrote, as they wrote them: each opens, and goes on. */
import { assert, describe, it } from "@effect/vitest"
import { system as optimSam } from "@nonconvex/optim-sam/evidence"
import { Effect } from "effect"
import { createHash } from "node:crypto"
import { cpSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"

const kept = join(import.meta.dirname, "fixtures/formats")

/** Stdout of a command that must end well. */
const run = Effect.fnUntraced(function* (args: ReadonlyArray<string>) {
  const { code, stderr, stdout } = yield* nonconvex([optimSam], [...args, "--quiet"])
  assert.strictEqual(code, 0, stderr)
  return stdout
})

const listed = Effect.fnUntraced(function* (file: string) {
  const text = yield* run(["runs", "--store", file, "--json"])
  return (
    JSON.parse(text) as {
      readonly runs: ReadonlyArray<{ readonly id: string; readonly kept: number }>
    }
  ).runs
})

describe("a store of an earlier version", () => {
  it.live.each(["first-store", "store-without-index"])("opens, and takes more: %s", (name) =>
    Effect.gen(function* () {
      const folder = temporary()
      const file = join(folder, "store.sqlite")
      writeFileSync(file, gunzipSync(readFileSync(join(kept, `${name}.sqlite.gz`))))
      const runs = yield* listed(file)
      assert.deepStrictEqual(
        runs.map((each) => each.kept),
        [3, 3, 3, 3],
      )
      const [csv, jsonl] = ["csv", "jsonl"].map((format) => join(folder, `runs.${format}`))
      yield* run(["export", "csv", "--out", csv!, "--store", file])
      assert.lengthOf(readFileSync(csv!, "utf8").trimEnd().split("\n"), 1 + 4 * 63)
      yield* run(["export", "jsonl", "--out", jsonl!, "--store", file])
      const imported = yield* run(["import", jsonl!, "--store", join(folder, "other.sqlite")])
      assert.match(imported, /^4 runs imported into .*: 12 new parts$/m)
      const grid = ["--grid", "radius=0.05,0.1", "--seeds", "0..2"]
      const sweep = ["sweep", "optim-sam/valley", "--preset", "smoke", ...grid]
      const again = yield* run([...sweep, "--store", file])
      assert.match(again, /^6 trials: 6 computed in .* 0 reused, 0 failed$/m)
      assert.lengthOf(yield* listed(file), 10)
    }),
  )
})

const flags = ["--bound", "1", "--rank", "1", "--epsilon", "0.1", "--delta", "1e-6"]

const ledgers = [
  { name: "gaussian", entries: 2, spent: 0.491717, terms: ["--neighbours", "replace"] },
  {
    name: "people",
    entries: 1,
    spent: 0.431033,
    terms: ["--neighbours", "replace", "--rows-per-person", "2"],
  },
  { name: "mixed", entries: 2, spent: 0.931033, terms: ["--neighbours", "add-remove"] },
]

/** A table with a kept ledger beside it. */
const withLedger = (name: string) => {
  const folder = temporary()
  const table = join(folder, "t.csv")
  writeFileSync(table, "a,b,c\n0.1,0.2,0.3\n0.4,0.1,0.5\n0.2,0.2,0.1\n0.3,0.9,0.1\n")
  for (const each of [`${name}.ledger`, `${name}.ledger.entries`]) {
    cpSync(join(kept, each), join(folder, each), { recursive: true })
  }
  return { table, ledger: join(folder, `${name}.ledger`) }
}

/** A line with the hash of its fields. */
const sealed = (fields: object): string => {
  const hash = createHash("sha256").update(JSON.stringify(fields)).digest("hex")
  return JSON.stringify({ ...fields, hash })
}

describe("a ledger of an earlier version", () => {
  it.live.each(ledgers)("opens, and pays for more: $name", ({ entries, name, spent, terms }) =>
    Effect.gen(function* () {
      const { ledger, table } = withLedger(name)
      const found = JSON.parse(yield* run(["ledger", ledger, "--json"])) as {
        readonly verdict: string
        readonly account: {
          readonly entries: ReadonlyArray<unknown>
          readonly spentEpsilon: number
        }
      }
      assert.strictEqual(found.verdict, "whole")
      assert.lengthOf(found.account.entries, entries)
      assert.closeTo(found.account.spentEpsilon, spent, 1e-6)
      const released = yield* run(["release", table, ...flags, ...terms, "--ledger", ledger])
      assert.match(released, new RegExp(`^ledger +entry ${entries + 1} of `, "m"))
    }),
  )

  it.live.each([
    {
      what: "its opening",
      number: 0,
      fields: { ledger: "nonconvex/2", dataset: "t.csv", neighbours: "replace", unit: "device" },
    },
    { what: "entry 3", number: 3, fields: { entry: 3, kind: "renyi", alpha: 8, previous: "" } },
  ])("of a newer one is refused, and not counted as damaged: $what", ({ fields, number, what }) =>
    Effect.gen(function* () {
      const { ledger, table } = withLedger("gaussian")
      const lines = readFileSync(ledger, "utf8").split("\n").slice(0, -1)
      lines[number] = sealed(fields)
      const written = lines.map((line) => `${line}\n`).join("")
      writeFileSync(ledger, written)
      const words = `${what} is of a newer version of nonconvex: use that version`
      const release = ["release", table, ...flags, "--neighbours", "replace", "--ledger", ledger]
      for (const args of [["ledger", ledger], ["ledger", ledger, "--recover"], release]) {
        const { code, stderr } = yield* nonconvex([], args)
        assert.strictEqual(code, 1)
        assert.include(stderr, words)
      }
      assert.strictEqual(readFileSync(ledger, "utf8"), written)
    }),
  )
})
