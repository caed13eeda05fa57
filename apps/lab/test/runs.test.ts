/** What is done with runs that are kept: `runs`, `show`, `compare`, `best`, `rm`, `export`, `import` and `rerun`, over a store of its own. */
import { assert, describe, it } from "@effect/vitest"
import { NodeServices } from "@effect/platform-node"
import { Datasets } from "@nonconvex/datasets/Datasets"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Inline from "@nonconvex/runner/Inline"
import { Code } from "@nonconvex/runner/node"
import { runExperiment } from "@nonconvex/runner/Run"
import { targetsOf, verdictOn } from "@nonconvex/runner/Verify"
import type { Part } from "@nonconvex/runner/RunStore"
import * as KeptRuns from "@nonconvex/store/KeptRuns"
import { type KeptRun, Runs } from "@nonconvex/store/Runs"
import { Effect, Layer } from "effect"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Compared from "../src/evidence/runs/Compared.ts"
import { Listed } from "../src/evidence/handlers/Runs.ts"
import { Rerun } from "../src/evidence/handlers/Rerun.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"
import { keptRun, provenance } from "./support/Kept.ts"
import { both, decoded, refused } from "./support/Toys.ts"

/** The toys as a program computes them: in this thread, and kept in a file. */
const keeping = (file: string) =>
  Layer.merge(
    Layer.provideMerge(Inline.layer, Layer.merge(Kernels.layerStrict, Datasets.layer)),
    KeptRuns.layerFile(
      { file },
      {
        capabilities: { kernels: "strict" },
        code: (system) => Effect.sync(() => Code.digestOf(system)),
        provenance: Effect.succeed(provenance),
      },
    ),
  ).pipe(Layer.provide(NodeServices.layer))

/** Three seeds of two numbers of rolls, and a verdict. */
const filled = Effect.fnUntraced(
  function* (_file: string) {
    const [toy] = both
    const [experiment] = toy!.experiments
    for (const rolls of [4, 8]) {
      for (const seed of [1, 2, 3]) {
        yield* runExperiment(toy!, experiment!.configure({ rolls, radius: 0.5 }), { seed })
      }
    }
    yield* verdictOn(targetsOf(toy!)[0]!, { runs: 20, seed: 1 })
  },
  (work, file) => Effect.provide(work, keeping(file)),
)

/** Stores in a folder that goes with the test, and the command line over one that has runs. */
const scratch = Effect.fnUntraced(function* () {
  const folder = temporary()
  const place = (name: string) => join(folder, name)
  const at = (name: string) => (args: ReadonlyArray<string>) =>
    nonconvex(both, [...args, "--store", place(name)])
  yield* filled(place("runs.sqlite"))
  return { place, at, lab: at("runs.sqlite"), store: ["--store", place("runs.sqlite")] }
})

const listed = (store: string, ...args: ReadonlyArray<string>) =>
  Effect.map(decoded(Listed, ["runs", "--store", store, ...args]), ({ value }) => value.runs)

describe("runs that are kept", () => {
  it.live("are listed with what they differ in, and selected by clauses", () =>
    Effect.gen(function* () {
      const { lab, place } = yield* scratch()
      const { code, stdout } = yield* lab(["runs"])
      assert.strictEqual(code, 0)
      assert.match(stdout, /^run +of +differs in +seed +status +parts +time +when$/m)
      assert.match(stdout, /^[0-9a-f]{8} +toy\/dice +rolls=8 +3 +done +8 +\d/m)
      assert.match(stdout, /^[0-9a-f]{8} +toy\/at-most-nine +1 +held +2 +\d/m)
      assert.include(stdout, `7 runs in ${place("runs.sqlite")}`)
      const store = place("runs.sqlite")
      assert.strictEqual((yield* listed(store, "--where", "rolls>4 and seed<3")).length, 2)
      assert.strictEqual((yield* listed(store, "--kind", "claim")).length, 1)
      const last = yield* lab(["runs", "--last", "2"])
      assert.include(last.stdout, "5 earlier ones not shown: --last 7 shows them")
      assert.strictEqual((yield* lab(["runs", "--where", "seed=77"])).stdout, "no run fits")
    }),
  )

  it.live("are not asked for by SQL, nor by a name that fits two", () =>
    Effect.gen(function* () {
      const { place, store } = yield* scratch()
      assert.match(
        yield* refused("runs", "--where", "seed=1; DROP TABLE runs", ...store),
        /^nonconvex: --where "seed=1; DROP TABLE runs": ";" is no part of it; a clause is [^\n]*$/,
      )
      assert.match(
        yield* refused("runs", "--where", "1=1 or seed=1", ...store),
        /only "and" joins comparisons/,
      )
      assert.match(
        yield* refused("runs", "--where", "rols=4", ...store),
        /no run has a field "rols" \(did you mean rolls\?\)/,
      )
      assert.match(
        yield* refused("show", "12", ...store),
        /"12" names no run: give at least 4 of the hexadecimal digits/,
      )
      assert.match(yield* refused("show", "0'; --", ...store), /names no run/)
      assert.match(
        yield* refused("runs", "--store", place("elsewhere.sqlite")),
        /no runs are kept there yet/,
      )
      assert.strictEqual((yield* listed(place("runs.sqlite"))).length, 7)
    }),
  )

  it.live("are not shown by digits that two of them begin with", () =>
    Effect.gen(function* () {
      const { place, store } = yield* scratch()
      const begun = new Map<string, KeptRun>()
      const twins = Array.from({ length: 2000 }, (_, seed) =>
        keptRun({ subject: "toy/dice", seed }),
      ).flatMap((run) => {
        const digits = run.id.slice(0, 4)
        const other = begun.get(digits)
        begun.set(digits, run)
        return other === undefined ? [] : [[other, run] as const]
      })[0]!
      const part: Part = { _tag: "Rows", rows: [{ roll: 1 }], seconds: 1 }
      yield* Effect.flatMap(Runs, ({ insert }) =>
        Effect.forEach(twins, (run) => insert(run, new Map([[0, part]]))),
      ).pipe(Effect.provide(keeping(place("runs.sqlite"))))
      const digits = twins[0].id.slice(0, 4)
      const said = yield* refused("show", digits, ...store)
      assert.include(said, `"${digits}" fits more than one run: `)
      for (const { id } of twins) assert.include(said, id.slice(0, 12))
      assert.match(yield* refused("rm", digits, ...store), /fits more than one run/)
      assert.match(yield* refused("rerun", digits, ...store), /fits more than one run/)
    }),
  )

  it.live("are shown by the beginning of their id", () =>
    Effect.gen(function* () {
      const { lab, place } = yield* scratch()
      const all = yield* listed(place("runs.sqlite"))
      const of = (subject: string) => all.find(({ key }) => key.subject === subject)!
      const shown = yield* lab(["show", of("toy/dice").id.slice(0, 10)])
      assert.strictEqual(shown.code, 0)
      assert.include(shown.stdout, of("toy/dice").id)
      assert.match(shown.stdout, /^settings +radius=0.5, rolls=4$/m)
      assert.match(shown.stdout, /^code +[0-9a-f]{12}, the version that is here$/m)
      assert.match(shown.stdout, /^status +done, 4 of 4 parts, /m)
      assert.match(shown.stdout, /^computed by +\S+ \(/m)
      assert.match(shown.stdout, /^roll {2}mean/m)
      assert.match(shown.stdout, /^holds {2}the mean of all rolls: /m)
      const verdict = yield* lab(["show", of("toy/at-most-nine").id])
      assert.match(verdict.stdout, /^held +toy\/at-most-nine$/m)
    }),
  )

  it.live("are compared over seeds, paired by them", () =>
    Effect.gen(function* () {
      const { lab, store } = yield* scratch()
      const args = [
        "compare",
        "--where",
        "experiment=dice",
        "--by",
        "rolls",
        "--metric",
        "last(mean)",
      ]
      const { value } = yield* decoded(Compared.Compared, [...args, ...store])
      assert.deepStrictEqual(
        value.groups.map(({ count, label, seeds }) => ({ label, count, seeds })),
        ["rolls=4", "rolls=8"].map((label) => ({ label, count: 3, seeds: [1, 2, 3] })),
      )
      const [few, many] = value.groups.map(({ values }) => values)
      assert.strictEqual(value.contrasts[0]!.test, "paired t test, by seed")
      assert.closeTo(
        value.contrasts[0]!.difference,
        few!.reduce((sum, each, at) => sum + many![at]! - each, 0) / 3,
        1e-12,
      )
      const { stdout } = yield* lab(args)
      assert.match(stdout, /^last\(mean\) of 6 runs, which differ in rolls$/m)
      assert.match(stdout, /^against rolls=4 +difference +95 % interval +p +pairs +test$/m)
      assert.include(stdout, "intervals and p from Student's t, by jstat")
      const named = yield* lab(["compare", "rolls=4 and seed=1", "rolls=8 and seed=1"])
      assert.match(named.stdout, /^2 runs, which differ in rolls$/m)
      assert.match(named.stdout, /^their rows differ: 4 rows and 8 rows$/m)
      assert.match(
        yield* refused("compare", "--where", "rolls=4", ...store),
        /^nonconvex: 3 runs of one configuration are one group; name two runs or clauses, /,
      )
      assert.match(
        yield* refused("compare", "--by", "radius2", ...store),
        /--by "radius2": no run that is compared has it; they have radius, rolls/,
      )
      assert.match(
        yield* refused("compare", "--by", "rolls", "--metric", "avg(mean)", ...store),
        /nothing is called "avg"; a metric is a column/,
      )
      assert.match(
        yield* refused("compare", "--by", "rolls", "--metric", "loss", ...store),
        /there is no column "loss"; the columns are roll, mean, dice/,
      )
    }),
  )

  it.live("are ranked by their mean over seeds", () =>
    Effect.gen(function* () {
      const { lab, place } = yield* scratch()
      const { code, stdout } = yield* lab(["best", "--metric", "max(roll)"])
      assert.strictEqual(code, 0)
      assert.match(
        stdout,
        /^max\(roll\), the most first, of 2 configurations of toy\/dice in 6 runs$/m,
      )
      assert.match(stdout, /^rolls=8 +3 +8 +0 /m)
      assert.match(stdout, /^the best: radius=0.5, rolls=8$/m)
      assert.match(stdout, /the best of 2 looks better than it is/)
      const least = yield* lab(["best", "--metric", "max(roll)", "--least", "--top", "1"])
      assert.match(least.stdout, /^rolls=4 +3 +4 +0 /m)
      assert.include(least.stdout, "1 more: --top 2")
      assert.match(
        yield* refused(
          "best",
          "--metric",
          "roll",
          "--where",
          "seed=9",
          "--store",
          place("runs.sqlite"),
        ),
        /no finished run of an experiment fits/,
      )
    }),
  )

  it.live("are removed one by one, and more only with --yes", () =>
    Effect.gen(function* () {
      const { lab, place } = yield* scratch()
      const store = place("runs.sqlite")
      const several = yield* lab(["rm", "--where", "rolls=4"])
      assert.strictEqual(several.code, 1)
      assert.match(several.stdout, /toy\/dice/)
      assert.strictEqual(
        several.stderr,
        "nonconvex: nothing is removed: these are 3 runs; add --yes to remove them all",
      )
      assert.strictEqual((yield* listed(store)).length, 7)
      const [first] = yield* listed(store)
      assert.strictEqual(
        (yield* lab(["rm", first!.id.slice(0, 8)])).stdout,
        `1 run removed from ${store}`,
      )
      assert.strictEqual(
        (yield* lab(["rm", "--where", "rolls=4", "--yes"])).stdout,
        `2 runs removed from ${store}`,
      )
      assert.strictEqual((yield* listed(store)).length, 4)
      assert.match(yield* refused("rm", "--store", store), /name a run, or say which with --where/)
    }),
  )

  it.live("go through a file into another store, and are the same there", () =>
    Effect.gen(function* () {
      const { at, lab, place } = yield* scratch()
      const file = place("runs.jsonl")
      assert.strictEqual(
        (yield* lab(["export", "jsonl", "--out", file])).stdout,
        `7 runs in ${file}`,
      )
      const other = at("other.sqlite")
      const taken = yield* other(["import", file])
      assert.strictEqual(taken.code, 0)
      assert.match(taken.stdout, /^7 runs taken into .*other\.sqlite: 38 new parts$/m)
      assert.deepStrictEqual(
        yield* listed(place("other.sqlite")),
        yield* listed(place("runs.sqlite")),
      )
      const again = place("again.jsonl")
      yield* other(["export", "jsonl", "--out", again])
      assert.strictEqual(readFileSync(again, "utf8"), readFileSync(file, "utf8"))
      assert.match(
        (yield* other(["import", file])).stdout,
        /: 0 new parts, 38 parts the same to the bit as here$/m,
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
        `36 rows\n6 runs in ${file}; 1 verdict left out, which have no rows`,
      )
      const lines = readFileSync(file, "utf8").trimEnd().split("\r\n")
      assert.strictEqual(lines[0], "run,experiment,seed,radius,rolls,roll,mean,dice")
      assert.strictEqual(lines.length, 37)
      assert.match(lines[1]!, /^[0-9a-f]{64},toy\/dice,1,0\.5,4,1,\d,"fair, ""square"""$/)
      const store = place("runs.sqlite")
      assert.match(
        yield* refused("export", "csv", "--where", "kind=claim", "--out", file, "--store", store),
        /verdicts have no rows, and only jsonl has them/,
      )
      assert.match(
        yield* refused("export", "csv", "--out", store, "--store", store),
        /the command reads this file/,
      )
    }),
  )

  it.live("come out again to the bit, or it is said which row differs", () =>
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
        `nonconvex: ${ids[0]!.slice(0, 12)} is not the same: part 2, row 0, column mean: 3.25 is kept, and ${Number(mean)} came out; the code is the one that computed it`,
      )

      // the true run beside the forged one: the difference is a finding, and not overwritten
      yield* lab(["export", "jsonl", "--where", `run=${ids[0]}`, "--out", file])
      assert.match((yield* forged(["import", file])).stdout, /1 part WITH OTHER BITS than here/)
      const shown = yield* forged(["runs"])
      assert.match(shown.stdout, /^1 part computed again with OTHER BITS/m)
      assert.match(
        shown.stdout,
        new RegExp(`^${ids[0]!.slice(0, 8)} part 2, row 0, column mean, `, "m"),
      )
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
        /bad\.jsonl, line 1: .*; nothing is taken in$/,
      )
      writeFileSync(file, "")
      assert.match(yield* refused("import", file, ...store), /bad\.jsonl: it holds no runs/)
      assert.match(
        yield* refused("import", place("none.jsonl"), ...store),
        /none\.jsonl: cannot be read \(there is no such file\)/,
      )
      assert.match(
        yield* refused("rerun", only!.id, "--data", place("."), ...store),
        /cannot be computed again: it read the data that ship; leave --data out/,
      )
      assert.strictEqual((yield* listed(place("runs.sqlite"))).length, 7)
    }),
  )
})
