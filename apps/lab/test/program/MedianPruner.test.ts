/** Which trials are ended early, and which are not. */
import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import * as MedianPruner from "../../src/evidence/program/MedianPruner.ts"
import * as Metric from "../../src/evidence/runs/Metric.ts"

describe("a pruner", () => {
  const rowsOf = (losses: ReadonlyArray<number>) => losses.map((loss) => ({ loss }))
  const growing = (pruner: MedianPruner.MedianPruner, losses: ReadonlyArray<number>) => {
    const rows: Array<{ readonly loss: number }> = []
    for (const loss of losses) {
      rows.push({ loss })
      const reason = pruner.reasonToEnd(rows)
      if (reason !== undefined) return rows.length
    }
    return undefined
  }

  it("ends nobody whose best is at the median or better, and nobody before five are complete", () => {
    const losses = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 5, maxLength: 5 })
    fc.assert(
      fc.property(
        fc.array(losses, { minLength: 0, maxLength: 9 }),
        losses,
        fc.constantFrom("least" as const, "most" as const),
        (others, own, goal) => {
          const pruner = MedianPruner.make(Metric.parse("last(loss)"), goal)
          for (const each of others) pruner.ended(rowsOf(each))
          const sign = goal === "least" ? 1 : -1
          const behind = own.findIndex((_, at) => {
            const sorted = others.map((each) => sign * each[at]!).toSorted((a, b) => a - b)
            const half = sorted.length / 2
            const middle = (sorted[Math.ceil(half) - 1]! + sorted[Math.floor(half)]!) / 2
            return Math.min(...own.slice(0, at + 1).map((loss) => sign * loss)) > middle
          })
          const expected = others.length < 5 || behind < 0 ? undefined : behind + 1
          assert.strictEqual(growing(pruner, own), expected)
        },
      ),
    )
  })

  it("ends a trial whose metric is no number, and waits for one that has none yet", () => {
    const pruner = MedianPruner.make(Metric.parse("min(loss where step>2)"), "least")
    for (let k = 0; k < 5; k++) pruner.ended([1, 2, 3, 4].map((step) => ({ step, loss: step })))
    const rows: Array<Record<string, number>> = []
    const reasons = [1, 2, 3].map((step) => {
      rows.push({ step, loss: step === 3 ? Number.NaN : 100 })
      return pruner.reasonToEnd(rows)
    })
    assert.deepStrictEqual(reasons.slice(0, 2), [undefined, undefined])
    assert.match(reasons[2]!, /^pruned after 3 rows: min\(loss where step>2\) is NaN$/)
    assert.isTrue(MedianPruner.isPruning(`program/train failed: ${reasons[2]!}`))
    assert.isFalse(
      MedianPruner.isPruning("program/train failed: it exited with code 1: pruned after 3 rows"),
    )
  })
})
