/** A sweep in shards, each with a store of its own, and their merger by `import`. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema, Struct } from "effect"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { PlannedSweep } from "../src/evidence/handlers/SweepHandler.ts"
import { SweepReport } from "../src/evidence/sweep/SweepReport.ts"
import { system as brief } from "./fixtures/brief.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"
import { both } from "./support/Toys.ts"

const systems = [...both, brief]

/** What a command prints; it must end with `code`. */
const run = Effect.fnUntraced(function* (args: ReadonlyArray<string>, code = 0) {
  const ended = yield* nonconvex(systems, [...args, "--quiet"])
  assert.strictEqual(ended.code, code, ended.stderr)
  return ended
})

const report = Effect.fnUntraced(function* (args: ReadonlyArray<string>, code = 0) {
  const { stdout } = yield* run([...args, "--json"], code)
  return yield* Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(SweepReport)))(
    stdout,
  )
})

/** What stands in a store apart from times and machines: the bytes of the parts by their digests, and the sweeps. */
const contentOf = (file: string) => {
  const database = new DatabaseSync(file, { readOnly: true })
  const tables = {
    runs: "SELECT id, subject, config, seed, kernels, code, parts, status, outcome FROM runs ORDER BY id",
    parts: "SELECT run, place, digest FROM parts ORDER BY run, place",
    sweeps: "SELECT id, experiment, spec FROM sweeps ORDER BY id",
    trials: "SELECT sweep, place, run FROM trials ORDER BY sweep, place",
    differences: "SELECT run, part FROM differences",
  }
  const content = Object.entries(tables).map(([name, sql]) => [name, database.prepare(sql).all()])
  database.close()
  return Object.fromEntries(content) as Readonly<
    Record<keyof typeof tables, ReadonlyArray<Record<string, unknown>>>
  >
}

/** 42 trials, in a number of shards that does not divide them. */
const sweep =
  "sweep dice --preset smoke --grid radius=0,0.5,1 --grid rolls=1,4 --seeds 1..7 --metric last(mean)".split(
    " ",
  )

describe("shards of a sweep", () => {
  it.live("are, merged, the sweep that was not split", () =>
    Effect.gen(function* () {
      const folder = temporary()
      const at = (name: string) => join(folder, `${name}.sqlite`)
      const whole = yield* report([...sweep, "--store", at("whole")])
      const shards = Array.from({ length: 16 }, (_, k) => k + 1)
      for (const shard of shards) {
        const mine = ["--shards", "16", "--shard", `${shard}`, "--store", at(`${shard}`)]
        const part = yield* report([...sweep, ...mine])
        assert.strictEqual(part.id, whole.id)
        assert.deepStrictEqual(part.shard, { shard, shards: 16 })
        assert.deepStrictEqual(part.candidates, [])
        const expected = whole.trials.filter((_, place) => place % 16 === shard - 1)
        const results = (each: SweepReport["trials"]) =>
          each.map((trial) => Struct.omit(trial, ["seconds"]))
        assert.deepStrictEqual(results(part.trials), results(expected))
      }
      const stores = shards.map((shard) => at(`${shard}`))
      const { stdout } = yield* run(["import", ...stores, "--store", at("merged")])
      assert.match(stdout, /^42 runs imported into .*merged\.sqlite: \d+ new parts$/m)
      assert.deepStrictEqual(contentOf(at("merged")), contentOf(at("whole")))
      const again = yield* report([...sweep, "--store", at("merged")])
      assert.strictEqual(again.reused, 42)
      assert.deepStrictEqual(again.candidates, whole.candidates)
      // a bundle and a store bring the same
      yield* run(["export", "jsonl", "--out", join(folder, "1.jsonl"), "--store", at("1")])
      const same = yield* run(["import", join(folder, "1.jsonl"), at("1"), "--store", at("merged")])
      assert.match(same.stdout, /^6 runs imported .*: 0 new parts, \d+ parts equal to the saved/m)
    }),
  )

  it.live("that computed a trial differently are named with the trial and the field", () =>
    Effect.gen(function* () {
      const folder = temporary()
      const at = (name: string) => join(folder, name)
      const first = ["--shards", "3", "--shard", "1"]
      const { trials } = yield* report([...sweep, ...first, "--store", at("1.sqlite")])
      yield* run(["export", "jsonl", "--out", at("1.jsonl"), "--store", at("1.sqlite")])
      const text = readFileSync(at("1.jsonl"), "utf8")
      const changed = text.replace(/"roll":1,"mean":[^,]+,/, '"roll":1,"mean":9.5,')
      writeFileSync(at("other.jsonl"), changed)
      yield* run(["import", at("other.jsonl"), "--store", at("other.sqlite")])
      const stores = [at("1.sqlite"), at("other.sqlite")]
      const { stderr, stdout } = yield* run(["import", ...stores, "--store", at("all.sqlite")], 3)
      assert.match(stdout, /1 part DIFFERENT from the saved ones/)
      const [, name, seed, kept] =
        /^nonconvex: run (\w{12}) of toy\/dice with seed (\d) was computed twice with different results: part 0, row 0, column mean: ([\d.]+) is saved, 9\.5 was imported; /.exec(
          stderr,
        )!
      const trial = trials.find((each) => each.run?.startsWith(name!))!
      assert.strictEqual(String(trial.seed), seed)
      assert.notStrictEqual(kept, "9.5")
      assert.strictEqual(contentOf(at("all.sqlite")).differences.length, 1)
    }),
  )

  it.live("hold failed trials as well", () =>
    Effect.gen(function* () {
      const folder = temporary()
      const at = (name: string) => join(folder, name)
      const grid = ["sweep", "busy", "--grid", "ending=well,throws", "--seeds", "1..2"]
      yield* report([...grid, "--store", at("whole.sqlite")], 3)
      for (const [shard, code] of [
        [1, 3],
        [2, 3],
      ] as const) {
        const mine = ["--shards", "2", "--shard", `${shard}`, "--store", at(`${shard}.sqlite`)]
        const { failed, trials } = yield* report([...grid, ...mine], code)
        assert.deepStrictEqual([trials.length, failed], [2, 1])
      }
      const stores = [at("1.sqlite"), at("2.sqlite")]
      yield* run(["import", ...stores, "--store", at("merged.sqlite")])
      assert.deepStrictEqual(contentOf(at("merged.sqlite")), contentOf(at("whole.sqlite")))
    }),
  )

  it.live("are listed and named for a person", () =>
    Effect.gen(function* () {
      const mine = ["--shards", "4", "--shard", "2", "--no-store"]
      const { stdout } = yield* run([...sweep, ...mine, "--dry-run", "--json"])
      const planned = Schema.fromJsonString(Schema.toCodecJson(PlannedSweep))
      const { count, trials } = yield* Schema.decodeUnknownEffect(planned)(stdout)
      assert.deepStrictEqual([count, trials.length], [11, 11])
      assert.deepStrictEqual(trials[0], { settings: { radius: 0, rolls: 1 }, seed: 2 })
      const said = yield* run([...sweep, ...mine])
      assert.match(said.stdout, /^11 trials: 11 computed in /m)
      assert.match(said.stdout, /^shard 2 of 4 of sweep [0-9a-f]{12}$/m)
    }),
  )

  const halving = ["--sampler", "halving", "--resource", "rolls", "--grid", "radius=0,1,2"]
  const wrong: ReadonlyArray<readonly [expected: RegExp, args: ReadonlyArray<string>]> = [
    [
      /there is no shard 17 of 16; they are 1 to 16$/,
      [...sweep, "--shards", "16", "--shard", "17"],
    ],
    [/it has 42 trials, too few for 43 shards/, [...sweep, "--shards", "43", "--shard", "1"]],
    [/--shards needs --shard: sweep --shards 16 --shard 3 runs/, [...sweep, "--shards", "16"]],
    [/--shard needs --shards: /, [...sweep, "--shard", "1"]],
    [/--shard: "0"/, [...sweep, "--shards", "2", "--shard", "0"]],
    [
      /halving chooses trials by the results of others, which a shard does not have; use the sampler grid, random or halton, or share the results in a --database$/,
      [...sweep.slice(0, 4), ...halving, "--metric", "last(mean)", "--shards", "2", "--shard", "1"],
    ],
  ]

  it.live.each(wrong)("are refused, %#: %s", ([expected, args]) =>
    Effect.gen(function* () {
      const store = join(temporary(), "runs.sqlite")
      const { stderr, stdout } = yield* run([...args, "--store", store], 1)
      assert.match(stderr, expected)
      assert.strictEqual(stdout, "")
    }),
  )

  it.live("are not imported from a file that is no store", () =>
    Effect.gen(function* () {
      const folder = temporary()
      const at = (name: string) => join(folder, name)
      yield* run([...sweep, "--shards", "42", "--shard", "1", "--store", at("1.sqlite")])
      const whole = readFileSync(at("1.sqlite"))
      writeFileSync(at("cut.sqlite"), whole.subarray(0, 5000))
      const cut = yield* run(
        ["import", at("1.sqlite"), at("cut.sqlite"), "--store", at("n.sqlite")],
        1,
      )
      assert.match(
        cut.stderr,
        /cut\.sqlite: cannot be read \(is damaged\); create such a file with/,
      )
      const other = new DatabaseSync(at("other.sqlite"))
      other.exec("CREATE TABLE notes (text)")
      other.close()
      const foreign = yield* run(["import", at("other.sqlite"), "--store", at("n.sqlite")], 1)
      assert.match(foreign.stderr, /other\.sqlite: cannot be read \(/)
      // nothing is begun where a file is wrong
      assert.isFalse(existsSync(at("n.sqlite")))
    }),
  )
})
