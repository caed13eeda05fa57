/** How far starts and errors move the answers: instances that attain the lower bounds, the exponential and the null direction. */
import { claim, Draw, Exact, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { quadratic } from "@nonconvex/problems/Quadratic"
import { follow } from "../support/Follow.ts"
import { derived, printed } from "../support/Paper.ts"
import { mutant, type Subject, reproducibleMinimax } from "../support/Subject.ts"
import * as ErrorStrategy from "../../oracle/ErrorStrategy.ts"
import { inexact } from "../../oracle/InexactOracle.ts"
import { minimisation, regularised } from "../../problem/Problem.ts"
import * as Theory from "../../theory/index.ts"
import { adversary, onTheLine } from "../support/PiecewiseLinear.ts"
import type { Scheme, SchemeState } from "../../methods/Scheme.ts"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"

const forced = Draw.record({
  gap: Draw.logarithmic(1, 1e-4),
  distance: Draw.logarithmic(1, 100),
  delta: Draw.logarithmic(0.5, 1e-4),
  method: Draw.oneOf("gradient", "extragradient", "optimisticGradient"),
})

/** Where two runs end whose errors are delta and -delta, and delta. */
const forcedApart = (
  subject: Subject,
  { delta: share, distance: D, gap: eps, method }: Draw.Drawn<typeof forced>,
  spent: number,
) => {
  const m = (2 * eps) / (D * D)
  const delta = share * m * D
  const problem = minimisation(quadratic({ spectrum: [m] }))
  const ends = [1, -1].map((sign) => {
    const errors = ErrorStrategy.constant(Float64Array.of(sign))
    const oracle = inexact(problem, errors, spent * delta)
    return follow(subject[method](0.4 / m), oracle, Float64Array.of(D / 2), 60 / 0.4).point[0]!
  })
  return { delta, ends }
}

/** The bound is attained, so an oracle that errs less is found out. */
export const forcedDeviation = claim({
  id: "reproducible-minimax/forced-deviation",
  statement:
    "On (eps / D^2) x^2 with errors delta and -delta, the limits of every method that stops at fixed points deviate by (delta D^2 / eps)^2 in squares: the lower bound for inexact gradients is attained.",
  source: derived("an instance for the lower bound of Lemma B.3"),
  subject: reproducibleMinimax,
  instances: forced,
  value: 1,
  margin: ({ instance, subject, value: spent }) => {
    const { delta, ends } = forcedApart(subject, instance, spent)
    return Margin.atLeast(
      Elementary.square(ends[0]! - ends[1]!),
      0.99 * Theory.forcedDeviation(instance.gap, delta, instance.distance),
    )
  },
  exactly: ({ instance, subject, value: spent }) => {
    const { delta, ends } = forcedApart(subject, instance, spent)
    const [one, other] = ends.map(Exact.of)
    const bound = Exact.divide(
      Exact.multiply(Exact.of(delta), Exact.square(Exact.of(instance.distance))),
      Exact.of(instance.gap),
    )
    return Exact.atLeast(
      Exact.square(Exact.subtract(one!, other!)),
      Exact.multiply(Exact.of("0.99"), Exact.square(bound)),
    )
  },
  controls: [{ name: "an oracle that errs by a tenth less than it may", value: 0.9 }],
})

/** Where a constant objective takes two starts that are delta apart. */
const onAConstant = (subject: Subject, delta: number): ReadonlyArray<number> => {
  const flat = minimisation(quadratic({ spectrum: [0, 0] }), { smoothness: 1 })
  const request = { gap: 0.5, distance: 1, inexact: "start", delta } as const
  return [0, delta].map((x) => subject.minimisation(flat, Float64Array.of(x, 0), request).point[0]!)
}

export const startsStayApart = claim({
  id: "reproducible-minimax/lower-bound-of-starts",
  statement:
    "On a constant objective no method can bring starts together: the squared deviation of starts delta apart is delta^2, the lower bound.",
  source: printed("Lemma B.3, inexact start"),
  subject: reproducibleMinimax,
  instances: Draw.record({ delta: Draw.logarithmic(1, 1e-6) }),
  margin: ({ instance: { delta }, subject }) => {
    const [from, to] = onAConstant(subject, delta)
    return Margin.equal(Elementary.square(to! - from!), delta * delta, { relative: 1e-9 })
  },
  exactly: ({ instance: { delta }, subject }) => {
    const [from, to] = onAConstant(subject, delta).map(Exact.of)
    const bound = Exact.square(Exact.of(delta))
    const off = Exact.absolute(Exact.subtract(Exact.square(Exact.subtract(to!, from!)), bound))
    return Exact.atMost(off, Exact.multiply(Exact.of("1e-9"), bound))
  },
  controls: [
    mutant("an output at the origin, whatever the start", (subject) => ({
      minimisation: (problem, start, request) =>
        subject.minimisation(problem, new Float64Array(start.length), request),
    })),
  ],
})

/** The largest distance of the iterates of two runs, and of the points where they ask. */
const drivenApart = (
  scheme: Scheme<SchemeState & { readonly ahead?: Float64Array }>,
  delta: number,
  strength = 0,
) => {
  const { f, minimiser, steps } = adversary(delta)
  const line = onTheLine(f)
  const states = [0, delta].map((x) => {
    const start = Float64Array.of(x)
    return scheme.init(strength === 0 ? line : regularised(line, strength, start), start)
  })
  let largest = 0
  for (let t = 0; t < steps + 3; t++) {
    for (const state of states) scheme.step(state)
    const [one, two] = states.map(({ ahead, point }) => [point[0]!, (ahead ?? point)[0]!])
    for (const k of [0, 1]) largest = Math.max(largest, Math.abs(one![k]! - two![k]!))
  }
  return { largest, rounding: 2 ** -48 * minimiser }
}

export const amplification = claim({
  id: "reproducible-minimax/accelerated-gradient-amplifies",
  statement:
    "There is a 1-smooth convex function of one variable on which accelerated gradient descent drives starts delta apart by a million delta, gradient descent by delta and the regularised method (r = 1e-3) by 2 delta at most.",
  inFloatingPoint: "run",
  source: derived("Table 1, the exponential entry, made visible"),
  subject: reproducibleMinimax,
  instances: Draw.record({ delta: Draw.logarithmic(1e-8, 1e-10) }),
  margin: ({ instance: { delta }, subject }) => {
    const fast = drivenApart(subject.accelerated(1), delta)
    const slow = drivenApart(subject.gradient(1), delta)
    const calm = drivenApart(subject.acceleratedStronglyConvex(1.001, 1e-3), delta, 1e-3)
    return Margin.all(
      Margin.atLeast(fast.largest, 1e6 * delta),
      Margin.atMost(slow.largest, delta * (1 + 1e-6) + slow.rounding),
      Margin.atMost(calm.largest, 2 * delta + calm.rounding),
    )
  },
  controls: [
    mutant("gradient descent in place of the accelerated method", (subject) => ({
      accelerated: (l) => subject.gradient(1 / l),
    })),
    mutant("the accelerated method in place of gradient descent", (subject) => ({
      gradient: (step) => subject.accelerated(1 / step),
    })),
  ],
})

const nullGames = Draw.record({
  dimension: Draw.integer(2, 6),
  delta: Draw.logarithmic(1, 0.01),
  seed: Draw.seed(),
})

/** Figure 1 in small: `|A x - b|^2 / 2` with one singular value 0 and the others from 0.1 to 10, errors delta (1, .., 1). */
const drift = ({ delta, dimension, seed }: Draw.Drawn<typeof nullGames>) => {
  const stream = RandomStream.make(Seed.root(seed).child("null direction"))
  const basis = Orthogonal.haar(dimension, stream)
  const spectrum = Float64Array.from({ length: dimension }, (_, i) =>
    i === 0 ? 0 : Elementary.square(0.1 + 9.9 * stream.uniform()),
  )
  const minimiser = stream.normals(dimension)
  const exact = minimisation(quadratic({ spectrum, basis, minimiser }), { smoothness: 100 })
  const ones = new Float64Array(dimension).fill(1)
  const off = inexact(exact, ErrorStrategy.constant(ones), delta * Math.sqrt(dimension))
  const along = Float64Array.from({ length: dimension }, (_, i) => basis[i * dimension]!)
  const start = new Float64Array(dimension)
  return {
    share: Math.abs(Vector.dot(ones, along)),
    after: (scheme: Scheme, steps: number, strength = 0) => {
      const [one, other] = [exact, off].map((problem) =>
        follow(scheme, regularised(problem, strength, start), start, steps),
      )
      return Math.abs(Vector.dot(one!.point, along) - Vector.dot(other!.point, along))
    },
  }
}

export const nullDirection = claim({
  id: "reproducible-minimax/null-direction-drift",
  statement:
    "Along the null direction u, constant errors e move GD by step t |<e, u>| exactly, AGD by step t^2 |<e, u>| / 8 asymptotically, and a regularised method to |<e, u>| / r.",
  inFloatingPoint: "run",
  source: derived("the growth in Figure 1"),
  subject: reproducibleMinimax,
  instances: nullGames,
  margin: ({ instance, subject }) => {
    const { after, share } = drift(instance)
    const force = instance.delta * share
    const calm = subject.acceleratedStronglyConvex(100.05, 0.05)
    const equal = (actual: number, expected: number, relative: number) =>
      Margin.equal(actual, expected, { relative, absolute: 1e-12 })
    return Margin.all(
      equal(after(subject.gradient(0.01), 500), 0.01 * 500 * force, 1e-9),
      equal(after(subject.accelerated(100), 1000), (0.01 * (1000 * 1000) * force) / 8, 0.01),
      equal(after(calm, 1500, 0.05), force / 0.05, 0.01),
    )
  },
  controls: [
    mutant("twice the step", (subject) => ({ gradient: (step) => subject.gradient(2 * step) })),
    mutant("the accelerated method without momentum", (subject) => ({
      accelerated: (l) => subject.gradient(1 / l),
    })),
  ],
})
