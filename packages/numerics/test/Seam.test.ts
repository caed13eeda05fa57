import { Cause, Effect, Exit } from "effect"
import { assert, describe, it } from "vitest"
import { InvalidInput, Vector } from "@nonconvex/numerics"
import * as Seam from "../src/Seam.ts"

class Other extends Error {}

const refusal = (evaluate: () => unknown) =>
  Effect.runSync(Effect.flip(Seam.attempt([InvalidInput, Other], evaluate)))

describe("Seam", () => {
  it("returns what the function returns", () => {
    assert.strictEqual(Effect.runSync(Seam.attempt([InvalidInput], () => 7)), 7)
  })

  it("makes a failure of each class that is expected", () => {
    const invalid = refusal(() => Vector.dot(new Float64Array(2), new Float64Array(3)))
    assert.instanceOf(invalid, InvalidInput)
    const other = refusal(() => {
      throw new Other("told")
    })
    assert.instanceOf(other, Other)
  })

  it("leaves every other throw a defect", () => {
    const defect = new RangeError("a bug")
    const exit = Effect.runSyncExit(
      Seam.attempt([InvalidInput, Other], () => {
        throw defect
      }),
    )
    assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
    assert.strictEqual(Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined, defect)
  })

  it("evaluates when the effect runs, once a run", () => {
    let calls = 0
    const counted = Seam.attempt([InvalidInput], () => ++calls)
    assert.strictEqual(calls, 0)
    assert.strictEqual(Effect.runSync(counted), 1)
    assert.strictEqual(Effect.runSync(counted), 2)
  })
})
