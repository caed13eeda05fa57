import { Draw } from "@nonconvex/evidence"
import { Seed } from "@nonconvex/numerics"
import * as Elementary from "@nonconvex/numerics/Elementary"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import {
  capped,
  milestones,
  raising,
  type RateControl,
  reproductionRates,
} from "../../src/descent/RateControl.ts"
import { normals } from "../../src/evidence/support/Expand.ts"

/** The rates of a control in situations that are given, with the raises so far. */
const ratesOf = (
  control: RateControl,
  critical: Float64Array,
  above: ReadonlyArray<boolean>,
): ReadonlyArray<readonly [rate: number, raised: number]> => {
  const state = control.init()
  return above.map((isAbove, step) => {
    const rate = control.next(state, step, { criticalRate: () => critical[step]!, isAbove })
    return [rate, state.raised]
  })
}

const isSame = (one: ReturnType<typeof ratesOf>, other: ReturnType<typeof ratesOf>): boolean =>
  one.every((pair, t) => pair.every((value, k) => value === other[t]![k]))

const plans = Draw.record({
  raises: Draw.integer(0, 4),
  base: Draw.linear(0.5, 0.95),
  multiple: Draw.linear(1, 1.5),
  first: Draw.integer(0, 10),
  gap: Draw.integer(1, 10),
  every: Draw.integer(1, 7),
  seed: Draw.seed(),
})

const controls = { raising, capped }

const raisesAndCaps = (subjects: typeof controls) =>
  fc.property(plans, ({ every, seed, ...options }) => {
    const { base, first, gap, multiple, raises } = options
    const root = Seed.root(seed)
    const critical = normals(root.child("critical"), 300).map((x) => Elementary.exp(x))
    const above = Array.from(normals(root.child("above"), 300), (x) => x > 0)
    const control = subjects.raising(options)
    const rises: Array<number> = []
    while (rises.length < raises) {
      const due = rises.length === 0 ? first : rises.at(-1)! + gap
      rises.push(above.findIndex((isAbove, step) => step >= due && !isAbove))
    }
    // the rate after each raise is the largest so far, as no raise lowers it
    const rateAt = (step: number) =>
      Math.max(
        base * critical[0]!,
        ...rises.filter((rise) => rise <= step).map((rise) => multiple * critical[rise]!),
      )
    const expected = above.map(
      (_isAbove, step) => [rateAt(step), rises.filter((rise) => rise <= step).length] as const,
    )
    const limited = expected.map(
      ([rate, raised], step) =>
        [Math.min(rate, 0.8 * critical[step - (step % every)]!), raised] as const,
    )
    const cap = subjects.capped(control, 0.8, every)
    const unsaid = subjects.capped(subjects.raising({ raises }))
    const said = subjects.capped(
      subjects.raising({ raises, base: 0.9, multiple: 1.3, first: 60, gap: 60 }),
      0.95,
      5,
    )
    return (
      control.planned === raises &&
      cap.planned === raises &&
      isSame(ratesOf(control, critical, above), expected) &&
      isSame(ratesOf(cap, critical, above), limited) &&
      isSame(ratesOf(unsaid, critical, above), ratesOf(said, critical, above))
    )
  })

/** The rate of each step is that of the last milestone up to it, `late` steps late. */
const keepsTo = (late: number) =>
  fc.property(Draw.list(Draw.integer(1, 5), 1, 6), (gaps) => {
    const starts = gaps.map((_gap, k) => gaps.slice(0, k).reduce((sum, gap) => sum + gap, 0))
    const control = milestones(starts.map((step, k) => [step, 1 + k] as const))
    const state = control.init()
    let isKept = control.planned === gaps.length - 1 && state.raised === 0
    for (let step = 0; step < 40; step++) {
      const passed = starts.filter((start) => start + late <= step || start === 0).length
      const situation = { criticalRate: () => 1, isAbove: false }
      isKept &&= control.next(state, step, situation) === passed
      isKept &&= state.raised === passed - 1
    }
    return isKept
  })

describe("raising and capped", () => {
  it("raise at the first step that is due and not above the minimum, and keep below a multiple of the critical rate last measured", () => {
    fc.assert(raisesAndCaps(controls))
  })

  it("would not, with raises within a spike, or a critical rate measured at every step", () => {
    const impatient: typeof raising = (options) => {
      const control = raising(options)
      return {
        ...control,
        next: (state, step, { criticalRate }) =>
          control.next(state, step, { criticalRate, isAbove: false }),
      }
    }
    assert.isTrue(fc.check(raisesAndCaps({ ...controls, raising: impatient })).failed)
    const diligent: typeof capped = (control, multiple) => capped(control, multiple, 1)
    assert.isTrue(fc.check(raisesAndCaps({ ...controls, capped: diligent })).failed)
  })
})

describe("milestones", () => {
  it("have at each step the rate of the last one up to it", () => {
    fc.assert(keepsTo(0))
    assert.isTrue(fc.check(keepsTo(1)).failed)
  })

  it("of the reproduction end at forty times the rate of its start", () => {
    const [start, last] = [reproductionRates[0]!, reproductionRates.at(-1)!]
    assert.strictEqual(start[0], 0)
    assert.strictEqual(last[1], 40 * start[1])
  })
})
