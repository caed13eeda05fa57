/** How the regularised solution moves with its strength, the exact proximal sequence, and how deviations scale. */
import { type Claim, claim, Draw, type Law, law, Margin } from "@nonconvex/evidence"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as Vector from "@nonconvex/numerics/Vector"
import * as ErrorStrategy from "../../oracle/ErrorStrategy.ts"
import { inexact } from "../../oracle/InexactOracle.ts"
import { type Problem, regularised } from "../../problem/Problem.ts"
import { deviation, follow } from "../support/Follow.ts"
import { affine, direction, plus, regularisedSolution } from "../support/Linear.ts"
import { corrected, derived } from "../support/Paper.ts"
import {
  expand,
  expandQuadratic,
  gameFields,
  quadraticFields,
  type RandomGame,
  type RandomQuadratic,
} from "../support/RandomProblem.ts"
import type { Subject } from "../support/Subject.ts"

interface Path extends RandomQuadratic {
  readonly strength: number
  readonly ratio: number
}

const small = { ...quadraticFields, dimension: Draw.oneOf(2, 3, 4, 6, 8) }
const path = { ...small, strength: Draw.logarithmic(1, 1e-4), ratio: Draw.logarithmic(100, 1.1) }

const monotoneMargin =
  (sign: 1 | -1) =>
  (instance: Path): number => {
    const { problem, start, value } = expandQuadratic(instance)
    const solve = (r: number) => regularisedSolution(problem.operator, r, start)
    const [weak, strong] = [solve(instance.strength), solve(instance.strength * instance.ratio)]
    const distance = (x: Float64Array) => Vector.distance(x, start)
    const slack = 1e-9 * (1 + distance(weak))
    return Margin.all(
      Margin.atMost(sign * distance(strong), sign * distance(weak) + slack),
      Margin.atMost(sign * value(weak), sign * value(strong) + slack),
    )
  }

const pathInstances = Draw.record<Path>(path)

const monotonePath = claim<Path>({
  id: "reproducible-minimax/regularisation-path",
  statement:
    "The regularised minimiser comes nearer to its centre, and its objective grows, as the strength grows.",
  source: derived("law (ix)"),
  instances: pathInstances,
  margin: monotoneMargin(1),
  controls: [{ name: "the other way round", instances: pathInstances, margin: monotoneMargin(-1) }],
})

const limitMargin =
  (strength: number) =>
  (instance: RandomQuadratic): number => {
    const { minimiser, problem, start, stream } = expandQuadratic(instance)
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
    const smallest = 10 ** -instance.decades
    const bias = (strength / smallest) * Vector.distance(start, minimiser)
    return Margin.atMost(Vector.distance(actual, expected), Math.min(1e-4, bias) + 1e-6)
  }

const limitInstances = Draw.record<RandomQuadratic>({ ...small, decades: Draw.linear(0, 2) })

const limit = claim<RandomQuadratic>({
  id: "reproducible-minimax/regularisation-vanishes",
  statement:
    "As the strength vanishes, the regularised minimiser becomes the minimiser that is nearest to the centre.",
  source: derived("law (x)"),
  instances: limitInstances,
  margin: limitMargin(1e-8),
  controls: [
    { name: "a strength that stays", instances: limitInstances, margin: limitMargin(0.01) },
  ],
})

interface Constants extends RandomQuadratic {
  readonly strength: number
}

/** Rayleigh quotients of the regularised Hessian against two constants. */
export const convexityMargin =
  (modulus: (l: number, r: number) => number, smoothness: (l: number, r: number) => number) =>
  (instance: Constants): number => {
    const { problem, start, stream } = expandQuadratic(instance)
    const { jacobian } = affine(
      regularised(problem, instance.strength, start).operator,
      start.length,
    )
    const n = start.length
    const basis = Orthogonal.haar(n, stream("basis"))
    let [least, most] = [Infinity, 0]
    for (let k = 0; k < n; k++) {
      const v = Float64Array.from({ length: n }, (_zero, i) => basis[i * n + k]!)
      const image = v.map((_, i) => Vector.dot(jacobian.slice(i * n, (i + 1) * n), v))
      const quotient = Vector.dot(v, image)
      least = Math.min(least, quotient)
      most = Math.max(most, quotient)
    }
    return Margin.all(
      Margin.atLeast(least, modulus(1, instance.strength), 1e-9),
      Margin.atMost(most, smoothness(1, instance.strength), 1e-9),
    )
  }

export const constantsInstances = Draw.record<Constants>({
  ...small,
  strength: Draw.logarithmic(1, 1e-3),
})

const constants = claim<Constants>({
  id: "reproducible-minimax/regularised-constants",
  statement: "The regularised objective is r-strongly convex and (l + r)-smooth.",
  source: corrected("the constants of F_r in the proof of Theorem 3.3"),
  instances: constantsInstances,
  margin: convexityMargin(
    (_, r) => r,
    (l, r) => l + r,
  ),
  controls: [
    {
      name: "a modulus of 2 r",
      instances: constantsInstances,
      margin: convexityMargin(
        (_, r) => 2 * r,
        (l, r) => l + r,
      ),
    },
    {
      name: "a smoothness of l",
      instances: constantsInstances,
      margin: convexityMargin(
        (_, r) => r,
        (l) => l,
      ),
    },
  ],
})

interface Linear extends Constants {
  readonly factor: number
}

const linearMargin =
  (expected: (factor: number) => number) =>
  (subject: Subject, instance: Linear): number => {
    const { problem, start, stream } = expandQuadratic(instance)
    const errors = ErrorStrategy.constant(direction(start.length, stream("error")))
    const r = instance.strength
    const run = (delta: number) =>
      follow(
        subject.inexactAccelerated(1 + r, r),
        regularised(inexact(problem, errors, delta), r, start),
        start,
        60,
      ).point
    const exact = run(0)
    const [one, more] = [0.01, 0.01 * instance.factor].map((delta) =>
      Math.sqrt(deviation(run(delta), exact)),
    )
    return Margin.equal(more!, expected(instance.factor) * one!, {
      relative: 1e-6,
      absolute: 1e-12,
    })
  }

const linearity = law<Subject, Linear>({
  id: "reproducible-minimax/deviation-is-linear-in-the-error",
  statement:
    "On quadratics constant errors of any size move the answer of the regularised method in proportion.",
  source: derived("law (xii)"),
  instances: Draw.record<Linear>({
    ...small,
    strength: Draw.logarithmic(1, 1e-3),
    factor: Draw.linear(2, 100),
  }),
  margin: linearMargin((factor) => factor),
  controls: [
    { name: "a deviation that grows with the square", margin: linearMargin((f) => f * f) },
  ],
})

interface Proximal extends RandomGame {
  readonly apart: number
  readonly first: number
  readonly second: number
}

const proximal = {
  ...gameFields,
  min: Draw.integer(1, 3),
  max: Draw.integer(1, 3),
  apart: Draw.logarithmic(1, 1e-3),
  first: Draw.integer(1, 4),
  second: Draw.integer(1, 4),
}

const request = { gap: 1, distance: 2, inexact: "gradient", delta: 1e-6 } as const

const sequenceMargin =
  (change: (problem: Problem) => Problem) =>
  (subject: Subject, instance: Proximal): number => {
    const { problem, start, stream } = expand(instance)
    const other = plus(start, instance.apart, direction(start.length, stream("other")))
    problem.feasible.project(other, 0, other.length)
    const [one, two] = [start, other].map(
      (from) =>
        subject.proximalPoint(change(problem), from, { ...request, steps: instance.first }).last,
    )
    return Margin.atMost(
      Vector.distance(one!, two!),
      Vector.distance(start, other) + 1e-4 * instance.first,
      1e-9,
    )
  }

const sequence = law<Subject, Proximal>({
  id: "reproducible-minimax/proximal-sequence-does-not-expand",
  statement: "Proximal point steps of a convex-concave game do not move two starts apart.",
  source: derived("law (xiii)"),
  instances: Draw.record<Proximal>(proximal),
  margin: sequenceMargin((problem) => problem),
  controls: [
    {
      name: "a game with the signs of both players changed",
      margin: sequenceMargin((problem) => ({
        ...problem,
        operator: (z, out) => {
          problem.operator(z, out)
          Vector.scale(-0.6, out)
        },
      })),
      instances: Draw.record<Proximal>({
        ...proximal,
        curvature: Draw.oneOf(1),
        zeros: Draw.integer(0, 0),
        set: Draw.oneOf("ball", "box"),
        apart: Draw.logarithmic(0.1, 0.01),
      }),
    },
  ],
})

const splittingMargin =
  (drop: number) =>
  (subject: Subject, instance: Proximal): number => {
    const { problem, start } = expand(instance)
    const { first, second } = instance
    const run = (from: Float64Array, steps: number) =>
      subject.proximalPoint(problem, from, { ...request, steps }).last
    const whole = run(start, first + second)
    const parts = run(run(start, first), second + drop)
    // a point of a simplex may move by an ulp when it is projected again
    return Margin.atMost(Vector.distance(whole, parts), 1e-13)
  }

const splitting = law<Subject, Proximal>({
  id: "reproducible-minimax/proximal-sequence-restarts",
  statement:
    "Splitting the steps of Algorithm 3 into two runs leaves the last iterate where it was.",
  source: derived("law (xiv)"),
  instances: Draw.record<Proximal>(proximal),
  margin: splittingMargin(0),
  controls: [{ name: "a step more", margin: splittingMargin(1) }],
})

/** What other implementations can be asked. */
export const paths: ReadonlyArray<Law<Subject>> = [linearity, sequence, splitting]

/** What closed forms say. */
export const closedFormPaths: ReadonlyArray<Claim> = [monotonePath, limit, constants]
