/** What steps do to the distance of two runs. */
import { Draw, Exact, law, Margin, parametrisedLaw } from "@nonconvex/evidence"
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
import { mutant, type Subject } from "../support/Subject.ts"

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

export const descentDoesNotExpand = law({
  id: "reproducible-minimax/gradient-step-does-not-expand",
  statement:
    "A gradient step of at most 2 / l on an l-smooth convex objective does not expand distances.",
  source: recalled("gradient descent, section 3"),
  instances: Draw.record(descents),
  margin: (subject: Subject, instance) => {
    const scheme = subject.gradient(instance.product)
    const { after, before } = onePair(Random.expandQuadratic(instance), instance, scheme)
    return Margin.atMost(after, before + 1e-14, 1e-9)
  },
  exactly: (instance, _given, subject) => {
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

export const descentAscentExpansion = parametrisedLaw({
  id: "reproducible-minimax/descent-ascent-expansion",
  statement:
    "A simultaneous gradient descent-ascent step of size a on an l-smooth convex-concave game expands squared distances by at most 1 + a^2 l^2.",
  source: printed("Lemma B.5"),
  instances: Draw.record(games),
  margin: (subject: Subject, instance, given, { expansion }: Excess) => {
    const scheme = subject.gradient(instance.product)
    const { after, before } = onePair(Random.expand(instance, given), instance, scheme)
    const allowed = expansion(instance.product, 1) * before * before + 1e-15 * before
    return Margin.atMost(after * after, allowed, 1e-9)
  },
  exactly: (instance, given, { share }, subject) => {
    const scheme = subject.gradient(instance.product)
    const pair = onePair(Random.expand(instance, given), instance, scheme)
    const { after, before } = pair.exactly()
    const excess = Exact.multiply(Exact.of(share), Exact.square(Exact.of(instance.product)))
    const allowed = Exact.multiply(Exact.add(Exact.one, excess), before)
    const rounding = Exact.multiply(Exact.of("1e-15"), Exact.sqrt(before))
    return Exact.atMost(after, Exact.multiply(slack, Exact.add(allowed, rounding)))
  },
  holds: printedExcess,
  fails: [
    ["half of the excess", { expansion: (a, l) => 1 + Elementary.square(a * l) / 2, share: 1 / 2 }],
    mutant("a step that is twice as long", (subject) => ({
      gradient: (length) => subject.gradient(2 * length),
    })),
  ],
})

export const extragradientExpansion = parametrisedLaw({
  id: "reproducible-minimax/extragradient-expansion",
  statement:
    "An extragradient step of size a <= 1 / l adds at most 2 L l^2 a^3 to the distance of two runs, L a bound on the operator.",
  inFloatingPoint: "unwritten",
  source: printed("Lemma B.9"),
  instances: Draw.record(games),
  margin: (subject: Subject, instance, given, factor: number) => {
    const expanded = Random.expand(instance, given)
    const { after, before } = onePair(expanded, instance, subject.extragradient(instance.product))
    const L = Random.largestAnswer(expanded)
    const more = factor * Theory.extragradientExpansion(L, 1, instance.product)
    return Margin.atMost(after, before + more + 1e-14, 1e-9)
  },
  holds: 1,
  fails: [
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

export const affineExtragradient = law({
  id: "reproducible-minimax/affine-extragradient-does-not-expand",
  statement:
    "On an affine monotone operator without constraints, extragradient with a <= 1 / l does not expand distances, and its averaged half steps expand squares by at most 1 + a^2 l^2.",
  inFloatingPoint: "unwritten",
  source: derived("the exponential bound of B.10 does not show on affine operators"),
  instances: Draw.record(affine),
  margin: (subject: Subject, instance, given) => {
    const { start, stream, problem } = Random.expand(instance, given)
    // extragradient is linear there
    const free = { ...problem, feasible: FeasibleSet.wholeSpace }
    const { product, steps } = instance
    const other = plus(start, instance.apart, stream("other").onSphere(start.length))
    const scheme = subject.extragradient(product)
    const [one, two] = [start, other].map((from) => follow(scheme, free, from, steps))
    const before = Vector.distance(start, other)
    const rounding = 1e-14 * steps * (1 + Vector.norm(one!.point))
    const apart = Vector.distance(Average.mean(one!.average), Average.mean(two!.average))
    return Margin.all(
      Margin.atMost(Vector.distance(one!.point, two!.point), before + rounding, 1e-9),
      Margin.atMost(apart, Math.sqrt(1 + product * product) * before + rounding, 1e-9),
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
