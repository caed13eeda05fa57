import { assert, describe, it } from "vitest"
import { fastest, judge, withMissed } from "../src/Bars.ts"
import type { Ceilings } from "../src/Ceiling.ts"
import type { CaseResult } from "../src/Measure.ts"
import { table, verdictLines } from "../src/Report.ts"
import { measured, result } from "./support/Toys.ts"

describe("bars", () => {
  const status = (bar: Parameters<typeof judge>[0][number]) => judge([bar], [result])[0]?.status

  it("are reached, missed, absent or not asked", () => {
    const against = "numpy"
    assert.strictEqual(status({ case: "c", ours: "strict", against, speed: 0.5 }), "reached")
    assert.strictEqual(status({ case: "c", ours: "strict", against, speed: 0.51 }), "missed")
    assert.strictEqual(status({ case: "c", ours: "strict", against: "jax", speed: 1 }), "absent")
    assert.strictEqual(status({ case: "c", ours: "not here", against, speed: 0.1 }), "absent")
    const wrong = { ...result, disagreements: { wrong: "3 instead of 4" } }
    const [bar] = judge([{ case: "c", ours: "wrong", against, speed: 0.1 }], [wrong])
    assert.strictEqual(bar?.status, "missed")
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
      verdicts.map((each) => [each.status, each.value]),
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

  it("ask less where ours has the embedded kernels alone, by 128 bits", () => {
    const bars = [{ case: "c", ours: "strict", against: "numpy", speed: 1, narrow: 0.5 }]
    const [wide, narrow] = [result, { ...result, isNarrow: true as const }].map((each) =>
      judge(bars, [each]),
    )
    assert.deepStrictEqual(
      [wide, narrow].map((verdicts) => [verdicts![0]!.status, verdicts![0]!.least]),
      [
        ["missed", 1],
        ["reached", 0.5],
      ],
    )
    assert.include(verdictLines(narrow!)[0], "at least 0.5 of the speed of numpy")
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
