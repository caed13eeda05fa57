import { assert, describe, it } from "vitest"
import * as Estimate from "../src/evidence/Estimate.ts"
import { lasts, play, recorded, secondsOf } from "./support/Schedule.ts"

/** A clock that a test sets. */
const clockAt = () => {
  const clock = { seconds: 0, now: () => clock.seconds }
  return clock
}

const cases = (count: number): ReadonlyArray<Estimate.Part> =>
  Array.from({ length: count }, () => ({ kind: "case", units: 1 }))

const one: Estimate.Part = { kind: "case", units: 1 }

describe("an estimate", () => {
  it("says nothing before anything has begun, nor of what nothing tells", () => {
    const clock = clockAt()
    const items = [{ id: "a/b", group: "a", parts: cases(4) }]
    const estimate = Estimate.make(items, 2, clock.now)
    assert.isUndefined(estimate.now())
    const end = estimate.began("a/b", one)
    clock.seconds = 3
    assert.isUndefined(estimate.now())
    end()
    assert.deepStrictEqual(estimate.now(), { fraction: 3 / 7.5, left: 4.5, isRough: false })
  })

  it("goes by earlier times, on all threads", () => {
    const clock = clockAt()
    const items = [
      { id: "a/b", group: "a", parts: cases(10), before: 30 },
      { id: "a/c", group: "a", parts: cases(10), before: 10 },
    ]
    const estimate = Estimate.make(items, 2, clock.now)
    estimate.began("a/b", one)
    assert.deepStrictEqual(estimate.now(), { fraction: 0, left: 20, isRough: false })
    clock.seconds = 5
    assert.deepStrictEqual(estimate.now(), {
      fraction: 5 / (5 + 17.5),
      left: 17.5,
      isRough: false,
    })
  })

  it("knows that one part does not spread over threads", () => {
    const clock = clockAt()
    const items = [
      { id: "a/b", group: "a", parts: cases(1), before: 60 },
      { id: "a/c", group: "a", parts: cases(10), before: 10 },
    ]
    const estimate = Estimate.make(items, 8, clock.now)
    estimate.began("a/b", one)
    assert.strictEqual(estimate.now()!.left, 60)
  })

  it("sees that a machine is slower than it was", () => {
    const clock = clockAt()
    const items = ["a/b", "a/c"].map((id) => ({ id, group: "a", parts: cases(1), before: 10 }))
    const estimate = Estimate.make(items, 1, clock.now)
    const end = estimate.began("a/b", one)
    clock.seconds = 20
    end()
    assert.approximately(estimate.now()!.left, 20, 1)
  })

  it("takes what is kept from before for done, and its pace for that of the rest", () => {
    const clock = clockAt()
    const items = [
      { id: "a/b", group: "a", parts: cases(4), before: 40 },
      { id: "a/c", group: "a", parts: cases(2) },
    ]
    const estimate = Estimate.make(items, 1, clock.now)
    const kept = { ...one, seconds: 10 }
    estimate.reused("a/b", [kept, kept, kept])
    estimate.began("a/b", one)
    assert.strictEqual(estimate.now()!.left, 10 + 2 * 10)
    estimate.closed("a/c")
    assert.strictEqual(estimate.now()!.left, 10)
  })

  it("says that it is rough while it rests on the pace of others", () => {
    const clock = clockAt()
    const items = ["a/b", "a/c"].map((id) => ({ id, group: "a", parts: cases(2) }))
    const estimate = Estimate.make(items, 1, clock.now)
    const end = estimate.began("a/b", one)
    clock.seconds = 1
    end()
    assert.isTrue(estimate.now()!.isRough)
    const next = estimate.began("a/c", one)
    clock.seconds = 2
    next()
    assert.isFalse(estimate.now()!.isRough)
  })

  it("is at its end when nothing is left, and never goes back", () => {
    const clock = clockAt()
    const items = ["a/b", "a/c"].map((id) => ({ id, group: "a", parts: cases(1), before: 10 }))
    const estimate = Estimate.make(items, 1, clock.now)
    const end = estimate.began("a/b", one)
    clock.seconds = 9
    const early = estimate.now()!
    clock.seconds = 40
    const late = estimate.now()!
    assert.isAtLeast(late.fraction, early.fraction)
    end()
    estimate.closed("a/c")
    assert.deepStrictEqual(estimate.now(), { fraction: 1, left: 0, isRough: false })
  })
})

describe("an estimate of work that is alike", () => {
  it("goes by what was computed, and not by what was there already", () => {
    const clock = clockAt()
    const estimate = Estimate.ofAlike(1000, clock.now)
    estimate.reused(900)
    clock.seconds = 1
    assert.isUndefined(estimate.now())
    clock.seconds = 10
    for (let i = 0; i < 20; i++) estimate.ended()
    assert.deepStrictEqual(estimate.now(), { fraction: 0.2, left: 40, isRough: false })
    for (let i = 0; i < 80; i++) estimate.ended()
    assert.deepStrictEqual(estimate.now(), { fraction: 1, left: 0, isRough: false })
  })
})

describe("a real reproduce", () => {
  /** What the estimate says in each run: at first, and with the times of the other one. */
  const runs = ([1, 2] as const).flatMap((which) => {
    const schedule = recorded(which)
    const other = secondsOf(recorded(which === 1 ? 2 : 1))
    const seconds = lasts(schedule) / 1000
    return [
      { name: `run ${which} at first`, seconds, isKnown: false, said: play(schedule) },
      { name: `run ${which}, once known`, seconds, isKnown: true, said: play(schedule, other) },
    ]
  })

  it.each(runs)("is never said to be at 90 % before 70 % of its time: $name", ({ said }) => {
    for (const each of said.slice(0, 70)) assert.isAtMost(each?.fraction ?? 0, 0.9)
  })

  it.each(runs)("never goes back: $name", ({ said }) => {
    const fractions = said.flatMap((each) => (each === undefined ? [] : [each.fraction]))
    assert.isAtLeast(fractions.length, 80)
    assert.deepStrictEqual(
      fractions,
      fractions.toSorted((a, b) => a - b),
    )
  })

  // its machine was up to half as fast again in one run as in the other
  it.each(runs.filter(({ isKnown }) => isKnown))(
    "is foreseen to end within 15 % of when it did, at a fifth of its time: $name",
    ({ said, seconds }) => {
      const { left } = said[19]!
      assert.approximately((0.2 * seconds + left) / seconds, 1, 0.15)
    },
  )
})
