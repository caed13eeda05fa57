/** What `sweep --command` refuses before the first trial. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { system as toy } from "./fixtures/toy.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"
import { ownProgram } from "./support/OwnProgram.ts"

const lab = (...args: ReadonlyArray<string>) => nonconvex([toy], args)

describe("sweep --command", () => {
  const refusals: ReadonlyArray<readonly [string, ReadonlyArray<string>]> = [
    [
      "{rat} has no value; give one with --set rat=VALUE, or several with --grid rat=V1,V2",
      ["$", "{rat}"],
    ],
    [
      "the program would not learn depth: write {depth} or {settings} in the command, or give --env",
      ["$", "{rate}", "--grid", "depth=1,2"],
    ],
    [
      "all seeds would run the same: write {seed} or {settings} in the command, or give --env",
      ["$", "{rate}", "--seeds", "1..2"],
    ],
    [
      "{seed} is the seed of the trial; give the setting another name, or the seeds with --seeds",
      ["$", "{rate}", "--grid", "seed=1,2"],
    ],
    ["is no name of a variable", ["$", "{rate}", "--env", "--set", "a.b=1"]],
    [
      "trials would write into each other's --results log.csv; write {folder} in it, or {rate}",
      ["$", "{rate}", "--results", "log.csv"],
    ],
    ["a quote in it is not closed", ["$", "{rate} 'x"]],
    [
      "halving needs the largest steps; give it with --set steps=27",
      ["$", "{rate} {steps}", "--sampler", "halving", "--resource", "steps", "--metric", "loss"],
    ],
    ["--code nowhere: no such file or folder", ["$", "{rate}", "--code", "nowhere"]],
    ["--preset needs an experiment, and no --command", ["$", "{rate}", "--preset", "smoke"]],
    ["it names an experiment (dice) and a --command; give only one", ["$", "{rate}", "dice"]],
    ["--prune needs a --metric, by which trials are compared", ["$", "{rate}", "--prune"]],
    [
      "--prune is for a --command that prints its metrics step by step",
      ["$", "{rate}", "--prune", "--metric", "loss", "--results", "{folder}/x"],
    ],
    [
      "--emit needs an experiment; run the --shards of a program where its files are",
      ["$", "{rate}", "--emit", "slurm", "--shards", "2", "--out", "x"],
    ],
    ["--timeout needs --command", ["dice", "--timeout", "3"]],
    ["--code needs --command", ["dice", "--code", "x"]],
    [
      "tpe needs a --metric, by which it chooses the next trials",
      ["dice", "--sampler", "tpe", "--trials", "5", "--grid", "radius=1,2"],
    ],
    [
      "a batch is for the sampler tpe, not for grid",
      ["dice", "--batch", "5", "--grid", "radius=1,2"],
    ],
  ]

  it.live.each(refusals)("says %s", ([reason, [first, second, ...rest]]) =>
    Effect.gen(function* () {
      const folder = temporary()
      const { command } = ownProgram(folder)
      const args =
        first === "$"
          ? [
              "--command",
              command(second!),
              ...(rest.includes("--range") ? [] : ["--grid", "rate=0.1,0.2"]),
              ...rest,
            ]
          : [first!, second!, ...rest]
      const kept = rest.includes("--emit") ? [] : ["--no-store"]
      const { code, stderr, stdout } = yield* lab("sweep", ...args, ...kept)
      assert.strictEqual(code, 1, stderr)
      assert.strictEqual(stdout, "")
      assert.notInclude(stderr.trim(), "\n")
      assert.include(stderr, reason)
      assert.isFalse(existsSync(join(folder, "x")))
    }),
  )

  it.live("asks for the files of a program that names none", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* lab(
        "sweep",
        "--command",
        "echo {rate}",
        "--grid",
        "rate=1",
        "--no-store",
      )
      assert.strictEqual(code, 1)
      assert.include(
        stderr,
        "none of its words is a file, so a change of the program would go unnoticed",
      )
    }),
  )
})
