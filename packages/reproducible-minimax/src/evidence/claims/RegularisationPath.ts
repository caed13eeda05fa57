/** The regularised solution: how it moves with its strength and its centre, and how convex and smooth its objective is. */
import { claim, Draw, Exact, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as Vector from "@nonconvex/numerics/Vector"
import { affine, plus, regularisedSolution } from "../support/Linear.ts"
import { corrected, derived, printed } from "../support/Paper.ts"
import * as RandomProblem from "../support/RandomProblem.ts"
import { answering, regularised } from "../../problem/Problem.ts"
import { centers } from "../laws/RegularisedSolution.ts"

export const monotonePath = claim({
  id: "reproducible-minimax/regularisation-path",
  statement:
    "The regularised minimiser comes nearer to its centre, and its objective grows, as the strength grows.",
  inFloatingPoint: "limit",
  source: derived("the regularised minimiser as a function of its strength"),
  instances: Draw.record({
    ...RandomProblem.smallQuadratics,
    strength: Draw.logarithmic(1, 1e-4),
    ratio: Draw.logarithmic(100, 1.1),
  }),
  value: 1,
  margin: ({ instance, value: sign }) => {
    const { problem, start, value } = RandomProblem.expandQuadratic(instance)
    const solve = (r: number) => regularisedSolution(problem.operator, r, start)
    const [weak, strong] = [solve(instance.strength), solve(instance.strength * instance.ratio)]
    const distance = (x: Float64Array) => Vector.distance(x, start)
    const slack = 1e-9 * (1 + distance(weak))
    return Margin.all(
      Margin.atMost(sign * distance(strong), sign * distance(weak) + slack),
      Margin.atMost(sign * value(weak), sign * value(strong) + slack),
    )
  },
  controls: [{ name: "the other way round", value: -1 }],
})

export const limit = claim({
  id: "reproducible-minimax/regularisation-vanishes",
  statement:
    "As the strength vanishes, the regularised minimiser becomes the minimiser that is nearest to the centre.",
  inFloatingPoint: "limit",
  source: derived("the limit of the regularised minimiser"),
  instances: Draw.record({ ...RandomProblem.smallQuadratics, decades: Draw.linear(0, 2) }),
  value: 1e-8,
  margin: ({ instance, value: strength }) => {
    const { minimiser, problem, start, stream } = RandomProblem.expandQuadratic(instance)
    const n = start.length
    const zeros = Math.min(instance.zeros, n - 1)
    const basis = Orthogonal.haar(n, stream("basis"))
    // the projection of the start on the minimisers: the centre's part along the null space, the minimiser's elsewhere
    const expected = minimiser.slice()
    for (let k = n - zeros; k < n; k++) {
      const along = Float64Array.from({ length: n }, (_zero, i) => basis[i * n + k]!)
      Vector.axpy(Vector.dot(along, start) - Vector.dot(along, minimiser), along, expected)
    }
    const actual = regularisedSolution(problem.operator, strength, start)
    const smallest = Elementary.pow(10, -instance.decades)
    const bias = (strength / smallest) * Vector.distance(start, minimiser)
    return Margin.atMost(Vector.distance(actual, expected), Math.min(1e-4, bias) + 1e-6)
  },
  controls: [{ name: "a strength that stays", value: 0.01 }],
})

export const constantsInstances = Draw.record({
  ...RandomProblem.smallQuadratics,
  strength: Draw.logarithmic(1, 1e-3),
})

/** So many l and r: of the modulus, and of the smoothness. */
type ConvexityBounds = readonly [readonly [number, number], readonly [number, number]]

/** The least and the largest curvature of the objective, with r added to each, against these. */
export const exactConvexity = (
  instance: Draw.Drawn<typeof constantsInstances>,
  bounds: ConvexityBounds,
): Exact.Compared => {
  const { spectrum } = RandomProblem.expandQuadratic(instance)
  const r = Exact.of(instance.strength)
  const [most, least] = [spectrum[0]!, spectrum.at(-1)!].map((x) => Exact.add(Exact.of(x), r))
  const [modulus, smoothness] = bounds.map(([l, times]) =>
    Exact.add(Exact.of(l), Exact.multiply(Exact.of(times), r)),
  )
  return Exact.worst(Exact.atLeast(least!, modulus!), Exact.atMost(most!, smoothness!))
}

/** Rayleigh quotients of the regularised Hessian against so many l and r. */
export const convexityMargin = (
  instance: Draw.Drawn<typeof constantsInstances>,
  [modulus, smoothness]: ConvexityBounds,
): Margin.Comparison => {
  const { problem, start, stream } = RandomProblem.expandQuadratic(instance)
  const n = start.length
  const { strength: r } = instance
  const { jacobian } = affine(regularised(problem, r, start).operator, n)
  const basis = Orthogonal.haar(n, stream("basis"))
  let [least, most] = [Infinity, 0]
  for (let k = 0; k < n; k++) {
    const v = Float64Array.from({ length: n }, (_zero, i) => basis[i * n + k]!)
    const image = v.map((_entry, i) => Vector.dot(jacobian.slice(i * n, (i + 1) * n), v))
    const quotient = Vector.dot(v, image)
    least = Math.min(least, quotient)
    most = Math.max(most, quotient)
  }
  return Margin.all(
    Margin.atLeast(least, modulus[0] + modulus[1] * r, 1e-9),
    Margin.atMost(most, smoothness[0] + smoothness[1] * r, 1e-9),
  )
}

export const constants = claim({
  id: "reproducible-minimax/regularised-constants",
  statement: "The regularised objective is r-strongly convex and (l + r)-smooth.",
  source: corrected("the constants of F_r in the proof of Theorem 3.3"),
  instances: constantsInstances,
  value: [
    [0, 1],
    [1, 1],
  ],
  margin: ({ instance, value }) => convexityMargin(instance, value),
  exactly: ({ instance, value }) => exactConvexity(instance, value),
  controls: [
    {
      name: "a modulus of 2 r",
      value: [
        [0, 2],
        [1, 1],
      ],
    },
    {
      name: "a smoothness of l",
      value: [
        [0, 1],
        [1, 0],
      ],
    },
  ],
})

const fields = { ...RandomProblem.quadraticFields, ...centers }

type Pair = readonly [Float64Array, Float64Array]

/** The solutions by the closed form for two centers, of the quadratic or of the concave one. */
const solvedTwice = (instance: RandomProblem.Drawn<typeof fields>, sign: 1 | -1) => {
  const expanded = RandomProblem.expandQuadratic(instance)
  const from: Pair = [expanded.start, RandomProblem.neighbour(expanded, instance.apart)]
  const { operator } = answering(expanded.problem, (answer) => Vector.scale(sign, answer))
  const solved = (center: Float64Array) => regularisedSolution(operator, instance.strength, center)
  const solutions: Pair = [solved(from[0]), solved(from[1])]
  return { centers: from, solutions }
}

export const closedFormContraction = claim({
  id: "reproducible-minimax/proximal-map-of-a-quadratic",
  statement:
    "On a convex quadratic the closed form of the regularised solution is a firmly nonexpansive map of the start, for every strength.",
  source: printed("Lemma 3.2, in closed form"),
  instances: Draw.record(fields),
  value: 1,
  margin: ({ instance, value: sign }) => {
    const { apart } = instance
    const {
      centers: [start, other],
      solutions: [p, q],
    } = solvedTwice(instance, sign)
    const moved = plus(p, -1, q)
    const apartBy = plus(start, -1, other)
    const slack = 1e-9 * apart * apart
    return Margin.atMost(Vector.dot(moved, moved), Vector.dot(moved, apartBy) + slack, 1e-9)
  },
  exactly: ({ instance, value: sign }) => {
    const { centers: starts, solutions } = solvedTwice(instance, sign)
    const difference = ([a, b]: Pair) => {
      const other = Exact.vector(b)
      return Exact.vector(a).map((x, i) => Exact.subtract(x, other[i]!))
    }
    const [moved, apart] = [difference(solutions), difference(starts)]
    const rounding = Exact.of("1e-9")
    const slack = Exact.multiply(rounding, Exact.square(Exact.of(instance.apart)))
    const most = Exact.add(Exact.dot(moved, apart), slack)
    const allowed = Exact.add(most, Exact.multiply(rounding, Exact.absolute(most)))
    return Exact.atMost(Exact.dot(moved, moved), allowed)
  },
  controls: [
    {
      name: "a concave quadratic",
      value: -1,
      instances: Draw.record({ ...fields, strength: Draw.linear(1.2, 1.9) }),
    },
  ],
})
