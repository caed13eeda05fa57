import { claim, Draw, Exact, type Given, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import * as Average from "../../methods/Average.ts"
import { follow } from "../support/Follow.ts"
import { plus } from "../support/Linear.ts"
import { games } from "../support/PairOfSteps.ts"
import { derived } from "../support/Paper.ts"
import * as Random from "../support/RandomProblem.ts"
import { mutant, reproducibleMinimax, type Subject } from "../support/Subject.ts"

/** With what the margins allow to rounding: a billionth of the bound. */
const slack = Exact.of("1.000000001")

const affine = { ...games, steps: Draw.integer(1, 200) }

type Pair = readonly [Float64Array, Float64Array]

/** Two runs without constraints, for which extragradient is linear: their starts, ends and means of the half steps. */
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

export const affineExtragradientDoesNotExpand = claim({
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
      name: "a bilinear game with steps above 1 / l",
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
