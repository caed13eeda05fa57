/** Clauses about runs: what they select, and what they refuse, SQL above all. */
import { type KeptRun, type KeptSweep, Runs } from "@nonconvex/store/Runs"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { join } from "node:path"
import * as RunSelection from "../../src/evidence/runs/RunSelection.ts"
import * as RunFilter from "../../src/evidence/runs/RunFilter.ts"
import { temporary } from "../support/Folders.ts"
import { keptRun } from "../support/Kept.ts"
import { keeping } from "../support/KeptToys.ts"

const valley = (seed: number, radius: number, more: Partial<KeptRun> = {}) =>
  keptRun({ subject: "optim-sam/valley", config: { radius, model: { width: 4 } }, seed }, more)

const runs: ReadonlyArray<KeptRun> = [
  valley(1, 0),
  valley(2, 0, { startedAt: "2026-11-26T23:59:59.000Z" }),
  valley(1, 0.05, { status: "failed" }),
  valley(3, 0.1, { differences: 1 }),
  keptRun({
    subject: "toy/dice",
    config: { rolls: 20, mode: "fair, square", seed: 9 },
    seed: 1,
    kernels: "relaxed",
  }),
  keptRun({ kind: "claim", subject: "toy/at-most-nine", config: { runs: 200 }, seed: 1 }),
]

const sweeps: ReadonlyArray<KeptSweep> = [
  {
    id: "ab12cd",
    experiment: "optim-sam/valley",
    spec: {},
    startedAt: "2026-11-27T08:00:00.000Z",
    trials: [runs[0]!.id, runs[1]!.id],
  },
  {
    id: "ffee00",
    experiment: "optim-sam/valley",
    spec: {},
    startedAt: "2026-11-27T08:00:00.000Z",
    trials: [runs[1]!.id, "0".repeat(64)],
  },
]

const selected = (text: string) =>
  RunFilter.select(RunFilter.parse(text), runs, sweeps).map((run) => runs.indexOf(run))

describe("Where", () => {
  it.each<readonly [string, ReadonlyArray<number>]>([
    ["experiment=optim-sam/valley", [0, 1, 2, 3]],
    ["experiment = valley and seed < 3", [0, 1, 2]],
    ["experiment!=valley", [4]],
    ["claim=at-most-nine", [5]],
    ["kind=claim", [5]],
    ["system=toy", [4, 5]],
    ["radius>=0.05", [2, 3]],
    ["radius=5e-2", [2]],
    ["radius!=0", [2, 3]],
    ["model.width=4 and radius<=0", [0, 1]],
    ["status=done and experiment~valley", [0, 1, 3]],
    ["sweep=ab12", [0, 1]],
    ["sweep=ffee00 and seed=2", [1]],
    ["sweep!=ffee", [0]],
    ["kernels=strict and kind=experiment", [0, 1, 2, 3]],
    ["differences>0", [3]],
    ["started<2026-11-27", [1]],
    ["started<=2026-11-26", [1]],
    ["started>=2026-11-27T08 and system=optim-sam", [0, 2, 3]],
    ["started=2026-11-26T23:59", [1]],
    ['mode="fair, square"', [4]],
    ["mode~'square'", [4]],
    ["seed=1 and config.seed=9", [4]],
    ["runs=200", [5]],
    ["code=c0de", [0, 1, 2, 3, 4, 5]],
    ["seconds<0", []],
  ])("%s", (text, expected) => {
    assert.deepStrictEqual(selected(text), expected)
  })

  it("names a run by the beginning of its id", () => {
    assert.deepStrictEqual(selected(`run=${runs[2]!.id.slice(0, 12)}`), [2])
    assert.deepStrictEqual(selected(`run=${runs[2]!.id.slice(0, 12).toUpperCase()}`), [2])
  })

  it("takes a verdict by the word that tables have for it", () => {
    const verdict = { _tag: "Unrefuted", seed: 1, seconds: 0.1, runs: 20 } as const
    const claim = { ...runs[5]!, outcome: { _tag: "Judged", verdict } } as unknown as KeptRun
    const fits = (text: string) => RunFilter.select(RunFilter.parse(text), [runs[0]!, claim])
    assert.deepStrictEqual(fits("status=UNREFUTED"), [claim])
    assert.deepStrictEqual(fits("status=unrefuted"), [claim])
    assert.deepStrictEqual(fits("status!=unrefuted"), [runs[0]!])
    assert.deepStrictEqual(fits("status=done"), [runs[0]!, claim])
  })

  it.each([
    ["", "expected a field, found the end"],
    ["seed", 'expected one of = != < <= > >= ~ after "seed", found the end'],
    ["seed=", "expected a value after seed=, found the end"],
    ["seed==1", 'expected a value after seed=, found "="'],
    ["seed=1 seed=2", 'expected "and" between comparisons'],
    ["seed=1 and", "expected a field, found the end"],
    ["seed=1 or seed=2", 'found "or"'],
    ["(seed=1)", 'expected a field, found "("'],
    ["seed=1; DROP TABLE runs", '";" is not allowed'],
    ["seed=1 UNION SELECT * FROM runs", '"*" is not allowed'],
    ["seed=1 union select password from users", 'found "union"'],
    ["experiment='x' OR '1'='1'", 'found "OR"'],
    ["experiment=x' OR 1=1", "a quotation that begins with ' is not closed"],
    ["seed in (1,2)", '"," is not allowed'],
    ["seed=1/*", '"*" is not allowed'],
    ["seed=`id`", '"`" is not allowed'],
    ["seed=$(rm)", '"$" is not allowed'],
    ["mode LIKE '%'", 'after "mode", found "LIKE"'],
    ["seed=1\u0000", String.raw`"\u0000" is not allowed`],
  ])("does not read %j", (text, reason) => {
    assert.throws(() => RunFilter.parse(text), reason)
    assert.throws(() => RunFilter.parse(text), /its fields are run, kind, experiment, /)
  })

  it.each([
    ["radus=0.1", 'no run has a field "radus" (did you mean radius?)'],
    ["constructor=1", 'no run has a field "constructor"'],
    ["1=1", 'no run has a field "1"'],
    ["seed=first", 'seed is a number, but "first" is not'],
    ["seed=1--", 'seed is a number, but "1--" is not'],
    ["experiment<valley", "experiment is a text: use = != or ~, not <"],
    ["mode>3", "mode is a text: use = != or ~, not >"],
    ["started>yesterday", "started is a time, such as 2026-11-27 or 2026-11-27T08:30"],
  ])("refuses %s of these runs", (text, reason) => {
    assert.throws(() => selected(text), reason)
  })

  it("takes a quoted text for what it is, whatever it holds", () => {
    assert.deepStrictEqual(selected(`experiment="x'; DROP TABLE runs; --"`), [])
    assert.deepStrictEqual(selected('experiment="%"'), [])
  })

  it("says all of it in one line", () => {
    assert.throws(
      () => RunFilter.parse("seed=1\nor\n2=2"),
      String.raw`--where "seed=1\nor\n2=2": expected "and" between comparisons`,
    )
  })

  it("has nothing to refuse where there are no runs", () => {
    assert.deepStrictEqual(RunFilter.select(RunFilter.parse("nothing=1"), []), [])
  })
})

describe("a clause that a store applies in part", () => {
  it("is divided into what the store selects and the rest", () => {
    assert.deepStrictEqual(
      RunFilter.divide(
        RunFilter.parse("experiment=valley and seed<3 and status=done and sweep=AB12"),
      ),
      {
        choice: { kind: "experiment", name: "valley", status: "done", sweep: "ab12" },
        rest: RunFilter.parse("seed<3"),
      },
    )
    // what is asked twice is not one selection
    const twice = RunFilter.parse("experiment=valley and claim=at-most-nine and experiment!=dice")
    assert.strictEqual(RunFilter.divide(twice).rest.length, 2)
    assert.deepStrictEqual(RunFilter.divide(RunFilter.parse("status=failed")).choice, {})
  })

  it.effect("selects the same runs as in memory, with any signs in a name", () =>
    Effect.gen(function* () {
      const store = yield* Runs
      const odd = keptRun({ subject: "toy/50%_'off'" })
      for (const run of [...runs, odd]) yield* store.insert(run, new Map())
      for (const sweep of sweeps) yield* store.keepSweep(sweep)
      const all = yield* store.list()
      for (const text of [
        "experiment=valley",
        "experiment=optim-sam/valley and status=unfinished",
        "experiment=alley",
        "claim=at-most-nine",
        "claim=toy/at-most-nine and seed=1",
        "sweep=ab12",
        "sweep=f and seed=2",
        "status=done",
        "experiment=\"50%_'off'\"",
        'experiment="%"',
        'experiment="x\'; DROP TABLE runs; --"',
      ]) {
        const expected = RunFilter.select(RunFilter.parse(text), all, sweeps).map(({ id }) => id)
        const found = yield* RunSelection.selected(text)
        assert.sameMembers(
          found.map(({ id }) => id),
          expected,
          text,
        )
        const { count, shown } = yield* RunSelection.page(text, { skip: 1, count: 2 })
        assert.strictEqual(count, expected.length, text)
        assert.deepStrictEqual(
          shown.map(({ id }) => id),
          found.slice(Math.max(0, count - 3), Math.max(0, count - 1)).map(({ id }) => id),
          text,
        )
      }
    }).pipe(Effect.provide(keeping(join(temporary(), "runs.sqlite")))),
  )
})
