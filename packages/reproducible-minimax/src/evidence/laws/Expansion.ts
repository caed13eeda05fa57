/** What steps do to the distance of two runs. */
import { claim, Draw, Exact, type Given, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import * as Theory from "../../theory/index.ts"
import * as Average from "../../methods/Average.ts"
import { follow } from "../support/Follow.ts"
import { plus } from "../support/Linear.ts"
import { derived, printed, recalled } from "../support/Paper.ts"
import * as Random from "../support/RandomProblem.ts"
import type { Scheme } from "../../methods/Scheme.ts"
import { mutant, type Subject, reproducibleMinimax } from "../support/Subject.ts"

const step = {
  /** Of the step, as a multiple of 1 / l. */
  product: Draw.linear(1, 0.01),
  apart: Draw.logarithmic(1, 1e-6),
}

/** How far two points are apart, before a step and after it. */
const onePair = (
  expanded: Random.Expanded,
  { apart }: { readonly apart: number },
  scheme: Scheme,
) => {
  const ends = [expanded.start, Random.neighbour(expanded, apart)] as const
  const [one, two] = ends.map((start) => follow(scheme, expanded.problem, start, 1).point)
  return {
    before: Vector.distance(...ends),
    after: Vector.distance(one!, two!),
    exactly: () => ({
      before: Exact.squaredDistance(...ends),
      after: Exact.squaredDistance(one!, two!),
    }),
  }
}

/** With what the margins allow to rounding: a billionth of the bound. */
const slack = Exact.of("1.000000001")

const descents = { ...Random.quadraticFields, ...step, product: Draw.linear(2, 0.01) }

export const descentDoesNotExpand = claim({
  id: "reproducible-minimax/gradient-step-does-not-expand",
  statement:
    "A gradient step of at most 2 / l on an l-smooth convex objective does not expand distances.",
  source: recalled("gradient descent, section 3"),
  subject: reproducibleMinimax,
  instances: Draw.record(descents),
  margin: ({ instance, subject }) => {
    const scheme = subject.gradient(instance.product)
    const { after, before } = onePair(Random.expandQuadratic(instance), instance, scheme)
    return Margin.atMost(after, before + 1e-14, 1e-9)
  },
  exactly: ({ instance, subject }) => {
    const scheme = subject.gradient(instance.product)
    const pair = onePair(Random.expandQuadratic(instance), instance, scheme)
    const { after, before } = pair.exactly()
    const most = Exact.add(Exact.sqrt(before), Exact.of("1e-14"))
    return Exact.atMost(Exact.sqrt(after), Exact.multiply(slack, most))
  },
  controls: [
    {
      name: "steps past 2 / l",
      instances: Draw.record({ ...descents, product: Draw.linear(2.5, 4) }),
    },
  ],
})

const games = { ...Random.gameFields, ...step }

/** 1 + share a^2 l^2. */
interface Excess {
  readonly expansion: typeof Theory.descentAscentExpansion
  readonly share: number
}

const printedExcess: Excess = { expansion: Theory.descentAscentExpansion, share: 1 }

export const descentAscentExpansion = claim({
  id: "reproducible-minimax/descent-ascent-expansion",
  statement:
    "A simultaneous gradient descent-ascent step of size a on an l-smooth convex-concave game expands squared distances by at most 1 + a^2 l^2.",
  source: printed("Lemma B.5"),
  subject: reproducibleMinimax,
  instances: Draw.record(games),
  value: printedExcess,
  margin: ({ instance, kernels, subject, value: { expansion } }) => {
    const scheme = subject.gradient(instance.product)
    const { after, before } = onePair(Random.expand(instance, { kernels }), instance, scheme)
    const allowed = expansion(instance.product, 1) * before * before + 1e-15 * before
    return Margin.atMost(after * after, allowed, 1e-9)
  },
  exactly: ({ instance, kernels, subject, value: { share } }) => {
    const scheme = subject.gradient(instance.product)
    const pair = onePair(Random.expand(instance, { kernels }), instance, scheme)
    const { after, before } = pair.exactly()
    const excess = Exact.multiply(Exact.of(share), Exact.square(Exact.of(instance.product)))
    const allowed = Exact.multiply(Exact.add(Exact.one, excess), before)
    const rounding = Exact.multiply(Exact.of("1e-15"), Exact.sqrt(before))
    return Exact.atMost(after, Exact.multiply(slack, Exact.add(allowed, rounding)))
  },
  controls: [
    {
      name: "half of the excess",
      value: { expansion: (a, l) => 1 + Elementary.square(a * l) / 2, share: 1 / 2 },
    },
    mutant("a step that is twice as long", (subject) => ({
      gradient: (length) => subject.gradient(2 * length),
    })),
  ],
})

export const extragradientExpansion = claim({
  id: "reproducible-minimax/extragradient-expansion",
  statement:
    "An extragradient step of size a <= 1 / l adds at most 2 L l^2 a^3 to the distance of two runs, L a bound on the operator.",
  source: printed("Lemma B.9"),
  subject: reproducibleMinimax,
  instances: Draw.record(games),
  value: 1,
  margin: ({ instance, kernels, subject, value: factor }) => {
    const expanded = Random.expand(instance, { kernels })
    const { after, before } = onePair(expanded, instance, subject.extragradient(instance.product))
    const L = Random.largestAnswer(expanded)
    const more = factor * Theory.extragradientExpansion(L, 1, instance.product)
    return Margin.atMost(after, before + more + 1e-14, 1e-9)
  },
  exactly: ({ instance, kernels, subject, value: factor }) => {
    const expanded = Random.expand(instance, { kernels })
    const pair = onePair(expanded, instance, subject.extragradient(instance.product))
    const { after, before } = pair.exactly()
    const a = Exact.of(instance.product)
    const L = Exact.of(Random.largestAnswer(expanded))
    const more = Exact.product(Exact.of(2 * factor), L, a, a, a)
    const most = Exact.sum(Exact.sqrt(before), more, Exact.of("1e-14"))
    return Exact.atMost(Exact.sqrt(after), Exact.multiply(slack, most))
  },
  controls: [
    {
      ...mutant("a gradient descent-ascent step in its place, twice as long", (subject) => ({
        extragradient: (a) => subject.gradient(2 * a),
      })),
      instances: Draw.record({
        ...games,
        curvature: Draw.oneOf(0),
        product: Draw.linear(0.05, 0.02),
        apart: Draw.logarithmic(1, 0.1),
      }),
    },
  ],
})

const affine = { ...games, steps: Draw.integer(1, 200) }

type Pair = readonly [Float64Array, Float64Array]

/** Two runs without constraints, where extragradient is linear: their starts, their ends and the means of their half steps. */
const twoRuns = (subject: Subject, instance: Random.Drawn<typeof affine>, given: Given) => {
  const { problem, start, stream } = Random.expand(instance, given)
  const free = { ...problem, feasible: FeasibleSet.wholeSpace }
  const other = plus(start, instance.apart, stream("other").onSphere(start.length))
  const scheme = subject.extragradient(instance.product)
  const run = (from: Float64Array) => follow(scheme, free, from, instance.steps)
  const [one, two] = [run(start), run(other)]
  const starts: Pair = [start, other]
  const ends: Pair = [one.point, two.point]
  const averages: Pair = [Average.mean(one.average), Average.mean(two.average)]
  return { starts, ends, averages }
}

export const affineExtragradient = claim({
  id: "reproducible-minimax/affine-extragradient-does-not-expand",
  statement:
    "On an affine monotone operator without constraints, extragradient with a <= 1 / l does not expand distances, and its averaged half steps expand squares by at most 1 + a^2 l^2.",
  source: derived("the exponential bound of B.10 does not show on affine operators"),
  subject: reproducibleMinimax,
  instances: Draw.record(affine),
  margin: ({ instance, kernels, subject }) => {
    const { averages, ends, starts } = twoRuns(subject, instance, { kernels })
    const { product, steps } = instance
    const before = Vector.distance(...starts)
    const rounding = 1e-14 * steps * (1 + Vector.norm(ends[0]))
    return Margin.all(
      Margin.atMost(Vector.distance(...ends), before + rounding, 1e-9),
      Margin.atMost(
        Vector.distance(...averages),
        Math.sqrt(1 + product * product) * before + rounding,
        1e-9,
      ),
    )
  },
  exactly: ({ instance, kernels, subject }) => {
    const { averages, ends, starts } = twoRuns(subject, instance, { kernels })
    const apart = (pair: Pair) => Exact.sqrt(Exact.squaredDistance(...pair))
    const before = apart(starts)
    const size = Exact.add(Exact.one, Exact.norm(Exact.vector(ends[0])))
    const rounding = Exact.product(Exact.of("1e-14"), Exact.of(instance.steps), size)
    const excess = Exact.sqrt(Exact.add(Exact.one, Exact.square(Exact.of(instance.product))))
    const most = (factor: Exact.Value) =>
      Exact.multiply(slack, Exact.add(Exact.multiply(factor, before), rounding))
    return Exact.worst(
      Exact.atMost(apart(ends), most(Exact.one)),
      Exact.atMost(apart(averages), most(excess)),
    )
  },
  controls: [
    {
      name: "a bilinear game with steps past 1 / l",
      instances: Draw.record({
        ...games,
        curvature: Draw.oneOf(0),
        product: Draw.linear(1.2, 2),
        steps: Draw.integer(20, 100),
      }),
    },
    mutant("gradient descent-ascent in its place", ({ gradient }) => ({ extragradient: gradient })),
  ],
})
