// Random schedules of spenders, pauses, faults at every call, kills and power cuts on a simulated disk; `npm run faults` plays thousands.
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { events, play } from "../support/Schedules.ts"

describe("a ledger on a disk that fails", () => {
  it("loses no spend, grants none twice, and is never damaged", async () => {
    const met = new Set<string>()
    let granted = 0
    const property = fc.asyncProperty(events, fc.nat(), async (schedule, chance) => {
      const outcomes = await play(schedule, chance)
      assert.deepStrictEqual(outcomes.faults, [])
      granted += outcomes.granted
      for (const kind of outcomes.met.keys()) met.add(kind)
    })
    await fc.assert(property, { numRuns: 150, seed: 1 })
    assert.isAtLeast(granted, 150)
    assert.deepStrictEqual([...met].toSorted(), [
      "EIO",
      "ENOSPC",
      "lost",
      "made",
      "never",
      "never-half",
      "power",
      "short",
    ])
  }, 300_000)

  it("comes through each fault at each call of a spend", async () => {
    const plays: Array<Promise<ReadonlyArray<string>>> = []
    for (const event of [
      "EIO",
      "ENOSPC",
      "short",
      "lost",
      "never",
      "never-half",
      "power",
    ] as const) {
      for (let calls = 0; calls < 60; calls++) {
        const schedule = [{ process: 0, calls, event }]
        plays.push(play(schedule, calls).then(({ faults }) => faults))
      }
    }
    assert.deepStrictEqual((await Promise.all(plays)).flat(), [])
  }, 300_000)
})
