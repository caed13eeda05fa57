/** What a certified solve promises: distances that are true, runs that agree, a gap that was planned and is published, the same bits; and the VI residual behind it. */
import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import { correct } from "../../algorithms/RegularisedMinimax.ts"
import * as Average from "../../methods/Average.ts"
import * as ErrorStrategy from "../../oracle/ErrorStrategy.ts"
import { inexact } from "../../oracle/InexactOracle.ts"
import { answerAt, type Problem } from "../../problem/Problem.ts"
import { viResidual } from "../../problem/ViResidual.ts"
import { publish } from "../../solve/DitheredRounding.ts"
import { NotCertified, NotMonotone } from "../../solve/Failures.ts"
import { plan, type Plan, type Tolerances } from "../../solve/Plan.ts"
import { certify } from "../../solve/Run.ts"
import { solve } from "../../solve/Solve.ts"
import * as Theory from "../../theory/index.ts"
import {
  type CertifiedGame,
  certifiedGameFields,
  certifiedGames,
  solving,
} from "../support/CertifiedRun.ts"
import { same } from "../support/ChangedGame.ts"
import { deviation } from "../support/Follow.ts"
import { corrected, derived } from "../support/Paper.ts"
import { type Drawn, expand, largestAnswer } from "../support/RandomProblem.ts"
import { inexactGameFields, inexactGames, solved } from "../support/RegularisedGame.ts"
import { reproducibleMinimax } from "../support/Subject.ts"

/** The point that every run of the plan aims at: the regularised solution, or the mean of exact proximal steps. */
const aim = (problem: Problem, start: Float64Array, { outer, strength }: Plan): Float64Array => {
  const average = Average.make(start.length)
  let point = start
  for (let t = 0; t < outer; t++) {
    point = reproducibleMinimax.regularised(problem, point, strength, 1e-11)
    Average.add(average, point)
  }
  return Average.mean(average)
}

/** So many times the declared error is the true one, and so many times the certified distance is allowed. */
interface Dishonesty {
  readonly honesty?: number
  readonly factor?: number
}

const distanceMargin = (
  instance: CertifiedGame,
  given: Given,
  { factor = 1, honesty = 1 }: Dishonesty,
): Margin.Comparison => {
  const { chosen, problem, run, start } = solving(instance, given, honesty)
  const certified = attempt(() => run(instance.strategy).certified)
  if (certified === undefined) return Margin.holds(false)
  const allowed = factor * certified.distance + 1e-10 * chosen.outer
  const distance = Vector.distance(certified.point, aim(problem, start, chosen))
  return Margin.atMost(distance, allowed, 1e-9)
}

/** Instances of which the plan takes proximal steps. */
const proximal = Draw.record({
  ...certifiedGameFields,
  set: Draw.oneOf("ball"),
  gap: Draw.logarithmic(0.3, 0.1),
  deviation: Draw.logarithmic(0.05, 0.02),
})

export const certifiedDistance = claim({
  id: "reproducible-minimax/certified-distance",
  statement:
    "The certificate of a solve, (|V(w) + n| + delta) / r with n the normal that the projection found, bounds the distance to the regularised solution, and the mean of its sums over proximal steps that to the mean of exact ones, for every strategy of error on every set.",
  inFloatingPoint: "run",
  source: derived("strong monotonicity, with a normal vector in place of the VI residual"),
  instances: certifiedGames,
  value: { honesty: 1 } as Dishonesty,
  margin: ({ instance, kernels, value }) => distanceMargin(instance, { kernels }, value),
  controls: [
    { name: "an oracle that errs by twenty times what it declares", value: { honesty: 20 } },
    { name: "a twentieth of the distance", value: { factor: 0.05 } },
    {
      name: "a twentieth of the distance of proximal steps",
      instances: proximal,
      margin: ({ instance, kernels }) =>
        solving(instance, { kernels }).chosen.algorithm === "proximal"
          ? distanceMargin(instance, { kernels }, { factor: 0.05 })
          : Margin.holds(true),
    },
  ],
})

/** Undefined where the certificate is refused: an oracle that lies may be found out. */
const attempt = <A>(run: () => A): A | undefined => {
  try {
    return run()
  } catch (error) {
    if (error instanceof NotMonotone || error instanceof NotCertified) return undefined
    throw error
  }
}

/** Two runs without payoffs, whose oracles err against each other by as much as still is certified. */
const attainedOnFlat = (tolerances: Tolerances) => {
  const flat: Problem = {
    name: "no payoffs",
    dimensions: [1, 1],
    feasible: FeasibleSet.ball(1),
    smoothness: 1,
    error: 0,
    operator: (_, out) => void out.fill(0),
  }
  const start = new Float64Array(2)
  const chosen = plan(flat, start, tolerances)
  const run = (sign: number) => {
    const errors = ErrorStrategy.constant(Float64Array.of(sign, 0))
    return certify(inexact(flat, errors, 1.9 * chosen.allowedError), start, chosen)
  }
  const [one, two] = [run(1), run(-1)]
  return { apart: Vector.distance(one.point, two.point), certified: one.deviation }
}

export const agreement = claim({
  id: "reproducible-minimax/certified-runs-agree",
  statement:
    "Two certified runs of one plan, by Algorithms 2 or 3 and with oracles that err against each other, are within the deviation that was asked; where the clearance says so, they publish the same bits. On a game without payoffs, errors of nearly twice what is allowed attain nine tenths of it.",
  inFloatingPoint: "run",
  source: derived("the sum of two certificates"),
  instances: certifiedGames,
  value: 1,
  margin: ({ instance, kernels, value: honesty }) => {
    const { run } = solving(instance, { kernels }, honesty)
    const found = attempt(() => [run(instance.strategy), run("opposed")] as const)
    if (found === undefined) return Margin.holds(false)
    const [one, two] = found
    const apart = Vector.distance(one.certified.point, two.certified.point)
    const attained = attainedOnFlat(instance)
    return Margin.all(
      Margin.atMost(apart, instance.deviation),
      Margin.atMost(attained.apart, attained.certified),
      // each is 0.95 of its half off, but for the residual that is left, a twentieth of it at most
      Margin.atLeast(attained.apart, 0.9 * instance.deviation),
      Margin.holds(!one.published.certain || same(one.published.point, two.published.point)),
    )
  },
  controls: [
    {
      name: "oracles that err by twenty times what they declare",
      value: 20,
      instances: Draw.record({ ...certifiedGameFields, share: Draw.linear(0.95, 0.5) }),
    },
  ],
})

export const plannedGap = claim({
  id: "reproducible-minimax/planned-gap",
  statement:
    "A certified answer has a duality gap of at most half of what was asked and sqrt2 L times its distance.",
  inFloatingPoint: "run",
  source: derived("the bias of the regularisation, and Lipschitz continuity"),
  instances: Draw.record({ ...certifiedGameFields, curvature: Draw.oneOf(0) }),
  value: 1,
  margin: ({ instance, kernels, value: factor }) => {
    const { problem, run } = solving(instance, { kernels })
    const { certified } = run(instance.strategy)
    const L = largestAnswer(expand(instance, { kernels }))
    const allowed = instance.gap / 2 + Math.SQRT2 * L * certified.distance
    return Margin.atMost(problem.gap!(certified.point), factor * allowed + 1e-12)
  },
  controls: [{ name: "a tenth of it", value: 0.1 }],
})

export const repeats = claim({
  id: "reproducible-minimax/same-input-same-bits",
  statement: "The same input gives the same bits and the same counters.",
  inFloatingPoint: "bits",
  source: derived("strict kernels, and no function that engines may round as they like"),
  instances: Draw.record({ ...certifiedGameFields, strategy: Draw.oneOf("constant") }),
  value: (instance: CertifiedGame) => instance,
  margin: ({ instance, kernels, value: again }) => {
    const one = solving(instance, { kernels }).run("constant")
    const two = solving(again(instance), { kernels }).run("constant")
    return Margin.holds(
      same(one.certified.point, two.certified.point) &&
        same(one.published.point, two.published.point) &&
        one.certified.evaluations === two.certified.evaluations,
    )
  },
  controls: [
    {
      name: "a deviation half as large",
      value: (instance) => ({ ...instance, deviation: instance.deviation / 2 }),
    },
  ],
})

const publishedFields = {
  ...certifiedGameFields,
  curvature: Draw.oneOf(0),
  deviation: Draw.logarithmic(2e-3, 1e-6),
  /** Of the grid, as a multiple of the one that is needed. */
  coarser: Draw.oneOf<number>(1),
}
type Published = Drawn<typeof publishedFields>

const publishedGapMargin = (instance: Published, given: Given): Margin.Comparison => {
  const { problem, start } = expand(instance, given)
  const { gap } = instance
  // what the slope of any of these games leaves room for
  const asked = { gap, deviation: instance.deviation * gap }
  const seed = Seed.root(instance.seed).child("publish")
  const answer = solve(problem, start, { ...asked, failure: 0.5, seed })
  const width = instance.coarser * answer.published.width
  const { feasible } = problem
  const { point } = publish(answer.certified.point, {
    feasible,
    deviation: asked.deviation,
    width,
    seed,
  })
  return Margin.all(
    Margin.atMost(problem.gap!(point), gap),
    Margin.holds(instance.coarser > 1 || answer.gap === problem.gap!(point)),
  )
}

export const publishedGap = claim({
  id: "reproducible-minimax/published-gap",
  statement:
    "What a solve publishes, rounded and moved back to the set, has a duality gap of at most what was asked, and it says which.",
  inFloatingPoint: "run",
  source: derived("the bias, the certificate and the rounding, each times the slope of the gap"),
  instances: Draw.record(publishedFields),
  margin: ({ instance, kernels }) => publishedGapMargin(instance, { kernels }),
  controls: [
    {
      name: "a grid a thousand times as wide as the refusal has judged",
      instances: Draw.record({
        ...publishedFields,
        deviation: Draw.logarithmic(2e-3, 2e-4),
        coarser: Draw.oneOf<number>(1000),
      }),
      margin: ({ instance, kernels }) => publishedGapMargin(instance, { kernels }),
    },
  ],
})

/** The largest `V . (z - z')` by search over many feasible points, and over the extreme ones of boxes and simplices. */
const searchedResidual = (
  problem: Problem,
  z: Float64Array,
  answer: Float64Array,
  draw: { fillNormal(out: Float64Array): void },
): number => {
  const other = new Float64Array(z.length)
  let largest = 0
  for (let k = 0; k < 200; k++) {
    draw.fillNormal(other)
    // far along the descent direction, more and more exactly: the projection of far points is extreme
    const far = Elementary.pow(10, k / 40)
    for (let i = 0; i < z.length; i++) {
      other[i] = z[i]! - far * answer[i]! + (k % 2 === 0 ? 0.5 * other[i]! : 0)
    }
    problem.feasible.project(other, 0, z.length)
    let sum = 0
    for (let i = 0; i < z.length; i++) sum += answer[i]! * (z[i]! - other[i]!)
    largest = Math.max(largest, sum)
  }
  return largest
}

export const viResiduals = claim({
  id: "reproducible-minimax/vi-residual",
  statement:
    "The VI residual V(z) . z + support(-V(z)) is the largest V(z) . (z - z') that a search finds, on balls, boxes and simplices, and at least r |z - z*|^2 for an r-strongly monotone V.",
  inFloatingPoint: "limit",
  source: derived("closed forms of the VI residual"),
  instances: inexactGames,
  value: 1,
  margin: ({ instance, kernels, value: factor }) => {
    const { solution, start, stream, whole } = solved(instance, { kernels })
    const answer = answerAt(whole, start)
    const residual = factor * viResidual(whole, start, answer, new Float64Array(start.length))
    const found = searchedResidual(whole, start, answer, stream("search"))
    return Margin.all(
      Margin.atMost(found, residual + 1e-12),
      Margin.atLeast(found, residual - 1e-3 * (1 + Vector.norm(answer))),
      Margin.atLeast(residual + 1e-12, instance.strength * deviation(start, solution)),
    )
  },
  controls: [
    { name: "half of the residual", value: 0.5 },
    { name: "twice the residual", value: 2 },
  ],
})

export const correctedPoint = claim({
  id: "reproducible-minimax/corrected-point",
  statement:
    "The point Pi(z - G(z) / beta) with beta at least twice the smoothness of the subproblem has a VI residual of at most 2 sqrt2 beta D |z - z*| + sqrt2 delta D ((2 + sqrt2) sqrt(beta / mu) + 3), and a distance of at most (1 + sqrt2 l / beta) |z - z*| + delta (1 / sqrt(beta mu) + sqrt2 / beta).",
  inFloatingPoint: "limit",
  source: corrected("Lemma C.5, at the beta that its hypothesis asks for"),
  instances: inexactGames,
  value: [1, 1],
  /** A part of both bounds, and beta as a multiple of that of the theory. */
  margin: ({ instance, kernels, value: [factor, multiple] }) => {
    const { D, oracle, solution, start, whole } = solved(instance, { kernels })
    const { delta, steps, strength: mu } = instance
    const l = whole.smoothness
    const beta = multiple * Theory.correction(l)
    // a point near the solution, as the inner method leaves it
    const z = solution.map((x, i) => x + (start[i]! - x) / steps)
    whole.feasible.project(z, 0, z.length)
    const distance = Vector.distance(z, solution)
    const point = z.slice()
    correct(oracle, beta, point)
    const residual = viResidual(whole, point, answerAt(whole, point), z.slice())
    const options = { beta, D, mu, delta, l }
    const allowed = factor * Theory.correctedDistance(distance, options) + 1e-10
    return Margin.all(
      Margin.atMost(residual, factor * Theory.correctedViResidual(distance, options) + 1e-10),
      Margin.atMost(Vector.distance(point, solution), allowed),
    )
  },
  controls: [
    { name: "a hundredth of both", value: [0.01, 1] },
    {
      name: "a beta of a thirtieth of the smoothness",
      value: [1, 1 / 60],
      instances: Draw.record({
        ...inexactGameFields,
        delta: Draw.logarithmic(1e-3, 1e-4),
        steps: Draw.integer(2, 20),
      }),
    },
  ],
})
