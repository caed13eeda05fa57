/** One sample with label 0: the phases of the catapult, exactly. */
import { claim, Draw, Exact, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as ReducedMap from "../../theory/ReducedMap.ts"
import { derived, recalled } from "../support/Paper.ts"

/** The share is of the largest u that this kappa allows. */
const startsWith = (kappa: readonly [number, number], least: number) =>
  Draw.record({ kappa: Draw.linear(...kappa), share: Draw.logarithmic(1, least) })
type Start = Draw.Drawn<ReturnType<typeof startsWith>>

const startOf = ({ kappa, share }: Start): ReducedMap.Reduced => ({
  kappa,
  u: share * ReducedMap.largest(kappa),
})

const descending = (start: Start, map: typeof ReducedMap.step): Margin.Comparison => {
  let state = startOf(start)
  let margin = Margin.holds(true)
  let least = state.u
  for (let t = 0; t < 500; t++) {
    const next = map(state)
    margin = Margin.all(
      margin,
      Margin.atMost(next.kappa, state.kappa, 1e-12),
      // of two small numbers of which one is the square of the other: rounding adds up over the steps
      Margin.atMost(next.u, ReducedMap.largest(next.kappa), 1e-8),
    )
    state = next
    least = state.u
    // lost: the next numbers overflow
    if (!(state.kappa < 1e6)) break
  }
  return least < 1e-24 ? Margin.all(margin, Margin.atMost(state.kappa, 2 + 1e-6)) : margin
}

interface ExactState {
  readonly kappa: Exact.Value
  readonly u: Exact.Value
}

/** u <- (1 - kappa + u)^2 u and kappa <- kappa - u (four - kappa). */
const exactStep =
  (four: number) =>
  ({ kappa, u }: ExactState): ExactState => ({
    u: Exact.multiply(u, Exact.square(Exact.add(Exact.subtract(Exact.one, kappa), u))),
    kappa: Exact.subtract(kappa, Exact.multiply(u, Exact.subtract(Exact.of(four), kappa))),
  })

/** The step of the theory, or one with another number in place of 4. */
const stepWith =
  (four: number): typeof ReducedMap.step =>
  (state) =>
    four === 4
      ? ReducedMap.step(state)
      : { ...ReducedMap.step(state), kappa: state.kappa - state.u * (four - state.kappa) }

/** Steps that are compared in exact values: fractions double their length in each, and intervals widen. */
const exactSteps = 30

const exactStart = ({ kappa, share }: Start): ExactState => {
  const start = Exact.of(kappa)
  return { kappa: start, u: Exact.multiply(Exact.of(share), exactLargest(start)) }
}

/** The largest u of a kappa. */
const exactLargest = (kappa: Exact.Value): Exact.Value =>
  Exact.multiply(Exact.of("1/4"), Exact.square(kappa))

/** What `descending` compares in the first steps: the first comparison that fails. */
const exactDescent = (start: Start, four: number): Exact.Compared => {
  let state = exactStart(start)
  const compared: Array<Exact.Compared> = []
  for (let t = 0; t < exactSteps; t++) {
    const next = exactStep(four)(state)
    compared.push(
      Exact.atMost(next.kappa, state.kappa),
      Exact.atMost(next.u, exactLargest(next.kappa)),
    )
    state = next
  }
  return Exact.first(...compared)
}

/** That the kernel grows, in the first steps: the first in which it does not. */
const exactGrowth = (start: Start): Exact.Compared => {
  let state = exactStart(start)
  const compared: Array<Exact.Compared> = []
  for (let t = 0; t < exactSteps && Exact.interval(state.kappa).high <= 1e6; t++) {
    const next = exactStep(4)(state)
    compared.push(Exact.atLeast(next.kappa, state.kappa))
    state = next
  }
  return Exact.first(...compared)
}

export const catapultPhase = claim({
  id: "catapults/kernel-never-grows-below-four",
  statement:
    "With one sample, label 0 and e lambda < 4, the tangent kernel of a two-layer linear network never grows, u <= kappa^2 / 4 holds forever, and where the loss has vanished e lambda <= 2.",
  source: derived("phase theorem, part 1"),
  instances: startsWith([0.05, 3.98], 1e-9),
  value: 4,
  margin: ({ instance: start, value: four }) => descending(start, stepWith(four)),
  exactly: ({ instance: start, value: four }) => exactDescent(start, four),
  controls: [
    { name: "kappa past 4", value: 4, instances: startsWith([4.05, 8], 1e-9) },
    { name: "2 in place of 4 in the kernel", value: 2 },
  ],
})

export const divergentPhase = claim({
  id: "catapults/diverges-past-four",
  statement:
    "With one sample, label 0 and e lambda > 4, the tangent kernel of a two-layer linear network grows at every step, without bound, unless the output is exactly 0.",
  source: derived("phase theorem, part 2"),
  instances: startsWith([4.05, 8], 1e-6),
  margin: ({ instance: start }) => {
    let state = startOf(start)
    let margin = Margin.holds(true)
    for (let t = 0; t < 200 && state.kappa <= 1e6; t++) {
      const next = ReducedMap.step(state)
      margin = Margin.all(margin, Margin.atLeast(next.kappa, state.kappa))
      if (next.kappa === state.kappa) return Margin.holds(false)
      state = next
    }
    return Margin.all(margin, Margin.atLeast(state.kappa, 1e6))
  },
  exactly: ({ instance }) => exactGrowth(instance),
  controls: [{ name: "kappa below 4", instances: startsWith([2.1, 3.95], 1e-6) }],
})

export const chaoticEdge = claim({
  id: "catapults/chaos-at-four",
  statement: "At e lambda = 4 the kernel stays, and u = 4 cos^2(phi) becomes 4 cos^2(3^t phi).",
  inFloatingPoint: "functions",
  source: derived("phase theorem, part 3"),
  instances: Draw.record({ phi: Draw.linear(0.05, 1.5), steps: Draw.integer(1, 8) }),
  value: { kappa: 4, solution: ReducedMap.chaotic },
  margin: ({ instance: { phi, steps }, value: { kappa, solution } }) => {
    let state: ReducedMap.Reduced = { kappa, u: 4 * Elementary.square(Elementary.cos(phi)) }
    for (let t = 0; t < steps; t++) state = ReducedMap.step(state)
    return Margin.equal(state.u, solution(phi, steps), {
      absolute: 1e-12 * Elementary.pow(3, steps),
    })
  },
  controls: [
    {
      name: "doubling in place of tripling",
      value: {
        kappa: 4,
        solution: (phi, steps) =>
          4 * Elementary.square(Elementary.cos(Elementary.pow(2, steps) * phi)),
      },
    },
    { name: "a little below 4", value: { kappa: 3.99, solution: ReducedMap.chaotic } },
  ],
})

export const smallCatapult = claim({
  id: "catapults/end-of-a-small-catapult",
  statement:
    "From e lambda = 2 + delta, delta in [0.1, 0.5], and a small loss, a catapult of one sample ends between 2 - delta - 0.95 delta^2 and 2 - delta - 0.65 delta^2.",
  inFloatingPoint: "run",
  source: derived("measured here; to first order in delta as in Lewkowycz et al. 2020"),
  instances: Draw.record({ delta: Draw.linear(0.1, 0.5), u: Draw.logarithmic(1e-6, 1e-9) }),
  value: ReducedMap.catapultEnd,
  margin: ({ instance: { delta, u }, value: end }) => {
    const kappa = 2 + delta
    const { least, most } = end(kappa)
    const { kappa: final, outcome } = ReducedMap.follow({ kappa, u })
    const stated = ReducedMap.catapultEnd(kappa)
    const tolerance = { absolute: 1e-9 }
    return Margin.all(
      Margin.equal(stated.least, 2 - delta - 0.95 * delta * delta, tolerance),
      Margin.equal(stated.most, 2 - delta - 0.65 * delta * delta, tolerance),
      Margin.holds(outcome === "settled"),
      Margin.atLeast(final, least),
      Margin.atMost(final, most),
    )
  },
  controls: [
    {
      name: "the first order alone",
      value: (kappa) => ({ least: 4 - kappa - 1e-3, most: 4 - kappa }),
    },
  ],
})

/** kappa at the end by its start, from so small a u, with the map written out. */
const endFrom = (start: number, small: number): number => {
  let [u, kappa] = [small, start]
  // until the kernel stands still
  for (let t = 0; t < 20_000 && (t < 50 || u > 1e-22); t++) {
    const growth = 1 - kappa + u
    ;[u, kappa] = [growth * growth * u, kappa - u * (4 - kappa)]
  }
  return kappa / start
}

export const expectedDrop = claim({
  id: "catapults/expected-drop",
  statement:
    "The range of ends of a catapult from a small loss is that of twelve starts over one period of its growth, (kappa - 1)^2, or 1.1 where it grows less.",
  inFloatingPoint: "run",
  source: derived("ends depend on the phase of the growth"),
  instances: Draw.record({ kappa: Draw.linear(2.05, 3.5), isCalm: Draw.oneOf(false, true) }),
  value: 12,
  margin: ({ instance: { isCalm, kappa: drawn }, value: phases }) => {
    const kappa = isCalm ? drawn / 2 : drawn
    const period = Math.max(1.1, (kappa - 1) * (kappa - 1))
    const ends = Array.from({ length: phases }, (_end, k) =>
      endFrom(kappa, 1e-8 * Elementary.pow(period, k / phases)),
    )
    const [least, most] = ReducedMap.expectedDrop(kappa)
    return Margin.all(
      Margin.equal(least, Math.min(...ends), { relative: 1e-9 }),
      Margin.equal(most, Math.max(...ends), { relative: 1e-9 }),
    )
  },
  controls: [{ name: "half of the phases", value: 6 }],
})

/** A step from u against kappa (1 - kappa / 2)^2. */
const exactBalance = (kappa: number, u: Exact.Value): Exact.Compared => {
  const start = Exact.of(kappa)
  const left = Exact.subtract(Exact.one, Exact.divide(start, Exact.of(2)))
  const expected = Exact.multiply(start, Exact.square(left))
  return Exact.equal(exactStep(4)({ kappa: start, u }).kappa, expected)
}

/** Part 4 of the phase theorem: layers that are parallel. */
export const balancedStart = claim({
  id: "catapults/balanced-layers",
  statement:
    "With parallel layers, u = kappa^2 / 4, a step gives kappa (1 - kappa / 2)^2, and the layers stay parallel.",
  source: derived("phase theorem, part 4"),
  instances: Draw.record({ kappa: Draw.linear(0.05, 6) }),
  margin: ({ instance: { kappa } }) => {
    const next = ReducedMap.step({ kappa, u: ReducedMap.largest(kappa) })
    const tolerance = { absolute: 1e-12 * Math.max(1, Elementary.pow(kappa, 4)) }
    return Margin.all(
      Margin.equal(next.kappa, ReducedMap.balanced(kappa), tolerance),
      Margin.equal(next.u, ReducedMap.largest(next.kappa), tolerance),
    )
  },
  exactly: ({ instance: { kappa } }) => exactBalance(kappa, exactLargest(Exact.of(kappa))),
  controls: [
    {
      name: "layers at right angles",
      instances: Draw.record({ kappa: Draw.linear(0.05, 6) }),
      exactly: ({ instance: { kappa } }) => exactBalance(kappa, Exact.zero),
      margin: ({ instance: { kappa } }) =>
        Margin.equal(ReducedMap.step({ kappa, u: 0 }).kappa, ReducedMap.balanced(kappa), {
          absolute: 1e-12,
        }),
    },
  ],
})

/** Steps to the largest u from a small one that is 1 / m of order 1. */
const peakAt = (kappa: number, width: number): number => {
  let state: ReducedMap.Reduced = { kappa, u: 1 / width }
  let at = 0
  let largest = state.u
  for (let t = 1; t < 1000; t++) {
    state = ReducedMap.step(state)
    if (state.u > largest) {
      largest = state.u
      at = t
    }
    if (state.u < 1e-20) break
  }
  return at
}

/** The time to the peak, as far as it is a law: its slope in log m. */
export const timeToPeak = claim({
  id: "catapults/time-to-the-peak",
  statement:
    "A thousand times the width delays the peak of a catapult of one sample by log 1000 / (2 log(kappa - 1)) steps, up to two.",
  inFloatingPoint: "run",
  source: recalled("Lewkowycz et al. 2020: a number of steps of order log(width)"),
  instances: Draw.record({ kappa: Draw.linear(2.2, 3), width: Draw.logarithmic(1e3, 1e6) }),
  value: ReducedMap.catapultTime,
  margin: ({ instance: { kappa, width }, value: time }) =>
    Margin.equal(
      peakAt(kappa, 1000 * width) - peakAt(kappa, width),
      time(kappa, 1000 * width) - time(kappa, width),
      // each peak falls on a whole step, and one step before or after by its phase
      { absolute: 2 },
    ),
  controls: [
    {
      name: "twice the logarithm",
      value: (kappa, width) => 2 * ReducedMap.catapultTime(kappa, width),
    },
  ],
})
