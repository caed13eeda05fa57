import { assert, describe, it } from "vitest"
import * as Guests from "../src/Guests.ts"

const text = (taken: number, user = 100) =>
  `cpu  ${user} 2 30 400 5 6 7 ${taken} 9 10\ncpu0 1 2 3 4 5 6 7 8 9 10\nintr 5\n`

describe("what other guests take", () => {
  it("is the eighth count, of the first eight together", () => {
    assert.deepStrictEqual(Guests.ticksOf(text(50)), { all: 600, taken: 50 })
  })

  it("is their part between two looks", () => {
    const [before, after] = [text(50), text(60, 130)].map(Guests.ticksOf)
    assert.strictEqual(Guests.taken(before, after), 0.25)
  })

  it("is not known where a system does not count it, or no time has passed", () => {
    assert.isUndefined(Guests.ticksOf("cpu  1 2 3 4\n"))
    assert.isUndefined(Guests.ticksOf("nothing like it"))
    assert.isUndefined(Guests.now("/nowhere/stat"))
    const now = Guests.ticksOf(text(50))
    assert.isUndefined(Guests.taken(now, now))
    assert.isUndefined(Guests.taken(undefined, now))
  })
})
