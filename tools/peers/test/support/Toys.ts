/** A case that was measured by hand. */
import type { CaseResult } from "../../src/Measure.ts"
import { spread } from "../../src/Statistics.ts"

export const measured = (implementation: string, own: boolean, rounds: ReadonlyArray<number>) => ({
  implementation,
  own,
  rounds,
  seconds: spread(rounds),
})

export const result: CaseResult = {
  workload: "w",
  case: { name: "c", parameters: {}, operations: 1e9, limit: "float64", tolerance: 0 },
  disagreements: {},
  measured: [
    measured("strict", true, [1, 1.2, 2]),
    measured("relaxed", true, [1, 1, 1]),
    measured("numpy", false, [0.5, 0.6, 1]),
  ],
}
