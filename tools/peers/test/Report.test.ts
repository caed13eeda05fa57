import { assert, describe, it } from "vitest"
import { judge } from "../src/Bars.ts"
import { ceilings, limitsOf } from "../src/Ceiling.ts"
import { points } from "../src/Figure.ts"
import type { CaseResult } from "../src/Measure.ts"
import { table, time, verdictLines } from "../src/Report.ts"
import { measured, result } from "./support/Toys.ts"

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

  it("has a ceiling for each width that was measured", () => {
    const limit: CaseResult = {
      ...result,
      measured: [
        measured("128-bit SIMD", true, [1]),
        measured("256-bit SIMD", false, [0.5]),
        measured("512-bit SIMD", false, [0.75]),
      ],
    }
    const limits = limitsOf([limit])
    assert.deepStrictEqual(limits[256], { float64: 2e9 })
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
    assert.deepStrictEqual(points([result]), [
      {
        kind: result.workload,
        work: "c",
        implementation: "numpy",
        speed: 0.5,
        isFastest: true,
      },
    ])
  })
})
