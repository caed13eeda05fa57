/** Runs that are kept, in files and computed again: `export`, `import` and `rerun`. */
import { Runs } from "@nonconvex/store/Runs"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect } from "effect"
import { spawnSync } from "node:child_process"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { Rerun } from "../src/evidence/handlers/RerunHandler.ts"
import { keeping, listed, scratch } from "./support/KeptToys.ts"
import { decoded, refused } from "./support/Toys.ts"

const sweep = {
  id: "5e".repeat(32),
  experiment: "toy/dice",
  spec: {},
  startedAt: "2026-11-27T08:00:00.000Z",
}

describe("runs that are kept", () => {
  it.live("go through a file into another store, and are the same there", () =>
    Effect.gen(function* () {
      const { at, lab, place } = yield* scratch()
      const file = place("runs.jsonl")
      const trials = (yield* listed(place("runs.sqlite"))).slice(0, 2).map(({ id }) => id)
      yield* Effect.flatMap(Runs, ({ keepSweep }) => keepSweep({ ...sweep, trials })).pipe(
        Effect.provide(keeping(place("runs.sqlite"))),
      )
      assert.strictEqual(
        (yield* lab(["export", "jsonl", "--out", file])).stdout,
        `7 runs in ${file}`,
      )
      const other = at("other.sqlite")
      const taken = yield* other(["import", file])
      assert.strictEqual(taken.code, 0)
      assert.match(taken.stdout, /^7 runs imported into .*other\.sqlite: 38 new parts$/m)
      assert.strictEqual((yield* listed(place("other.sqlite"), "--where", "sweep=5e")).length, 2)
      assert.deepStrictEqual(
        yield* listed(place("other.sqlite")),
        yield* listed(place("runs.sqlite")),
      )
      const again = place("again.jsonl")
      yield* other(["export", "jsonl", "--out", again])
      assert.strictEqual(readFileSync(again, "utf8"), readFileSync(file, "utf8"))
      assert.match(
        (yield* other(["import", file])).stdout,
        /: 0 new parts, 38 parts equal to the saved ones bit for bit$/m,
      )
    }),
  )

  it.live("are a table for other programs", () =>
    Effect.gen(function* () {
      const { lab, place } = yield* scratch()
      const file = place("rows.csv")
      const { stdout } = yield* lab(["export", "csv", "--out", file])
      assert.strictEqual(
        stdout,
        `36 rows\n6 runs in ${file}; 1 verdict omitted, since verdicts have no rows`,
      )
      const lines = readFileSync(file, "utf8").trimEnd().split("\r\n")
      assert.strictEqual(lines[0], "run,experiment,seed,radius,rolls,roll,mean,dice")
      assert.strictEqual(lines.length, 37)
      assert.match(lines[1]!, /^[0-9a-f]{64},toy\/dice,1,0\.5,4,1,\d,"fair, ""square"""$/)
      const store = place("runs.sqlite")
      assert.match(
        yield* refused("export", "csv", "--where", "kind=claim", "--out", file, "--store", store),
        /verdicts have no rows, so export them as jsonl/,
      )
      assert.match(
        yield* refused("export", "csv", "--out", store, "--store", store),
        /the command also reads this file/,
      )
    }),
  )

  it.live("are never replaced by what is written of them, however their store was named", () =>
    Effect.gen(function* () {
      const { place } = yield* scratch()
      const store = place("runs.sqlite")
      const before = readFileSync(store)
      for (const args of [
        ["export", "csv", "--out", store],
        ["sweep", "toy/dice", "--save", store, "--dry-run"],
      ]) {
        const message = yield* Effect.provideService(
          refused(...args),
          ConfigProvider.ConfigProvider,
          ConfigProvider.fromUnknown({ NONCONVEX_STORE: store }),
        )
        assert.match(message, /\(the command also reads this file\)/)
      }
      assert.isTrue(before.equals(readFileSync(store)))
    }),
  )

  it.live("of a steered search are others than those of a random one, and come out again", () =>
    Effect.gen(function* () {
      const { at, place, store } = yield* scratch()
      const searched = at("searched.sqlite")
      for (const way of ["random", "steered"]) {
        yield* searched(["verify", "at-most-nine", "--search", way, "--runs", "70", "--quiet"])
      }
      const all = yield* listed(place("searched.sqlite"))
      assert.deepStrictEqual(
        new Set(all.map(({ key }) => JSON.stringify(key.config))),
        new Set(['{"runs":70}', '{"runs":70,"search":"steered"}']),
      )
      for (const { id } of all) {
        const { value } = yield* decoded(Rerun, ["rerun", id, store[0]!, place("searched.sqlite")])
        assert.isTrue(value.same)
      }
    }),
  )

  it.live("come out again bit for bit, or it is said which row differs", () =>
    Effect.gen(function* () {
      const { at, lab, place, store } = yield* scratch()
      const all = yield* listed(place("runs.sqlite"))
      const ids = [all[0]!.id, all[6]!.id]
      for (const id of ids) {
        const { code, value } = yield* decoded(Rerun, ["rerun", id.slice(0, 12), ...store])
        assert.strictEqual(code, 0)
        assert.isTrue(value.same)
        assert.isTrue(value.sameCode)
      }
      const said = yield* lab(["rerun", ids[0]!, "--quiet"])
      assert.match(said.stdout, /^the same bits in 4 rows of 4 parts: toy\/dice, seed 1, strict /)

      const file = place("runs.jsonl")
      yield* lab(["export", "jsonl", "--where", `run=${ids[0]}`, "--out", file])
      const text = readFileSync(file, "utf8")
      const mean = /"roll":3,"mean":([\d.]+)/.exec(text)![1]!
      writeFileSync(file, text.replace(`"roll":3,"mean":${mean}`, '"roll":3,"mean":3.25'))
      const forged = at("forged.sqlite")
      yield* forged(["import", file])
      const found = yield* forged(["rerun", ids[0]!, "--quiet"])
      assert.strictEqual(found.code, 3)
      assert.strictEqual(found.stdout, "")
      assert.strictEqual(
        found.stderr,
        `nonconvex: ${ids[0]!.slice(0, 12)} differs: part 2, row 0, column mean: 3.25 is saved, ${Number(mean)} was recomputed; the version of the code is the same`,
      )

      const kept = (yield* forged(["runs"])).stdout
      assert.match(kept, /^1 part recomputed with DIFFERENT BITS/m)
      assert.match(kept, new RegExp(`^${ids[0]!.slice(0, 8)} part 2, row 0, column mean, `, "m"))
      // who finds the same again changes nothing
      yield* forged(["rerun", ids[0]!, "--quiet"])
      assert.strictEqual((yield* forged(["runs"])).stdout, kept)

      // the true run beside the forged one: the difference is a finding, and not overwritten
      yield* lab(["export", "jsonl", "--where", `run=${ids[0]}`, "--out", file])
      const imported = yield* forged(["import", file])
      assert.match(imported.stdout, /1 part DIFFERENT from the saved/)
      assert.strictEqual(imported.code, 3)
      assert.strictEqual(
        imported.stderr,
        `nonconvex: run ${ids[0]!.slice(0, 12)} of toy/dice with seed 1 was computed twice with different results: part 2, row 0, column mean: 3.25 is saved, ${Number(mean)} was imported; the saved results are kept, and nonconvex rerun ${ids[0]!.slice(0, 12)} tells which of the two this machine computes`,
      )
      // who brings the same again is told the same
      assert.deepStrictEqual(yield* forged(["import", file]), imported)
      assert.match((yield* forged(["runs"])).stdout, /^2 parts recomputed with DIFFERENT BITS/m)
      assert.match((yield* forged(["show", ids[0]!])).stdout, /^ {2}3\.25 by /m)
    }),
  )

  it.live("refuse a file that is none, and a folder of data that was not read", () =>
    Effect.gen(function* () {
      const { place, store } = yield* scratch()
      const [only] = yield* listed(place("runs.sqlite"))
      const file = place("bad.jsonl")
      writeFileSync(file, "run,loss\n1,2\n")
      assert.match(
        yield* refused("import", file, ...store),
        /bad\.jsonl, line 1: .*; nothing is imported$/,
      )
      const pipe = place("pipe")
      spawnSync("mkfifo", [pipe])
      assert.match(yield* refused("import", pipe, ...store), /it is a pipe, but the file is read/)
      writeFileSync(file, "")
      assert.match(yield* refused("import", file, ...store), /bad\.jsonl: it holds no runs/)
      assert.match(
        yield* refused("import", place("none.jsonl"), ...store),
        /none\.jsonl: cannot be read \(no such file\)/,
      )
      assert.match(
        yield* refused("rerun", only!.id, "--data", place("."), ...store),
        /cannot be recomputed: it read the bundled data; omit --data/,
      )
      assert.strictEqual((yield* listed(place("runs.sqlite"))).length, 7)
      const fresh = ["--store", place("fresh.sqlite")]
      writeFileSync(file, "")
      assert.match(yield* refused("import", file, ...fresh), /it holds no runs/)
      assert.match(yield* refused("rm", only!.id, ...fresh), /no saved runs yet/)
      assert.isFalse(existsSync(place("fresh.sqlite")))
    }),
  )
})
