/** Looking at runs that are kept: `runs`, `show`, `compare`, `best` and `rm`, over a store of its own. */
import type { Part } from "@nonconvex/runner/RunStore"
import { type KeptRun, Runs } from "@nonconvex/store/Runs"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as GroupComparison from "../src/evidence/runs/GroupComparison.ts"
import { keptRun } from "./support/Kept.ts"
import { keeping, listed, scratch } from "./support/KeptToys.ts"
import { decoded, refused } from "./support/Toys.ts"

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
      assert.include(last.stdout, "with 5 earlier ones hidden (--last 7 shows them)")
      assert.strictEqual((yield* lab(["runs", "--where", "seed=77"])).stdout, "no run matches")
    }),
  )

  it.live("are not asked for by SQL, nor by a name that fits two", () =>
    Effect.gen(function* () {
      const { place, store } = yield* scratch()
      assert.match(
        yield* refused("runs", "--where", "seed=1; DROP TABLE runs", ...store),
        /^nonconvex: --where "seed=1; DROP TABLE runs": ";" is not allowed; a filter is [^\n]*$/,
      )
      assert.match(
        yield* refused("runs", "--where", "1=1 or seed=1", ...store),
        /expected "and" between comparisons/,
      )
      assert.match(
        yield* refused("runs", "--where", "rols=4", ...store),
        /no run has a field "rols" \(did you mean rolls\?\)/,
      )
      assert.match(
        yield* refused("show", "12", ...store),
        /"12" is not a run id: give at least 4 of the hexadecimal digits/,
      )
      assert.match(yield* refused("show", "0'; --", ...store), /is not a run id/)
      assert.match(
        yield* refused("runs", "--store", place("elsewhere.sqlite")),
        /no saved runs yet/,
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
      assert.include(said, `"${digits}" matches more than one run: `)
      for (const { id } of twins) assert.include(said, id.slice(0, 12))
      assert.match(yield* refused("rm", digits, ...store), /matches more than one run/)
      assert.match(yield* refused("rerun", digits, ...store), /matches more than one run/)
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
      assert.match(shown.stdout, /^code +[0-9a-f]{12}, the current version$/m)
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
      const { value } = yield* decoded(GroupComparison.Compared, [...args, ...store])
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
      assert.match(
        stdout,
        /^against rolls=4 +difference +95 % confidence interval +p +pairs +test$/m,
      )
      assert.include(stdout, "intervals and p from Student's t distribution")
      const named = yield* lab(["compare", "rolls=4 and seed=1", "rolls=8 and seed=1"])
      assert.match(named.stdout, /^2 runs, which differ in rolls$/m)
      assert.match(named.stdout, /^their rows differ: 4 rows and 8 rows$/m)
      assert.match(
        yield* refused("compare", "--where", "rolls=4", ...store),
        /^nonconvex: 3 runs of the same configuration form one group; give two runs or filters, /,
      )
      assert.match(
        yield* refused("compare", "--by", "radius2", ...store),
        /--by "radius2": no compared run has this setting; the runs have radius, rolls/,
      )
      assert.match(
        yield* refused("compare", "--by", "rolls", "--metric", "avg(mean)", ...store),
        /there is no function "avg"; a metric is a column/,
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
      assert.match(stdout, /^max\(roll\), most first: 2 configurations of toy\/dice in 6 runs$/m)
      assert.match(stdout, /^rolls=8 +3 +1\.\.3 +8 +0 /m)
      assert.match(stdout, /^the best: radius=0.5, rolls=8$/m)
      assert.match(stdout, /the best of 2 looks better than it is/)
      const least = yield* lab(["best", "--metric", "max(roll)", "--least", "--top", "1"])
      assert.match(least.stdout, /^rolls=4 +3 +1\.\.3 +4 +0 /m)
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
        /no finished run of an experiment matches/,
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
      assert.match(
        yield* refused("rm", "--store", store),
        /name a run, or choose runs with --where/,
      )
    }),
  )
})
