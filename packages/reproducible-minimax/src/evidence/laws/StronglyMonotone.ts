/** M9, M10: the inner methods on strongly monotone problems, and the correction that turns distance into a VI residual. */
import { type Claim, claim, Draw, law, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { inexact } from "../../oracle/InexactOracle.ts"
import { type Problem, regularised } from "../../problem/Problem.ts"
import { correct } from "../../algorithms/RegularisedMinimax.ts"
import * as Theory from "../../theory/index.ts"
import { viResidual } from "../../problem/ViResidual.ts"
import { deviation, follow } from "../support/Follow.ts"
import { corrected, derived, printed } from "../support/Paper.ts"
import {
  expand,
  gameFields,
  type RandomGame,
  strategies,
  type StrategyName,
  strategyOf,
} from "../support/RandomProblem.ts"
import { reproducibleMinimax, type Subject } from "../support/Subject.ts"

interface Inexact extends RandomGame {
  readonly strength: number
  readonly steps: number
  readonly delta: number
  readonly strategy: StrategyName
}

const fields = {
  ...gameFields,
  strength: Draw.logarithmic(1, 0.02),
  steps: Draw.integer(1, 300),
  delta: Draw.logarithmic(0.5, 1e-4),
  strategy: Draw.oneOf(...strategies),
}
const instances = Draw.record<Inexact>(fields)

/** The regularised game with its solution, by our own extragradient to 1e-11. */
const solved = (instance: Inexact) => {
  const expanded = expand(instance)
  const { problem, start, stream } = expanded
  const whole = regularised(problem, instance.strength, start)
  const solution = reproducibleMinimax.regularised(problem, start, instance.strength, 1e-11)
  const errors = strategyOf(instance.strategy, { reference: solution, stream })
  return { ...expanded, whole, solution, oracle: inexact(whole, errors, instance.delta) }
}

type Bound = (
  squaredDistance: number,
  constants: {
    readonly l: number
    readonly mu: number
    readonly delta: number
    readonly T: number
  },
) => number

const distanceMargin =
  (scheme: "gradient" | "extragradient", stepOf: (l: number, mu: number) => number, bound: Bound) =>
  (subject: Subject, instance: Inexact): number => {
    const { oracle, solution, start, whole } = solved(instance)
    const { delta, steps: T, strength: mu } = instance
    const l = whole.smoothness
    const state = follow(subject[scheme](stepOf(l, mu)), oracle, start, T)
    return Margin.atMost(
      deviation(state.point, solution),
      bound(deviation(start, solution), { l, mu, delta, T }) + 1e-18,
      1e-9,
    )
  }

const ascentStep = (l: number, mu: number) => mu / (4 * l * l)

/** M9, Lemma C.3. */
export const inexactDescentAscent = law<Subject, Inexact>({
  id: "reproducible-minimax/inexact-descent-ascent",
  statement:
    "On a mu-strongly monotone, l-Lipschitz problem with answers that err by delta, GDA of size mu / (4 l^2) satisfies |z_T - z*|^2 <= e^(-T / (8 kappa^2)) |z_0 - z*|^2 + (1 / l^2 + 2 / mu^2) delta^2.",
  source: printed("Lemma C.3"),
  instances,
  margin: distanceMargin("gradient", ascentStep, Theory.inexactDescentAscent),
  controls: [
    {
      name: "steps a tenth as long",
      margin: distanceMargin(
        "gradient",
        (l, mu) => ascentStep(l, mu) / 10,
        Theory.inexactDescentAscent,
      ),
      instances: Draw.record<Inexact>({
        ...fields,
        strength: Draw.linear(0.5, 1),
        delta: Draw.logarithmic(1e-3, 1e-4),
      }),
    },
    {
      name: "half of the error",
      margin: distanceMargin("gradient", ascentStep, (distance, { T, delta, l, mu }) =>
        Theory.inexactDescentAscent(distance, { T, delta: delta / 2, l, mu }),
      ),
    },
  ],
})

/** M9, Lemma 4.5. */
export const inexactExtragradient = law<Subject, Inexact>({
  id: "reproducible-minimax/inexact-extragradient",
  statement:
    "On a mu-strongly monotone, l-Lipschitz problem with answers that err by delta, extragradient of size 1 / (2 l) satisfies |z_T - z*|^2 <= e^(-T / (8 kappa)) |z_0 - z*|^2 + (8 delta^2 / mu) (2 / l + 1 / mu).",
  source: printed("Lemma 4.5, Lemma C.4"),
  instances,
  margin: distanceMargin("extragradient", (l) => 0.5 / l, Theory.inexactExtragradient),
  controls: [
    {
      name: "steps a fiftieth as long",
      margin: distanceMargin("extragradient", (l) => 0.01 / l, Theory.inexactExtragradient),
      instances: Draw.record<Inexact>({
        ...fields,
        strength: Draw.linear(0.5, 1),
        delta: Draw.logarithmic(1e-3, 1e-4),
      }),
    },
    {
      name: "a tenth of the error",
      margin: distanceMargin(
        "extragradient",
        (l) => 0.5 / l,
        (distance, { T, delta, l, mu }) =>
          Theory.inexactExtragradient(distance, { T, delta: delta / 10, l, mu }),
      ),
    },
  ],
})

const correctedMargin =
  (factor: number, betaOf: (l: number) => number = Theory.correction) =>
  (instance: Inexact): number => {
    const { D, oracle, solution, start, whole } = solved(instance)
    const { delta, steps, strength: mu } = instance
    const l = whole.smoothness
    const beta = betaOf(l)
    // a point near the solution, as the inner method leaves it
    const z = solution.map((x, i) => x + (start[i]! - x) / steps)
    whole.feasible.project(z, 0, z.length)
    const distance = Vector.distance(z, solution)
    const point = z.slice()
    correct(oracle, beta, point)
    const answer = new Float64Array(z.length)
    whole.operator(point, answer)
    const residual = viResidual(whole, point, answer, new Float64Array(z.length))
    const options = { beta, D, mu, delta, l }
    return Margin.all(
      Margin.atMost(residual, factor * Theory.correctedViResidual(distance, options) + 1e-10),
      Margin.atMost(
        Vector.distance(point, solution),
        factor * Theory.correctedDistance(distance, options) + 1e-10,
      ),
    )
  }

/** M10, Lemma C.5 with the beta that it needs. */
export const correctedPoint: Claim = claim<Inexact>({
  id: "reproducible-minimax/corrected-point",
  statement:
    "The point Pi(z - G(z) / beta) with beta at least twice the smoothness of the subproblem has a VI residual of at most 2 sqrt2 beta D |z - z*| + sqrt2 delta D ((2 + sqrt2) sqrt(beta / mu) + 3), and a distance of at most (1 + sqrt2 l / beta) |z - z*| + delta (1 / sqrt(beta mu) + sqrt2 / beta).",
  source: corrected("Lemma C.5, at the beta that its hypothesis asks for"),
  instances,
  margin: correctedMargin(1),
  controls: [
    { name: "a hundredth of both", instances, margin: correctedMargin(0.01) },
    {
      name: "a beta of a thirtieth of the smoothness",
      margin: correctedMargin(1, (l) => l / 30),
      instances: Draw.record<Inexact>({
        ...fields,
        delta: Draw.logarithmic(1e-3, 1e-4),
        steps: Draw.integer(2, 20),
      }),
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
    const far = 10 ** (k / 40)
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

const residualMargin =
  (factor: number) =>
  (instance: Inexact): number => {
    const { solution, start, stream, whole } = solved(instance)
    const answer = new Float64Array(start.length)
    whole.operator(start, answer)
    const residual = factor * viResidual(whole, start, answer, new Float64Array(start.length))
    const found = searchedResidual(whole, start, answer, stream("search"))
    return Margin.all(
      Margin.atMost(found, residual + 1e-12),
      Margin.atLeast(found, residual - 1e-3 * (1 + Vector.norm(answer))),
      Margin.atLeast(residual + 1e-12, instance.strength * deviation(start, solution)),
    )
  }

/** M10, the closed forms of the VI residual. */
export const viResiduals: Claim = claim<Inexact>({
  id: "reproducible-minimax/vi-residual",
  statement:
    "The VI residual V(z) . z + support(-V(z)) is the largest V(z) . (z - z') that a search finds, on balls, boxes and simplices, and at least r |z - z*|^2 for an r-strongly monotone V.",
  source: derived("the closed forms of section 2.3"),
  instances,
  margin: residualMargin(1),
  controls: [
    { name: "half of the residual", instances, margin: residualMargin(0.5) },
    { name: "twice the residual", instances, margin: residualMargin(2) },
  ],
})
