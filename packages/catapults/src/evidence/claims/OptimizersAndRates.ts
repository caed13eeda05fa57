/** The steps of RMSprop and Adagrad as sums over all gradients, and rates that are raised or capped, step by step. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Seed from "@nonconvex/numerics/Seed"
import type { Update } from "@nonconvex/problems/Update"
import { adagrad } from "../../descent/Adagrad.ts"
import { rmsprop } from "../../descent/Rmsprop.ts"
import { capped, raising, type RateControl, reproductionRates } from "../../descent/RateControl.ts"
import { normals } from "../support/Expand.ts"
import { nearVector } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"

const optimizers = { rmsprop, adagrad }

export const adaptiveSteps = claim({
  id: "catapults/adaptive-steps",
  statement:
    "RMSprop and Adagrad move each coordinate by - eta sum_t g_t / (sqrt(v_t) + epsilon), where v_t sums (1 - alpha) alpha^(t - s) g_s^2 and g_s^2 over s <= t.",
  inFloatingPoint: "agreement",
  source: derived("recursions of Hinton 2012 and Duchi, Hazan, Singer 2011, solved"),
  instances: Draw.record({
    dimension: Draw.integer(1, 4),
    steps: Draw.integer(1, 8),
    learningRate: Draw.logarithmic(1, 1e-3),
    smoothing: Draw.oneOf(0.5, 0.9, 0.99),
    epsilon: Draw.oneOf(1e-3, 0.1, 1),
    seed: Draw.seed(),
  }),
  value: optimizers,
  margin: ({ instance, value: subjects }) => {
    const { dimension, epsilon, learningRate, seed, smoothing, steps } = instance
    const root = Seed.root(seed)
    const gradients = Array.from({ length: steps }, (_step, t) => normals(root.child(t), dimension))
    const walk = (update: Update) => {
      const point = new Float64Array(dimension)
      const state = update.init(dimension)
      for (const gradient of gradients) update.apply(state, point, gradient)
      return state.step === steps ? point : point.fill(Number.NaN)
    }
    const expected = (weight: (age: number) => number) =>
      Float64Array.from({ length: dimension }, (_entry, i) =>
        gradients.reduce((sum, gradient, t) => {
          const v = gradients
            .slice(0, t + 1)
            .reduce((all, { [i]: g = 0 }, s) => all + weight(t - s) * g * g, 0)
          return sum - (learningRate * gradient[i]!) / (Math.sqrt(v) + epsilon)
        }, 0),
      )
    const unsaid = [subjects.rmsprop({ learningRate }), subjects.adagrad({ learningRate })]
    const said = [
      subjects.rmsprop({ learningRate, smoothing: 0.99, epsilon: 1e-8 }),
      subjects.adagrad({ learningRate, epsilon: 1e-10 }),
    ]
    return Margin.all(
      nearVector(
        walk(subjects.rmsprop({ learningRate, smoothing, epsilon })),
        expected((age) => (1 - smoothing) * Elementary.pow(smoothing, age)),
        1e-11,
      ),
      nearVector(
        walk(subjects.adagrad({ learningRate, epsilon })),
        expected(() => 1),
        1e-11,
      ),
      ...unsaid.map((update, k) => nearVector(walk(update), walk(said[k]!), 0)),
    )
  },
  controls: [
    { name: "Adagrad for RMSprop", value: { ...optimizers, rmsprop: adagrad } },
    {
      name: "epsilon under the root",
      value: {
        ...optimizers,
        adagrad: ({ epsilon = 1e-10, ...rest }) =>
          adagrad({ ...rest, epsilon: Math.sqrt(epsilon) }),
      },
    },
  ],
})

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

export const raisedRates = claim({
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
