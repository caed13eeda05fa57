/** `sweep --command`: trials of a program of the user's own. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { SweepReport } from "../src/evidence/sweep/SweepReport.ts"
import { system as toy } from "./fixtures/toy.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"
import { ownProgram } from "./support/OwnProgram.ts"

const lab = (...args: ReadonlyArray<string>) => nonconvex([toy], args)

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(SweepReport)))

const report = Effect.fnUntraced(function* (...args: ReadonlyArray<string>) {
  const { code, stderr, stdout } = yield* lab("sweep", ...args, "--json", "--quiet")
  if (stdout === "") assert.fail(stderr)
  return { code, stderr, ...(yield* decode(stdout)) }
})

const metric = ["--metric", "last(loss)", "--least"]

const inStore = (folder: string) => ["--store", join(folder, "runs.sqlite")]

/** Loss of the training at its last step. */
const lossOf = (rate: number, seed: number, steps = 5): number => {
  let x = 3
  for (let step = 1; step <= steps; step++) x -= rate * (x + Math.sin(seed * step) / 100)
  return x * x
}

describe("sweep --command", () => {
  it.live("runs a program with each setting and seed, and reads what it prints", () =>
    Effect.gen(function* () {
      const folder = temporary()
      const { command } = ownProgram(folder)
      const args = [
        "--command",
        command("{rate} {seed}"),
        "--grid",
        "rate=0.1,0.5,1",
        "--seeds",
        "1..2",
      ]
      const first = yield* report(...args, ...metric, ...inStore(folder))
      assert.strictEqual(first.code, 0)
      assert.deepStrictEqual(
        first.trials.map(({ metric: value, seed, settings, status }) => [
          settings,
          seed,
          status,
          value,
        ]),
        [0.1, 0.5, 1].flatMap((rate) =>
          [1, 2].map((seed) => [{ rate }, seed, "done" as const, lossOf(rate, seed)]),
        ),
      )
      assert.strictEqual(first.candidates[0]!.settings["rate"], 1)
      const again = yield* report(...args, ...metric, ...inStore(folder))
      assert.strictEqual(again.reused, 6)
      const compared = yield* lab(
        "compare",
        "--by",
        "rate",
        "--metric",
        "last(loss)",
        ...inStore(folder),
      )
      assert.match(compared.stdout, /rate=1 +-[\d.]+ .*paired t test, by seed/)
      const early = yield* lab(
        "best",
        "--metric",
        "max(loss where phase=early and 'of seed'=2)",
        ...inStore(folder),
      )
      assert.match(early.stdout, /4 configurations|3 configurations/)
      const shown = yield* lab("show", first.trials[0]!.run!.slice(0, 12), ...inStore(folder))
      assert.include(shown.stdout, "{rate} {seed}")
      assert.match(shown.stdout, /^program +program\/train$/m)
      const rerun = yield* lab("rerun", first.trials[0]!.run!.slice(0, 12), ...inStore(folder))
      assert.match(rerun.stdout, /^the same bits in 5 rows of 1 part: program\/train, seed 1$/m)
    }),
  )

  it.live("computes again after its code has changed, and after nothing else", () =>
    Effect.gen(function* () {
      const folder = temporary()
      const { command, file } = ownProgram(folder)
      const library = join(folder, "library")
      mkdirSync(join(library, "__pycache__"), { recursive: true })
      writeFileSync(join(library, "model.py"), "width = 3\n")
      const args = ["--command", command("{rate} 1"), "--grid", "rate=0.5", "--code", library]
      const run = () => report(...args, ...metric, ...inStore(folder))
      assert.strictEqual((yield* run()).reused, 0)
      writeFileSync(join(library, "__pycache__", "model.pyc"), "1")
      writeFileSync(join(folder, "notes.txt"), "1")
      assert.strictEqual((yield* run()).reused, 1)
      writeFileSync(join(library, "model.py"), "width = 4\n")
      assert.strictEqual((yield* run()).reused, 0)
      appendFileSync(file, "// changed\n")
      assert.strictEqual((yield* run()).reused, 0)
      assert.strictEqual((yield* run()).reused, 1)
      const limited = yield* report(...args, "--timeout", "60", ...metric, ...inStore(folder))
      assert.strictEqual(limited.reused, 1)
    }),
  )

  it.live("does not mix two versions of a program", () =>
    Effect.gen(function* () {
      const folder = temporary()
      const { command } = ownProgram(
        folder,
        `
import { appendFileSync } from "node:fs"
appendFileSync(process.argv[1], "// one more line\\n")
console.log(JSON.stringify({ loss: 1 }))
`,
      )
      const args = ["--command", command("{rate}"), "--grid", "rate=1,2,3", "--jobs", "1"]
      const found = yield* report(...args, "--no-store")
      assert.strictEqual(found.code, 3)
      assert.deepStrictEqual(
        found.trials.map(({ status }) => status),
        ["done", "failed", "failed"],
      )
      assert.match(found.trials[2]!.reason!, /its files \(.*train\.mjs\) changed while the sweep/)
    }),
  )

  it.live("lists a crash, a hang and silence with their causes, and goes on", () =>
    Effect.gen(function* () {
      const folder = temporary()
      const { command } = ownProgram(folder)
      const args = ["--command", command("{rate} 1 {steps}"), "--grid", "rate=0,0.5,3"]
      const found = yield* report(
        ...args,
        "--grid",
        "steps=0,2",
        "--timeout",
        "2",
        "--jobs",
        "2",
        ...metric,
        "--no-store",
      )
      assert.strictEqual(found.code, 3)
      const reasons = found.trials.map(({ reason = "" }) => reason)
      assert.match(reasons[0]!, /it was ended after 2 s, the limit of --timeout/)
      assert.match(reasons[2]!, /it printed no metrics/)
      assert.strictEqual(reasons[3], "")
      assert.match(reasons[4]!, /it exited with code 1: .*|RangeError/)
      assert.strictEqual(found.failed, 5)
    }),
  )

  it.live("gives the settings in a file and in the environment, and reads a log", () =>
    Effect.gen(function* () {
      const folder = temporary()
      const { command } = ownProgram(
        folder,
        `
import { readFileSync, readdirSync, writeFileSync } from "node:fs"
const [settings, folder] = process.argv.slice(2)
if (readdirSync(folder).length > 0) throw new Error("the folder is not empty")
const given = JSON.parse(readFileSync(settings, "utf8"))
if (String(given.rate) !== process.env.rate || String(given.seed) !== process.env.SEED) throw new Error("they differ")
if (process.env.name !== given.name) throw new Error("the text differs")
writeFileSync(folder + "/log.csv", "step,loss,split\\n1," + given.rate * given.seed + ",train\\n2,9,test\\n")
console.log(JSON.stringify({ loss: -1 }))
`,
      )
      const found = yield* report(
        "--command",
        command("{settings} {folder}"),
        "--env",
        "--results",
        "{folder}/log.csv",
        "--grid",
        "rate=1,2.5",
        "--set",
        "name=two words",
        "--seeds",
        "3,4",
        "--metric",
        "mean(loss where split=train)",
        "--no-store",
      )
      assert.strictEqual(found.code, 0, found.trials[0]?.reason)
      assert.deepStrictEqual(
        found.trials.map((each) => each.metric),
        [3, 4, 7.5, 10],
      )
    }),
  )

  it.live("does not take the log of an earlier run for its own", () =>
    Effect.gen(function* () {
      const folder = temporary()
      const { command } = ownProgram(folder, "console.log(1)")
      const log = join(folder, "log-1.csv")
      writeFileSync(log, "loss\n1\n2\n")
      const found = yield* report(
        "--command",
        command("{rate}"),
        "--results",
        join(folder, "log-{rate}.csv"),
        "--grid",
        "rate=1,2",
        "--no-store",
      )
      assert.match(
        found.trials[0]!.reason!,
        /it did not change --results .*log-1\.csv, which is of an earlier run/,
      )
      assert.match(found.trials[1]!.reason!, /it did not write --results .*log-2\.csv/)
      assert.strictEqual(readFileSync(log, "utf8"), "loss\n1\n2\n")
    }),
  )

  it.live("keeps the program in the file of a sweep, whose shards merge to the whole", () =>
    Effect.gen(function* () {
      const folder = temporary()
      const { command } = ownProgram(folder)
      const file = join(folder, "sweep.json")
      const args = [
        "--command",
        command("{rate} {seed}"),
        "--grid",
        "rate=0.1,0.2,0.4",
        "--seeds",
        "1..3",
      ]
      const whole = yield* report(
        ...args,
        ...metric,
        "--save",
        file,
        "--store",
        join(folder, "whole.sqlite"),
      )
      for (const shard of ["1", "2"]) {
        const part = yield* report(
          "--file",
          file,
          "--shards",
          "2",
          "--shard",
          shard,
          "--store",
          join(folder, `${shard}.sqlite`),
        )
        assert.strictEqual(part.id, whole.id)
      }
      const into = ["--store", join(folder, "merged.sqlite")]
      const taken = yield* lab(
        "import",
        join(folder, "1.sqlite"),
        join(folder, "2.sqlite"),
        ...into,
      )
      assert.strictEqual(taken.code, 0, taken.stderr)
      const merged = yield* report("--file", file, ...into)
      assert.strictEqual(merged.reused, 9)
      assert.deepStrictEqual(
        merged.trials.map(({ metric: value, run }) => [run, value]),
        whole.trials.map(({ metric: value, run }) => [run, value]),
      )
    }),
  )

  it.live("gives the best more of a setting, and chooses by results", () =>
    Effect.gen(function* () {
      const folder = temporary()
      const { command } = ownProgram(folder)
      const range = ["--range", "rate=0.001..0.9:log"]
      const halving = yield* report(
        "--command",
        command("{rate} 1 {steps}"),
        ...range,
        "--sampler",
        "halving",
        "--trials",
        "4",
        "--resource",
        "steps",
        "--eta",
        "2",
        "--set",
        "steps=8",
        ...metric,
        "--no-store",
      )
      assert.deepStrictEqual(
        halving.trials.map(({ settings }) => settings["steps"]),
        [2, 2, 2, 2, 4, 4, 8],
      )
      const args = [
        "--command",
        command("{rate} 1"),
        ...range,
        "--sampler",
        "tpe",
        "--trials",
        "16",
        ...metric,
      ]
      const one = yield* report(...args, "--jobs", "1", "--no-store")
      const two = yield* report(...args, "--jobs", "2", ...inStore(folder))
      assert.deepStrictEqual(
        two.trials.map(({ settings }) => settings),
        one.trials.map(({ settings }) => settings),
      )
      assert.strictEqual(two.candidates.length, 16)
      const resumed = yield* report(...args, "--jobs", "2", ...inStore(folder))
      assert.strictEqual(resumed.reused, 16)
      const plan = yield* lab("sweep", ...args, "--dry-run", "--no-store")
      assert.include(plan.stdout, "16 trials, 6 of them chosen by the results of these")
    }),
  )

  it.live("ends trials that fall behind, once", () =>
    Effect.gen(function* () {
      const folder = temporary()
      const { command } = ownProgram(folder)
      const rates = ["0.5", "0.6", "0.7", "0.8", "0.9", "0.01", "0.02", "0.95"]
      const args = [
        "--command",
        command("{rate} 0 20 10"),
        "--grid",
        `rate=${rates.join(",")}`,
        "--jobs",
        "1",
        "--prune",
        ...metric,
      ]
      const found = yield* report(...args, ...inStore(folder))
      assert.strictEqual(found.code, 0)
      assert.deepStrictEqual(
        found.trials.map(({ status }) => status),
        ["done", "done", "done", "done", "done", "pruned", "pruned", "done"],
      )
      assert.match(
        found.trials[5]!.reason!,
        /pruned after 1 row: last\(loss\) is [\d.]+ at best, above the median [\d.]+ of 5 trials/,
      )
      assert.strictEqual(found.pruned, 2)
      assert.strictEqual(found.candidates.length, 6)
      const again = yield* report(...args, ...inStore(folder))
      assert.deepStrictEqual([again.reused, again.pruned], [6, 2])
      const whole = yield* report(...args.filter((flag) => flag !== "--prune"), ...inStore(folder))
      assert.deepStrictEqual([whole.reused, whole.failed, whole.pruned], [6, 0, undefined])
    }),
  )
})
