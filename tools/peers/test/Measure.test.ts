import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { disagreement } from "../src/Agreement.ts"
import { allThreads, measureCase, type Side, speed } from "../src/Measure.ts"
import * as Python from "../src/Python.ts"
import { spread } from "../src/Statistics.ts"
import * as Worker from "../src/Worker.ts"
import { measured, result } from "./support/Toys.ts"

describe("statistics", () => {
  it("gives medians and quartiles", () => {
    assert.deepStrictEqual(spread([4, 1, 3, 2, 5]), { median: 3, low: 2, high: 4 })
    assert.deepStrictEqual(spread([7]), { median: 7, low: 7, high: 7 })
  })

  it("compares as many rounds as both have", () => {
    const [ours, theirs] = [measured("a", true, [1, 1, 1]), measured("b", false, [2])]
    assert.strictEqual(speed(ours, theirs).median, 2)
    assert.strictEqual(speed(theirs, ours).median, 0.5)
  })

  it("compares round by round, so that a slow spell of the machine cancels", () => {
    assert.strictEqual(speed(result.measured[0]!, result.measured[2]!).median, 0.5)
  })
})

describe("agreement", () => {
  it("is relative to the largest value, and refuses NaN and other lengths", () => {
    assert.isUndefined(disagreement([1000, 0.5], [1000, 0.6], 1e-3))
    assert.include(disagreement([1, 0.5], [1, 0.6], 1e-3), "value 1: 0.5 against 0.6")
    assert.include(disagreement([NaN], [1], 1), "value 0")
    assert.include(disagreement([1, 2], [1], 1), "2 values against 1")
  })
})

/** A workload of two implementations, of which one computes something else. */
const source = `
export const workload = {
  cases: [{ name: "sum", parameters: { n: 3 }, tolerance: 1e-12 }],
  missing: { ghost: "not installed" },
  implementations: [
    { name: "right", own: true, prepare: ({ n }) => ({ run: () => {}, result: () => [n] }) },
    { name: "wrong", own: false, prepare: () => ({ run: () => {}, result: () => [4] }) },
    { name: "async", own: false, prepare: ({ n }) => ({ run: async () => {}, result: async () => [n] }) },
    { name: "other", own: false, prepare: () => undefined },
  ],
}
`

describe("a worker", () => {
  const serve = join(import.meta.dirname, "..", "src", "serve.ts")
  const serving = (file: string) =>
    Worker.start(process.execPath, ["--conditions=source", serve, file], process.env)

  it("is timed where it agrees, in rounds", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "peers-")), "sum.mjs")
    writeFileSync(file, source)
    const worker = await serving(file)
    const { cases, missing, versions } = worker.ready
    assert.deepStrictEqual(missing, { ghost: "not installed" })
    assert.strictEqual(versions["node"], process.version)
    const effort = { rounds: 2, least: 1e-4, most: 60 }
    const found = await measureCase(
      "w",
      cases![0]!,
      [[{ worker, suffix: "!", threads: "one" }]],
      effort,
    )
    worker.stop()
    assert.deepStrictEqual(
      found.measured.map(({ implementation, rounds }) => [implementation, rounds.length]),
      [
        ["right!", 2],
        ["async!", 2],
      ],
    )
    assert.deepStrictEqual(Object.keys(found.disagreements), ["wrong!"])
  })

  it("is timed with the threads that it says it has, and with either where it says nothing", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "peers-")), "sum.mjs")
    const threaded = source.replace('{ name: "async",', '{ name: "async", threads: "all",')
    writeFileSync(file, threaded)
    const worker = await serving(file)
    const { ready } = worker
    const implementations = ready.implementations.map(({ name, own, threads }) =>
      name === "right" ? { name, own } : { name, own, threads: threads! },
    )
    const told = { ...worker, ready: { ...ready, implementations } }
    const sides: ReadonlyArray<Side> = [
      { worker: told, suffix: "", threads: "one" },
      { worker: told, suffix: allThreads, threads: "all" },
    ]
    const effort = { rounds: 1, least: 1e-4, most: 60 }
    const found = await measureCase(
      "w",
      ready.cases![0]!,
      sides.map((side) => [side]),
      effort,
    )
    worker.stop()
    assert.deepStrictEqual(
      found.measured.map(({ implementation }) => implementation),
      ["right", `right${allThreads}`, `async${allThreads}`],
    )
  })

  it("is timed in as many rounds as fit, and three at least", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "peers-")), "sum.mjs")
    writeFileSync(file, source)
    const worker = await serving(file)
    const rounds = async (most: number) => {
      const effort = { rounds: 9, least: 1e-3, most }
      const group: ReadonlyArray<Side> = [{ worker, suffix: "", threads: "one" }]
      const found = await measureCase("w", worker.ready.cases![0]!, [group], effort)
      return found.measured[0]!.rounds.length
    }
    const [few, all] = [await rounds(1e-9), await rounds(60)]
    worker.stop()
    assert.deepStrictEqual([few, all], [3, 9])
  })

  it("is warm before its rounds, unless its work is slow", async () => {
    const lengths = async (most: number) => {
      const asked: Array<number> = []
      const one: Worker.Worker = {
        ready: {
          implementations: [{ name: "sum", own: true }],
          missing: {},
          versions: {},
        },
        startUp: 0,
        prepare: () => Promise.resolve({ applies: true, values: [3] }),
        time: (_, least) => {
          asked.push(least)
          return Promise.resolve(least)
        },
        stop: () => undefined,
      }
      const sum = { name: "sum", parameters: {}, tolerance: 1e-12 }
      const effort = { rounds: 3, least: 1e-3, most }
      await measureCase("w", sum, [[{ worker: one, suffix: "", threads: "one" }]], effort)
      return asked
    }
    assert.deepStrictEqual(await lengths(60), [1e-3, 0.5, 1e-3, 1e-3, 1e-3])
    assert.deepStrictEqual(await lengths(0), [1e-3, 1e-3, 1e-3])
  })

  it("says its figures where each answers in its own way", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "peers-")), "figures.mjs")
    const figured = source.replace("tolerance: 1e-12", 'figures: ["count", "forgotten"]')
    writeFileSync(file, figured)
    const worker = await serving(file)
    const group: ReadonlyArray<Side> = [{ worker, suffix: "", threads: "one" }]
    const found = await measureCase("w", worker.ready.cases![0]!, [group, group], {
      rounds: 5,
      least: 1e-4,
      most: 60,
    })
    worker.stop()
    assert.deepStrictEqual(
      found.measured.map(({ figures, implementation, rounds }) => ({
        implementation,
        rounds: rounds.length,
        figures,
      })),
      [
        { implementation: "right", rounds: 5, figures: { count: 3, forgotten: Number.NaN } },
        { implementation: "wrong", rounds: 5, figures: { count: 4, forgotten: Number.NaN } },
        { implementation: "async", rounds: 5, figures: { count: 3, forgotten: Number.NaN } },
      ],
    )
  })

  it("that dies early says why", async () => {
    const started = Worker.start(
      process.execPath,
      ["--conditions=source", serve, "/nowhere.mjs"],
      process.env,
    )
    const message = await started.then(
      () => "started",
      (error: unknown) => String(error),
    )
    assert.include(message, "ended early")
    assert.include(message, "nowhere.mjs")
  })

  it("that does not exist says so", async () => {
    const message = await Worker.start("no-such-command", [], process.env).then(
      () => "started",
      (error: unknown) => String(error),
    )
    assert.include(message, "ENOENT")
  })
})

describe("the environment of the peers", () => {
  it("loses what cripples OpenBLAS, and has one thread or all", () => {
    process.env["OPENBLAS_CORETYPE"] = "Haswell"
    const [single, all] = [Python.environment(true), Python.environment(false)]
    delete process.env["OPENBLAS_CORETYPE"]
    assert.isUndefined(single["OPENBLAS_CORETYPE"])
    for (const name of ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "NPROC"]) {
      assert.strictEqual(single[name], "1")
      assert.isUndefined(all[name])
    }
  })
})
