import { setTimeout } from "node:timers/promises"
import { assert, describe, it } from "vitest"
import { disagreement } from "../src/Agreement.ts"
import { allThreads, measureCase, type Side, speed } from "../src/Measure.ts"
import * as Python from "../src/Python.ts"
import { spread } from "../src/Statistics.ts"
import type * as Worker from "../src/Worker.ts"
import { measured, result } from "./support/Toys.ts"

describe("statistics", () => {
  it("gives medians and quartiles", () => {
    assert.deepStrictEqual(spread([4, 1, 3, 2, 5]), { median: 3, low: 2, high: 4 })
    assert.deepStrictEqual(spread([7]), { median: 7, low: 7, high: 7 })
  })

  it("compares as many rounds as both have", () => {
    const [ours, theirs] = [measured("a", true, [1, 1, 1]), measured("b", false, [2])]
    assert.strictEqual(speed(ours, theirs), 2)
    assert.strictEqual(speed(theirs, ours), 0.5)
  })

  it("compares round by round, so that a slow spell of the machine cancels", () => {
    assert.strictEqual(speed(result.measured[0]!, result.measured[2]!), 0.5)
  })

  it("compares the medians of one thread and of all threads, whose rounds are no pairs", () => {
    const [ours, theirs] = [
      [1, 1, 4, 4, 1],
      [1, 1, 3, 3, 3],
    ]
    assert.strictEqual(speed(measured("a", true, ours), measured("b", false, theirs)), 1)
    const onAll = measured(`b${allThreads}`, false, theirs)
    assert.strictEqual(speed(measured("a", true, ours), onAll), 3)
    assert.strictEqual(speed(measured(`a${allThreads}`, true, ours), onAll), 1)
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

/** One answer, and how long it takes to time it. */
interface Answer {
  readonly name: string
  readonly values?: ReadonlyArray<number>
  readonly threads?: "one" | "all"
  /** Seconds. */
  readonly wait?: number
}

/** A worker without a process; `asked` keeps of whom how many seconds were asked. */
const answering = (answers: ReadonlyArray<Answer>) => {
  const asked: Array<readonly [name: string, least: number]> = []
  const worker: Worker.Worker = {
    ready: {
      implementations: answers.map(({ name, threads }) => ({
        name,
        own: true,
        ...(threads && { threads }),
      })),
      missing: {},
      versions: {},
    },
    startUp: 0,
    prepare: ({ implementation }) => {
      const found = answers.find(({ name }) => name === implementation)
      return Promise.resolve({ applies: true, values: found?.values ?? [3] })
    },
    time: async (name, least) => {
      asked.push([name, least])
      const { wait = 0 } = answers.find((each) => each.name === name)!
      if (wait > 0) await setTimeout(1000 * wait)
      return least
    },
    stop: () => undefined,
  }
  return { asked, worker }
}

const sum = { name: "sum", parameters: {}, tolerance: 1e-12 }
const alone = (worker: Worker.Worker): ReadonlyArray<ReadonlyArray<Side>> => [
  [{ worker, suffix: "", threads: "one" }],
]

describe("rounds", () => {
  it("are with the threads that somebody says it has, and with either where it says nothing", async () => {
    const { worker } = answering([{ name: "right" }, { name: "other", threads: "all" }])
    const sides: ReadonlyArray<Side> = [
      { worker, suffix: "", threads: "one" },
      { worker, suffix: allThreads, threads: "all" },
    ]
    const effort = { rounds: 1, least: 1e-4, most: 60 }
    const groups = sides.map((side) => [side])
    const found = await measureCase("w", sum, groups, effort)
    assert.deepStrictEqual(
      found.measured.map(({ implementation }) => implementation),
      ["right", `right${allThreads}`, `other${allThreads}`],
    )
  })

  it("are as many as fit, and three at least", async () => {
    const rounds = async (most: number) => {
      const { worker } = answering([{ name: "right" }, { name: "slow", wait: 0.002 }])
      const effort = { rounds: 9, least: 1e-3, most }
      const found = await measureCase("w", sum, alone(worker), effort)
      return found.measured.map((each) => each.rounds.length)
    }
    assert.deepStrictEqual(await rounds(1e-9), [3, 3])
    assert.deepStrictEqual(await rounds(60), [9, 9])
  })

  it("begin when everybody is warm, unless the work is slow", async () => {
    const lengths = async (most: number) => {
      const { asked, worker } = answering([{ name: "sum" }])
      await measureCase("w", sum, alone(worker), { rounds: 3, least: 1e-3, most })
      return asked.map(([, least]) => least)
    }
    assert.deepStrictEqual(await lengths(60), [1e-3, 0.5, 1e-3, 1e-3, 1e-3])
    assert.deepStrictEqual(await lengths(0), [1e-3, 1e-3, 1e-3])
  })

  it("on all threads begin each turn with running that does not count", async () => {
    const [ours, theirs] = [answering([{ name: "a" }]), answering([{ name: "b" }])]
    const sides = [ours, theirs].map(({ worker }) => ({
      worker,
      suffix: "",
      threads: "all" as const,
    }))
    await measureCase("w", sum, [[], sides], { rounds: 2, least: 1e-3, most: 0 })
    for (const { asked } of [ours, theirs]) {
      assert.deepStrictEqual(
        asked.map(([, least]) => least),
        [0.2, 1e-3, 0.2, 1e-3],
      )
    }
  })

  it("go from one group to the next after five of them", async () => {
    const { asked, worker } = answering([
      { name: "a", threads: "one" },
      { name: "b", threads: "all" },
    ])
    const groups = (["one", "all"] as const).map((threads) => [{ worker, suffix: "", threads }])
    await measureCase("w", sum, groups, { rounds: 7, least: 1e-3, most: 60 })
    const turns = asked.filter(([, least]) => least === 1e-3).map(([name]) => name)
    // the first two are those that show how long it takes
    assert.strictEqual(turns.slice(2).join(""), "aaaaabbbbbaabb")
  })

  const figured = { name: "sum", parameters: {}, figures: ["count", "forgotten"] }

  it("say figures where each answers in its own way", async () => {
    const { worker } = answering([
      { name: "right", values: [3] },
      { name: "wrong", values: [4] },
    ])
    const [group] = alone(worker)
    const effort = { rounds: 5, least: 1e-4, most: 60 }
    const found = await measureCase("w", figured, [group!, group!], effort)
    assert.deepStrictEqual(
      found.measured.map(({ figures, implementation, rounds }) => ({
        implementation,
        rounds: rounds.length,
        figures,
      })),
      [
        { implementation: "right", rounds: 5, figures: { count: 3, forgotten: Number.NaN } },
        { implementation: "wrong", rounds: 5, figures: { count: 4, forgotten: Number.NaN } },
      ],
    )
  })

  it("of who answers in its own way are as many as fit for it, and one at least", async () => {
    const { asked, worker } = answering([{ name: "slow", wait: 0.2 }, { name: "quick" }])
    const effort = { rounds: 5, least: 1e-3, most: 0.3 }
    const found = await measureCase("w", figured, alone(worker), effort)
    assert.deepStrictEqual(
      found.measured.map(({ rounds }) => rounds.length),
      [1, 5],
    )
    // who has one round is not warmed up
    assert.deepStrictEqual(
      asked.filter(([, least]) => least === 0.5).map(([name]) => name),
      ["quick"],
    )
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
