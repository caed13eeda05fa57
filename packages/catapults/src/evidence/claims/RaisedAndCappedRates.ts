import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Seed from "@nonconvex/numerics/Seed"
import { capped, raising, type RateControl, reproductionRates } from "../../descent/RateControl.ts"
import { normals } from "../support/Expand.ts"
import { derived } from "../support/Paper.ts"

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

const controls = { raising, capped }

export const raisedAndCappedRates = claim({
  id: "catapults/raised-and-capped-rates",
  statement:
    "A raise comes at the first step that is due and not above the minimum, to a multiple of the critical rate of then unless the rate is past it already; a capped rate is the smaller of its own and a multiple of the critical rate last measured.",
  inFloatingPoint: "program",
  source: derived("forced catapults, and none"),
  instances: Draw.record({
    raises: Draw.integer(0, 4),
    base: Draw.linear(0.5, 0.95),
    multiple: Draw.linear(1, 1.5),
    first: Draw.integer(0, 10),
    gap: Draw.integer(1, 10),
    every: Draw.integer(1, 7),
    seed: Draw.seed(),
  }),
  value: controls,
  margin: ({ instance: { every, seed, ...options }, value: subjects }) => {
    const { base, first, gap, multiple, raises } = options
    const root = Seed.root(seed)
    const critical = normals(root.child("critical"), 300).map((x) => Elementary.exp(x))
    const above = Array.from(normals(root.child("above"), 300), (x) => x > 0)
    const control = subjects.raising(options)
    const found = ratesOf(control, critical, above)
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
    const [start, last] = [reproductionRates[0]!, reproductionRates.at(-1)!]
    return Margin.all(
      Margin.holds(control.planned === raises && cap.planned === raises),
      Margin.holds(isSame(found, expected)),
      Margin.holds(isSame(ratesOf(cap, critical, above), limited)),
      Margin.holds(isSame(ratesOf(unsaid, critical, above), ratesOf(said, critical, above))),
      // the schedule of the reproduction ends at forty times the rate of its start
      Margin.holds(start[0] === 0 && last[1] === 40 * start[1]),
    )
  },
  controls: [
    {
      name: "a raise that does not wait for the end of a spike",
      value: {
        ...controls,
        raising: (options) => {
          const control = raising(options)
          return {
            ...control,
            next: (state, step, { criticalRate }) =>
              control.next(state, step, { criticalRate, isAbove: false }),
          }
        },
      },
    },
    {
      name: "measured at every step",
      value: { ...controls, capped: (control, multiple) => capped(control, multiple, 1) },
    },
  ],
})
