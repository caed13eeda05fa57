import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { disagreement } from "../src/Agreement.ts"
import { fastest, judge, withMissed } from "../src/Bars.ts"
import { type Ceilings, ceilings } from "../src/Ceiling.ts"
import { type CaseResult, measureCase, speed } from "../src/Measure.ts"
import * as Python from "../src/Python.ts"
import { table, time, verdictLines } from "../src/Report.ts"
import { spread } from "../src/Statistics.ts"
import * as Worker from "../src/Worker.ts"
import { points } from "../src/Figure.ts"

const measured = (implementation: string, own: boolean, rounds: ReadonlyArray<number>) => ({
  implementation,
  own,
  rounds,
  seconds: spread(rounds),
})

const result: CaseResult = {
  workload: "w",
  case: { name: "c", parameters: {}, operations: 1e9, limit: "float64", tolerance: 0 },
  disagreements: {},
  measured: [
    measured("strict", true, [1, 1.2, 2]),
    measured("relaxed", true, [1, 1, 1]),
    measured("numpy", false, [0.5, 0.6, 1]),
  ],
}

describe("statistics", () => {
  it("gives medians and quartiles", () => {
    assert.deepStrictEqual(spread([4, 1, 3, 2, 5]), { median: 3, low: 2, high: 4 })
    assert.deepStrictEqual(spread([7]), { median: 7, low: 7, high: 7 })
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

describe("bars", () => {
  const status = (bar: Parameters<typeof judge>[0][number]) => judge([bar], [result])[0]?.status

  it("are reached, missed, absent or not asked", () => {
    const against = "numpy"
    assert.strictEqual(status({ case: "c", ours: "strict", against, speed: 0.5 }), "reached")
    assert.strictEqual(status({ case: "c", ours: "strict", against, speed: 0.51 }), "missed")
    assert.strictEqual(status({ case: "c", ours: "strict", against: "jax", speed: 1 }), "absent")
    assert.strictEqual(status({ case: "c", ours: "gone", against, speed: 0.1 }), "missed")
    assert.strictEqual(status({ case: "c", ours: "strict", seconds: 1.2 }), "reached")
    assert.strictEqual(status({ case: "c", ours: "strict", seconds: 1.1 }), "missed")
    assert.isUndefined(status({ case: "other", ours: "strict", seconds: 1 }))
  })

  it("may be between the fastest of ours and of the peers with one thread, and keep the number that missed", () => {
    const raced: CaseResult = {
      ...result,
      measured: [
        measured("slow", true, [4]),
        measured("quick", true, [2]),
        measured("numpy", false, [3]),
        measured("numba", false, [1]),
        measured("numba, all threads", false, [0.5]),
      ],
    }
    const bar = { case: "c", ours: fastest, against: fastest }
    const bars = [
      { ...bar, speed: 0.5, missed: 0.4 },
      { ...bar, speed: 0.51 },
      { ...bar, case: "other", speed: 1, missed: 0.9 },
    ]
    const verdicts = judge(bars, [raced])
    assert.deepStrictEqual(
      verdicts.map(({ status, value }) => [status, value]),
      [
        ["reached", 0.5],
        ["missed", 0.5],
      ],
    )
    assert.deepStrictEqual(withMissed(bars, verdicts), [
      { ...bar, speed: 0.5 },
      { ...bar, speed: 0.51, missed: 0.5 },
      bars[2]!,
    ])
  })

  it("may be a figure against a peer's, of which less or more is better", () => {
    const figured: CaseResult = {
      ...result,
      case: { name: "c", parameters: {}, figures: ["error", "accuracy", "score"] },
      measured: [
        { ...measured("ours", true, [1]), figures: { error: 0.9, accuracy: 0.8, score: 0.4 } },
        { ...measured("theirs", false, [1]), figures: { error: 1, accuracy: 0.8, score: -1 } },
        { ...measured("broken", false, [1]), figures: { error: Number.NaN } },
      ],
    }
    const bar = { case: "c", ours: "ours", against: "theirs" }
    const bars: Parameters<typeof judge>[0] = [
      { ...bar, figure: "error", most: 0.9 },
      { ...bar, figure: "error", most: 0.89 },
      { ...bar, figure: "accuracy", least: 1 },
      { ...bar, figure: "accuracy", least: 1.01 },
      { ...bar, figure: "score", least: 1 },
      { ...bar, figure: "forgotten", least: 0 },
      { ...bar, against: "broken", figure: "error", most: 1 },
    ]
    const verdicts = judge(bars, [figured])
    assert.deepStrictEqual(
      verdicts.map(({ status: each }) => each),
      ["reached", "missed", "reached", "missed", "reached", "missed", "missed"],
    )
    assert.strictEqual(
      verdictLines(verdicts)[0],
      "reached c, ours: 0.90 (error at most 0.9 of that of theirs)",
    )
    assert.match(table([figured], {}).split("\n")[1]!, /error 0\.9, accuracy 0\.8, score 0\.4$/)
  })

  it("may be a share of the ceiling of the same run", () => {
    const bar = { case: "c", ours: "relaxed" }
    const judged = (share: number, ceiling: Ceilings) =>
      judge([{ ...bar, share }], [result], ceiling)[0]
    assert.deepStrictEqual(judged(0.5, { float64: 2e9 }), {
      bar: { ...bar, share: 0.5 },
      status: "reached",
      value: 0.5,
    })
    assert.strictEqual(judged(0.51, { float64: 2e9 })?.status, "missed")
    assert.strictEqual(judged(0.5, {})?.status, "absent")
  })
})

describe("the report", () => {
  it("shows times, rates, the share of the ceiling and the speed", () => {
    assert.deepStrictEqual([2e-9, 3.5e-5, 0.25, 12].map(time), [
      "2.00 ns",
      "35.0 us",
      "250 ms",
      "12.0 s",
    ])
    const limit: CaseResult = {
      ...result,
      case: { ...result.case, name: "multiply-add" },
      measured: [measured("128-bit SIMD", true, [0.25])],
    }
    const ceiling = ceilings([limit])
    assert.deepStrictEqual(ceiling, { float64: 4e9 })
    const lines = table([result], ceiling).split("\n")
    assert.match(lines[1]!, /^c +strict +1\.20 s +1\.10 s to 1\.60 s +0\.833 GFlop\/s +21%$/)
    assert.match(lines[3]!, /numpy .* 42% +0\.50$/)
    const reading: CaseResult = { ...limit, case: { ...result.case, limit: "reading", bytes: 2e9 } }
    assert.deepStrictEqual(ceilings([limit, reading]), { float64: 4e9, reading: 8e9 })
    assert.match(table([reading], { reading: 8e9 }).split("\n")[1]!, / 100%$/)
  })

  it("says what became of a bar", () => {
    const verdicts = judge([{ case: "c", ours: "strict", against: "numpy", speed: 0.6 }], [result])
    assert.deepStrictEqual(verdictLines(verdicts), [
      "missed  c, strict: 0.50 (at least 0.6 of the speed of numpy)",
    ])
  })

  it("says where a bar lies above what 128-bit SIMD can do on this machine", () => {
    const bar = { case: "c", ours: "strict", against: "numpy" }
    const bars = [
      { ...bar, speed: 0.3 },
      { ...bar, speed: 0.5 },
    ]
    assert.deepStrictEqual(verdictLines(judge(bars, [result], { float64: 0.8e9 })), [
      "reached c, strict: 0.50 (at least 0.3 of the speed of numpy)",
      "reached c, strict: 0.50 (at least 0.5 of the speed of numpy; the ceiling of 128-bit SIMD is 0.48 of it here)",
    ])
    const share = { case: "c", ours: "relaxed", share: 0.9 }
    assert.deepStrictEqual(verdictLines(judge([share], [result], { float64: 2e9 })), [
      "missed  c, relaxed: 0.50 (at least 0.9 of the ceiling of 128-bit SIMD)",
    ])
  })

  it("draws each peer against our first implementation", () => {
    assert.deepStrictEqual(points([result]), [{ work: "c", implementation: "numpy", speed: 0.5 }])
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

  it("is timed where it agrees, in rounds", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "peers-")), "sum.mjs")
    writeFileSync(file, source)
    const worker = await Worker.start(
      process.execPath,
      ["--conditions=source", serve, file],
      process.env,
    )
    const { cases, missing, versions } = worker.ready
    assert.deepStrictEqual(missing, { ghost: "not installed" })
    assert.strictEqual(versions["node"], process.version)
    const effort = { rounds: 2, least: 1e-4 }
    const found = await measureCase("w", cases![0]!, [[{ worker, suffix: "!" }]], effort)
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

  it("says its figures where each answers in its own way", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "peers-")), "figures.mjs")
    const figured = source.replace("tolerance: 1e-12", 'figures: ["count", "forgotten"]')
    writeFileSync(file, figured)
    const worker = await Worker.start(
      process.execPath,
      ["--conditions=source", serve, file],
      process.env,
    )
    const group = [{ worker, suffix: "" }]
    const found = await measureCase("w", worker.ready.cases![0]!, [group, group], {
      rounds: 5,
      least: 1e-4,
    })
    worker.stop()
    assert.deepStrictEqual(
      found.measured.map(({ figures, implementation, rounds }) => ({
        implementation,
        rounds: rounds.length,
        figures,
      })),
      [
        { implementation: "right", rounds: 3, figures: { count: 3, forgotten: Number.NaN } },
        { implementation: "wrong", rounds: 3, figures: { count: 4, forgotten: Number.NaN } },
        { implementation: "async", rounds: 3, figures: { count: 3, forgotten: Number.NaN } },
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
