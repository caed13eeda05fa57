import { RandomStream, Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import * as AuditSample from "../../src/audit/AuditSample.ts"

describe("AuditSample", () => {
  /** The result of a generator, and how often it paused. */
  const through = <A>(work: Generator<0, A>) => {
    let pauses = 0
    for (;;) {
      const part = work.next()
      if (part.done === true) return { result: part.value, pauses }
      pauses++
    }
  }

  it("sorts and sums in pieces as in one", () => {
    for (const n of [0, 1, 2, 1 << 14, (1 << 14) + 1, 200_000]) {
      const stream = RandomStream.make(Seed.root(n))
      const values = Float64Array.from({ length: n }, (_, i) =>
        i % 7 === 0 ? Math.round(stream.normal()) + 0 : stream.normal(),
      )
      const whole = values.toSorted()
      const { pauses, result } = through(AuditSample.sorted(values.slice()))
      assert.deepStrictEqual(result, whole)
      const levels = 1 + Math.ceil(Math.log2(Math.max(1, n / (1 << 14))))
      assert.isAtLeast(pauses, Math.ceil(n / (1 << 14)) * levels)

      const tail = through(AuditSample.summary(values, 0.5))
      assert.isAtLeast(tail.pauses, (2 * n) / (1 << 14))
      if (n < 2) continue
      const centre = values.reduce((sum, x) => sum + x, 0) / n
      assert.deepStrictEqual(tail.result, {
        mean: centre,
        variance: values.reduce((sum, x) => sum + (x - centre) ** 2, 0) / (n - 1),
        above: values.filter((x) => x >= 0.5).length,
      })
    }
  })
})
