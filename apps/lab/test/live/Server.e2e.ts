/** The server of the page: what it answers, what it starts and stops. */
import { NodeServices } from "@effect/platform-node"
import type * as Live from "@nonconvex/gallery/internal/Live"
import * as Parts from "@nonconvex/gallery/internal/Parts"
import { RunStore } from "@nonconvex/runner/RunStore"
import { Runs } from "@nonconvex/store/Runs"
import { Effect, Layer } from "effect"
import { rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { Compared } from "../../src/evidence/runs/GroupComparison.ts"
import { system as toy } from "../fixtures/toy.ts"
import { temporary } from "../support/Folders.ts"
import { keptRun } from "../support/Kept.ts"
import { keeping, listed } from "../support/KeptToys.ts"
import { dice, forever, inFolder, opened } from "../support/Opened.ts"
import { nonconvex } from "../support/InProcess.ts"
import { decoded } from "../support/Toys.ts"

/** Changes a store as another program does. */
const elsewhere = <A, E>(store: string, work: Effect.Effect<A, E, Runs>) =>
  Effect.runPromise(Effect.provide(work, Layer.provideMerge(keeping(store), NodeServices.layer)))

const taskOf = (now: Live.Now, { id }: Live.Task) => now.tasks.find((task) => task.id === id)

describe("a run that is started", () => {
  it("is told on its way, is kept as any other, and is there with its rows and figures", () =>
    inFolder(async ({ get, start, until }, store) => {
      const task = await start(dice({ rolls: "8" }, 5))
      const now = await until((each) => taskOf(each, task)?.state === "done")
      assert.include(taskOf(now, task)!, { done: 8, total: 8, of: task.of! })
      const facts = await get<Live.RunFacts>(`/api/runs/${task.of!.slice(0, 12)}`)
      assert.include(facts, { id: task.of!, status: "done", seed: 5, title: "The mean of dice" })
      assert.deepStrictEqual(facts.config, { radius: 0.5, rolls: 8 })
      assert.deepStrictEqual(
        facts.expectations.map(({ outcome }) => outcome),
        ["holds"],
      )
      const table = await get<Live.RunTable>(`/api/runs/${task.of!}/table`)
      assert.include(table, { total: 8, shown: 8 })
      const rows = Parts.rowsOf(table.columns as unknown as Parameters<typeof Parts.rowsOf>[0])
      const kept = await elsewhere(
        store,
        Effect.flatMap(Runs, ({ rowsOf }) => rowsOf(task.of!)),
      )
      assert.deepStrictEqual(rows, kept)
      assert.lengthOf(table.figures as ReadonlyArray<unknown>, 1)
      const list = await get<Live.RunList>("/api/runs")
      assert.deepStrictEqual(list.runs, [{ id: task.of!, subject: "toy/dice" }])
    }))

  it("is not begun twice while it is under way, and is stopped at any moment; what has ended is kept", () =>
    inFolder(async ({ ask, start, until }, store) => {
      const task = await start(forever)
      const other = await start(dice({ rolls: "8" }, 2))
      assert.strictEqual((await start(forever)).id, task.id)
      await until((now) => taskOf(now, task)?.done === 1)
      const stop = (id: string) => ask(`/api/tasks/${id}`, { method: "DELETE" })
      assert.strictEqual((await stop(task.id)).status, 200)
      const now = await until((each) => taskOf(each, task)?.state === "stopped")
      assert.strictEqual(taskOf(now, task)!.state, "stopped")
      // what waited for the thread has it now
      await until((each) => taskOf(each, other)?.state === "done")
      assert.strictEqual((await stop(task.id)).status, 200)
      const runs = await Effect.runPromise(listed(store))
      assert.deepStrictEqual(
        runs.map(({ kept, key, status }) => [key.subject, kept, status]),
        [
          ["endless/experiment", 1, "unfinished"],
          ["toy/dice", 8, "done"],
        ],
      )
    }))

  it("is stopped before a thread has it, with nothing of it kept", () =>
    inFolder(async ({ ask, start, until }, store) => {
      const first = await start(forever)
      await until((now) => taskOf(now, first)?.done === 1)
      const second = await start(dice())
      const waiting = await until((now) => taskOf(now, second) !== undefined)
      assert.strictEqual(taskOf(waiting, second)!.state, "waiting")
      await ask(`/api/tasks/${second.id}`, { method: "DELETE" })
      await until((now) => taskOf(now, second)?.state === "stopped")
      await ask(`/api/tasks/${first.id}`, { method: "DELETE" })
      const runs = await Effect.runPromise(listed(store))
      for (const { key, kept, status } of runs) {
        if (key.subject === "toy/dice") assert.deepStrictEqual([kept, status], [0, "unfinished"])
      }
    }))
})

const sweep: Live.StartSweep = {
  _tag: "Sweep",
  experiment: "toy/dice",
  preset: "smoke",
  seeds: "1..3",
  settings: { radius: "1" },
  vary: { rolls: "4,8" },
  metric: "last(mean)",
  goal: "least",
}

describe("a sweep that is started", () => {
  it("is a table of its trials, and its configurations compare as on the command line", () =>
    inFolder(async ({ get, start, until }, store) => {
      const task = await start(sweep)
      assert.strictEqual(task.total, 6)
      await until((now) => taskOf(now, task)?.state === "done")
      const list = await get<Live.SweepList>("/api/sweeps")
      assert.deepStrictEqual(list.sweeps, [{ id: task.of!, experiment: "toy/dice" }])
      const facts = await get<Live.SweepFacts>(`/api/sweeps/${task.of!.slice(0, 12)}`)
      assert.deepStrictEqual(facts.varied, ["rolls"])
      assert.deepStrictEqual(facts.offered, ["roll", "mean"])
      const rows = Parts.rowsOf(facts.columns as unknown as Parameters<typeof Parts.rowsOf>[0])
      assert.deepStrictEqual(
        rows.map(({ rolls, seed, status }) => [rolls, seed, status]),
        [4, 8].flatMap((rolls) => [1, 2, 3].map((seed) => [rolls, seed, "done"])),
      )
      for (const { metric } of rows) assert.isTrue(Number(metric) >= 1 && Number(metric) <= 6)
      const asked = { where: `sweep=${task.of!.slice(0, 12)}`, by: "rolls", metric: "last(mean)" }
      const query = new URLSearchParams(asked).toString()
      const compared = await get<Live.Comparison>(`/api/compare?${query}`)
      const flags = Object.entries(asked).flatMap(([name, value]) => [`--${name}`, value])
      const { value } = await Effect.runPromise(
        decoded(Compared, ["compare", ...flags, "--store", store]),
      )
      assert.deepStrictEqual(
        compared.differences,
        value.contrasts.map(({ difference: at, high, label, low }) => ({ label, at, low, high })),
      )
      assert.strictEqual(compared.against, value.groups[0]!.label)
      assert.strictEqual(compared.headline, "last(mean) of 6 runs, which differ in rolls")
    }))

  it("draws from ranges, and says what cannot be", () =>
    inFolder(async ({ get, start, until }) => {
      const drawn = await start({
        ...sweep,
        seeds: "1",
        vary: { radius: "0.1..1:log" },
        settings: { rolls: "4" },
        trials: 3,
      })
      await until((now) => taskOf(now, drawn)?.state === "done")
      const facts = await get<Live.SweepFacts>(`/api/sweeps/${drawn.of!}`)
      assert.deepStrictEqual([facts.varied, facts.total], [["radius"], 3])
      const refusals = [
        { ...sweep, seeds: "9..1" },
        { ...sweep, vary: { rols: "1" } },
        { ...sweep, metric: "best(" },
        { ...sweep, seeds: "1..100000" },
      ]
      for (const asked of refusals) {
        const error = await start(asked).then(
          () => "",
          ({ message }: Error) => message,
        )
        assert.match(error, /^400 /)
      }
    }))
})

describe("a store", () => {
  it("is listed by page, whatever it holds, and narrowed down", () => {
    const store = join(temporary(), "runs.sqlite")
    const strange = `<img src="x" onerror="alert(1)">`
    const many = Effect.gen(function* () {
      const { insert } = yield* Runs
      for (let seed = 0; seed < 120; seed++) {
        const startedAt = `2026-11-27T08:${String(Math.trunc(seed / 60)).padStart(2, "0")}:${String(seed % 60).padStart(2, "0")}.000Z`
        const subject = seed === 119 ? strange : "toy/dice"
        yield* insert(keptRun({ subject, seed, config: { rolls: 1 } }, { startedAt }), new Map())
      }
    })
    return opened([toy], ["--store", store], async ({ ask, get }) => {
      await elsewhere(store, many)
      const first = await get<Live.RunList>("/api/runs")
      assert.deepStrictEqual([first.count, first.runs.length], [120, 50])
      assert.strictEqual(first.runs[0]!.subject, strange)
      const last = await get<Live.RunList>("/api/runs?page=2")
      assert.lengthOf(last.runs, 20)
      assert.lengthOf((await get<Live.RunList>("/api/runs?page=9")).runs, 0)
      const few = await get<Live.RunList>("/api/runs?where=seed%3C3")
      assert.strictEqual(few.count, 3)
      // of an experiment that nobody knows there are no figures, and a reason
      const { status } = await ask(`/api/runs/${first.runs[0]!.id}/table`)
      assert.strictEqual(status, 200)
    })
  })

  it("is watched: what another program goes on with is told", () =>
    inFolder(async ({ until }, store) => {
      const seen = until(({ elsewhere: others }) => others.some(({ kept }) => kept === 1))
      await until(() => true)
      const [experiment] = toy.experiments
      await elsewhere(
        store,
        Effect.gen(function* () {
          const { open } = yield* RunStore
          const config = { rolls: 2, radius: 0.5 }
          const subject = {
            kind: "experiment",
            id: experiment!.id,
            config,
            seed: 1,
            parts: 2,
          } as const
          const run = yield* open(toy, subject)
          const row = { roll: 1, mean: 1, dice: "" }
          yield* run.keep(0, { _tag: "Rows", rows: [row], seconds: 1 })
        }),
      )
      const now = await seen
      assert.deepStrictEqual(
        now.elsewhere.map(({ kept, parts, subject }) => [subject, kept, parts]),
        [["toy/dice", 1, 2]],
      )
    }))

  it("that is removed is told of, and of a large run some rows are shown", () =>
    inFolder(async ({ get, until }, store) => {
      const all = Array.from({ length: 25_000 }, (_, roll) => ({ roll, mean: roll % 2, dice: "" }))
      const run = keptRun({ subject: "toy/dice", config: { rolls: 1, radius: 1 } })
      await elsewhere(
        store,
        Effect.flatMap(Runs, ({ insert }) =>
          insert(run, new Map([[0, { _tag: "Rows", rows: all, seconds: 1 }]])),
        ),
      )
      const table = await get<Live.RunTable>(`/api/runs/${run.id}/table`)
      assert.deepStrictEqual([table.total, table.shown], [25_000, 10_000])
      const shown = Parts.rowsOf(table.columns as unknown as Parameters<typeof Parts.rowsOf>[0])
      assert.deepStrictEqual([shown[0]!["roll"], shown.at(-1)!["roll"]], [0, 24_999])
      rmSync(store)
      const now = await until(({ fault }) => fault !== undefined)
      assert.include(now.fault!, "was removed")
    }))
})

describe("the report", () => {
  it("is that of the store where there is none: its verdicts, by the papers", () => {
    const store = join(temporary(), "runs.sqlite")
    return opened([toy], ["--store", store], async ({ get }) => {
      const verdictsOf = async () =>
        (await get<Parts.Index>("/part?name=index")).entries
          .filter(({ address }) => address.startsWith("toy"))
          .map(({ address, verdict }) => [address, verdict])
      assert.deepStrictEqual(await verdictsOf(), [["toy", undefined]])
      const verify = ["verify", "toy/symmetric", "--runs", "20", "--quiet", "--store", store]
      const { code } = await Effect.runPromise(nonconvex([toy], verify))
      assert.strictEqual(code, 0)
      assert.deepStrictEqual(await verdictsOf(), [
        ["toy", undefined],
        ["toy/symmetric", "held"],
      ])
    })
  })

  it("that cannot be read is said, and runs are shown without it", async () => {
    const folder = temporary()
    const report = join(folder, "results.json")
    writeFileSync(report, '{"format": 1}')
    await opened(
      [toy],
      ["--store", join(folder, "runs.sqlite"), "--report", report],
      async ({ ask, get }) => {
        const { status, text } = await ask("/part?name=home")
        assert.strictEqual(status, 400)
        assert.include((JSON.parse(text) as Live.Refused).error, "holds no results of this version")
        assert.strictEqual((await get<Live.RunList>("/api/runs")).count, 0)
      },
    )
  })
})
