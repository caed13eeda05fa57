/** `sweep` in this process: trials, what is taken from the store, files, and what it refuses. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { PlannedSweep } from "../src/evidence/handlers/SweepHandler.ts"
import { SweepReport } from "../src/evidence/sweep/SweepReport.ts"
import * as VariedSettings from "../src/evidence/sweep/VariedSettings.ts"
import { system as brief } from "./fixtures/brief.ts"
import { system as toy } from "./fixtures/toy.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"

const systems = [toy, brief]

const sweep = (...args: ReadonlyArray<string>) => nonconvex(systems, ["sweep", ...args])

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(SweepReport)))

/** What `sweep <args> --json` reports, with its exit code. */
const report = Effect.fnUntraced(function* (...args: ReadonlyArray<string>) {
  const { code, stdout } = yield* sweep(...args, "--json", "--quiet")
  return { code, ...(yield* decode(stdout)) }
})

/** The line of a command that ends with 1 and prints nothing. */
const refused = Effect.fnUntraced(function* (...args: ReadonlyArray<string>) {
  const { code, stderr, stdout } = yield* sweep(...args)
  assert.strictEqual(code, 1, stderr)
  assert.strictEqual(stdout, "")
  assert.notInclude(stderr, "\n")
  return stderr
})

const smoke = ["dice", "--preset", "smoke"]

describe("sweep", () => {
  it.live("runs each combination with each seed, and shows the best", () =>
    Effect.gen(function* () {
      const grid = ["--grid", "radius=0,5", "--grid", "rolls=1,4", "--seeds", "0..2"]
      const { code, progress, stdout } = yield* sweep(...smoke, ...grid, "--metric", "last(mean)")
      assert.strictEqual(code, 0)
      const lines = stdout.split("\n")
      assert.strictEqual(lines[0], "toy/dice, preset smoke")
      assert.match(lines[2]!, /^radius {2}rolls {2}seed {2}last\(mean\) {2}expectations {2}time/)
      assert.match(lines[3]!, /^0 {7}1 {6}0 {5}[\d.]+ +0 of 1 +\d+ ms +done$/)
      assert.match(lines[14]!, /^5 {7}4 {6}2 {5}[\d.]+ +1 of 1 +\d+ ms +done$/)
      assert.include(lines, "best first: largest last(mean)")
      assert.match(stdout, /^12 trials: 12 computed in [^,]+, 0 reused, 0 failed$/m)
      assert.match(stdout, /^sweep [0-9a-f]{12}$/m)
      assert.match(progress, /12\/12 trials/)
    }),
  )

  it.live("computes what `run` does", () =>
    Effect.gen(function* () {
      const { trials } = yield* report(...smoke, "--seeds", "-1,3", "--metric", "last(mean)")
      for (const [place, seed] of [-1, 3].entries()) {
        const { stdout } = yield* nonconvex(systems, [
          "run",
          ...smoke,
          "--seed",
          `${seed}`,
          "--json",
        ])
        const { rows } = JSON.parse(stdout) as { readonly rows: ReadonlyArray<{ mean: number }> }
        assert.strictEqual(trials[place]!.seed, seed)
        assert.strictEqual(trials[place]!.metric, rows.at(-1)!.mean)
      }
    }),
  )

  it.live("takes from the store what was run before, by any command", () =>
    Effect.gen(function* () {
      const store = ["--store", join(temporary(), "runs.sqlite")]
      yield* nonconvex(systems, ["run", ...smoke, "--set", "radius=0.25", "--seed", "2", ...store])
      const args = [...smoke, "--grid", "radius=0.25,0.5", "--seeds", "1..2", ...store]
      const first = yield* report(...args)
      assert.deepStrictEqual(
        first.trials.map(({ status }) => status),
        ["done", "reused", "done", "done"],
      )
      const second = yield* report(...args)
      assert.strictEqual(second.id, first.id)
      assert.strictEqual(second.reused, 4)
      assert.deepStrictEqual(
        second.trials.map(({ run }) => run),
        first.trials.map(({ run }) => run),
      )
      const { code, stdout } = yield* nonconvex(systems, [
        "runs",
        "--where",
        `sweep=${first.id.slice(0, 12)}`,
        ...store,
        "--json",
      ])
      assert.strictEqual(code, 0)
      assert.strictEqual(
        (JSON.parse(stdout) as { readonly runs: ReadonlyArray<unknown> }).runs.length,
        4,
      )
    }),
  )

  it.live("keeps a file, and takes one, whose parts flags replace", () =>
    Effect.gen(function* () {
      const file = join(temporary(), "sweep.json")
      const ranges = ["--range", "radius=0.1..10:log", "--range", "rolls=5..9:integer"]
      const drawn = ["--sampler", "halton", "--trials", "4", "--seeds", "0..1"]
      const saved = yield* report(...smoke, ...ranges, ...drawn, "--save", file)
      assert.deepStrictEqual(JSON.parse(readFileSync(file, "utf8")), {
        experiment: "toy/dice",
        preset: "smoke",
        set: {},
        vary: {
          radius: { low: 0.1, high: 10, scale: "log" },
          rolls: { low: 5, high: 9, integer: true },
        },
        seeds: "0..1",
        sampler: "halton",
        trials: 4,
        samplerSeed: 1,
        goal: "most",
      })
      const again = yield* report("--file", file)
      assert.strictEqual(again.id, saved.id)
      const settings = ({ trials }: SweepReport) => trials.map((each) => [each.settings, each.seed])
      assert.deepStrictEqual(settings(again), settings(saved))
      const other = yield* report("--file", file, "--seeds", "7")
      assert.deepStrictEqual(
        other.trials.map(({ seed }) => seed),
        [7, 7, 7, 7],
      )
    }),
  )

  it.live("promotes the best with more of a setting", () =>
    Effect.gen(function* () {
      const halving = ["--sampler", "halving", "--resource", "rolls", "--metric", "last(mean)"]
      const grid = ["--grid", "radius=0,1,2,3,4,5,6,7,8", "--set", "rolls=18"]
      const { candidates, trials } = yield* report(...smoke, ...halving, ...grid)
      assert.deepStrictEqual(
        trials.map(({ settings: { rolls } }) => rolls),
        [2, 2, 2, 2, 2, 2, 2, 2, 2, 6, 6, 6, 18],
      )
      assert.strictEqual(candidates.length, 1)
      // all candidates are alike, so that the first ones win
      assert.deepStrictEqual(candidates[0]!.settings, { radius: 0, rolls: 18 })
    }),
  )

  it.live("goes on where trials fail, and says why", () =>
    Effect.gen(function* () {
      const grid = ["--grid", "ending=well,throws,leaves", "--grid", "place=1,2"]
      const { code, stderr, stdout } = yield* sweep("busy", ...grid, "--quiet")
      assert.strictEqual(code, 3)
      const rows = stdout.split("\n").slice(3, 9)
      assert.deepStrictEqual(
        rows.map((row) => row.split(" ").at(-1)),
        ["done", "done", "FAILED", "FAILED", "FAILED", "FAILED"],
      )
      const reasons = [
        "brief/busy failed: it ends badly (ending=throws, place=1, seed 1 and 1 other)",
        "brief/busy failed: its thread ended with code 7 (ending=leaves, place=1, seed 1 and 1 other)",
      ]
      for (const reason of reasons) assert.include(stdout, `FAILED  ${reason}`)
      assert.strictEqual(stderr, `nonconvex: 4 of 6 trials failed: ${reasons.join("; ")}`)
    }),
  )

  it.live("shows the trials, and runs none", () =>
    Effect.gen(function* () {
      const store = join(temporary(), "runs.sqlite")
      const args = ["busy", "--grid", "place=1,2", "--seeds", "0..1", "--store", store, "--dry-run"]
      const { code, stdout } = yield* sweep(...args)
      assert.strictEqual(code, 0)
      assert.deepStrictEqual(stdout.split("\n"), [
        "place  seed",
        "1      0",
        "1      1",
        "2      0",
        "2      1",
        "",
        "4 trials",
      ])
      const planned = Schema.fromJsonString(Schema.toCodecJson(PlannedSweep))
      const { stdout: json } = yield* sweep(...args, "--json")
      const { count, trials } = yield* Schema.decodeUnknownEffect(planned)(json)
      assert.deepStrictEqual([count, trials.length], [4, 4])
    }),
  )

  it.live("takes lists and texts with commas for values", () =>
    Effect.gen(function* () {
      const grid = 'methods=[{"method":"a,b"},{"method":"c"}],"x,y",plain'
      assert.deepStrictEqual(
        yield* VariedSettings.varied([grid, "rate=1,2.5"], ["n=1..4:integer"]),
        {
          methods: [[{ method: "a,b" }, { method: "c" }], "x,y", "plain"],
          rate: [1, 2.5],
          n: { low: 1, high: 4, integer: true },
        },
      )
    }),
  )
})

describe("a sweep that cannot be", () => {
  const thousand = `place=${Array.from({ length: 1000 }, (_, k) => k).join(",")}`
  const times = `milliseconds=${Array.from({ length: 1000 }, (_, k) => k).join(",")}`

  const wrong: ReadonlyArray<readonly [expected: RegExp, args: ReadonlyArray<string>]> = [
    [
      /^nonconvex: this sweep has 1 000 000 000 trials, but the limit is 100 000: /,
      ["busy", "--grid", thousand, "--grid", times, "--seeds", "0..999"],
    ],
    [/--limit: "2000000000"\. Expected a value between 1 and 1000000/, ["busy", "--limit", "2e9"]],
    [/has 10 trials, but the limit is 9: /, ["busy", "--seeds", "0..9", "--limit", "9"]],
    [
      /^nonconvex: toy\/dice has no setting "roll"; it has rolls, radius$/,
      [...smoke, "--grid", "roll=1,2"],
    ],
    [/has no setting "roll"/, [...smoke, "--set", "roll=1"]],
    [
      /radius=-1 is refused: expected a value greater than or equal to 0$/,
      [...smoke, "--grid", "radius=0,1,-1"],
    ],
    [/vary\.radius: expected at least one value$/, [...smoke, "--grid", "radius="]],
    [/^nonconvex: --grid needs values such as radius=0\.05,0\.1/, [...smoke, "--grid", "radius"]],
    [/^nonconvex: --grid needs values such as radius=0\.05,0\.1/, [...smoke, "--grid", "=1"]],
    [/vary\.radius: 0 is given twice$/, [...smoke, "--grid", "radius=0,0.5,0"]],
    [
      /--grid needs each setting once; radius is given twice$/,
      [...smoke, "--grid", "radius=0", "--grid", "radius=1"],
    ],
    [
      /^nonconvex: this sweep is not possible: radius is both fixed and varied$/,
      [...smoke, "--grid", "radius=0", "--set", "radius=1"],
    ],
    [/seeds: 5\.\.1 is an empty range: write 1\.\.5$/, [...smoke, "--seeds", "5..1"]],
    [/seeds: 1 is given twice$/, [...smoke, "--seeds", "1,1"]],
    [/seeds: expected integers such as 0\.\.9 or 1,4,7/, [...smoke, "--seeds", "one"]],
    [/1\.\.0 is empty/, [...smoke, "--range", "radius=1..0"]],
    [/--range needs two ends such as rate=0\.001\.\.1/, [...smoke, "--range", "radius=0..x"]],
    [/radius is a range, but a grid needs values/, [...smoke, "--range", "radius=0..1"]],
    [
      /random needs a number of trials/,
      [...smoke, "--sampler", "random", "--range", "radius=0..1"],
    ],
    [/halving needs a --resource/, [...smoke, "--sampler", "halving", "--grid", "radius=0,1"]],
    [/--eta and --from belong to halving/, [...smoke, "--eta", "3"]],
    [/^nonconvex: --metric "last\(mean": /, [...smoke, "--metric", "last(mean"]],
    [
      /there is no column "loss"; the columns are roll, mean, dice/,
      [...smoke, "--metric", "last(loss)"],
    ],
    [/no experiment is named "dce"/, ["dce", "--seeds", "0..1"]],
    [/it does not name an experiment/, ["--seeds", "0..1"]],
    [/no such file/, ["--file", "/nowhere/sweep.json"]],
  ]

  it.live.each(wrong)("is refused, %#: %s", ([expected, args]) =>
    Effect.gen(function* () {
      assert.match(yield* refused(...args, "--quiet"), expected)
    }),
  )

  it.live("is refused in a file with the place that is wrong", () =>
    Effect.gen(function* () {
      const file = join(temporary(), "sweep.json")
      const ofFile = (text: string) => {
        writeFileSync(file, text)
        return refused("--file", file, "--quiet")
      }
      const ending = "; create one with nonconvex sweep --save"
      assert.match(
        yield* ofFile("{"),
        /is not JSON \(.*\); create one with nonconvex sweep --save$/,
      )
      assert.strictEqual(
        yield* ofFile('{"experiment":"dice","grid":{"radius":[1]}}'),
        `nonconvex: ${file}: is not a sweep (grid: expected no excess property)${ending}`,
      )
      assert.match(
        yield* ofFile('{"experiment":"dice","vary":{"radius":[1,1]}}'),
        /is not a sweep \(vary\.radius: 1 is given twice\)/,
      )
      writeFileSync(file, '{"experiment":"dice"}')
      assert.match(
        yield* refused("--file", file, "--save", file),
        /the command also reads this file/,
      )
    }),
  )
})
