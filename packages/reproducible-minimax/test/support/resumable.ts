/** Every method and every planned solve of this package, for the law that a stored run goes on with the same bits. */
import { RandomStream, Seed } from "@nonconvex/numerics"
import { leastSquares } from "@nonconvex/problems"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import type * as Resumption from "@nonconvex/problems/Resumption"
import {
  accelerated,
  extragradient,
  gradientDescent,
  minimisation,
  optimisticGradient,
  type Problem,
  projectedGradient,
  quadraticOnBall,
  regularised,
  type Scheme,
} from "../../src/index.ts"
import {
  acceleratedStronglyConvex,
  inexactAccelerated,
} from "../../src/methods/AcceleratedGradient.ts"
import * as Run from "../../src/solve/Run.ts"
import { gameOf, rockPaperScissors } from "./Games.ts"
import * as ErrorStrategy from "../../src/oracle/ErrorStrategy.ts"
import { inexact, stochastic } from "../../src/oracle/InexactOracle.ts"
import { plan } from "../../src/solve/Plan.ts"

const { center, problem } = gameOf(rockPaperScissors, 3)
const start = Float64Array.of(1, 0, 0, 0, 1, 0)

const schemes: ReadonlyArray<Scheme> = [
  gradientDescent({ step: 0.1 }),
  projectedGradient({ step: 0.1 }),
  accelerated({ smoothness: 10 }),
  acceleratedStronglyConvex({ smoothness: 10, strongConvexity: 0.1 }),
  inexactAccelerated({ smoothness: 10, strongConvexity: 0.1 }),
  extragradient({ step: 0.1 }),
  optimisticGradient({ step: 0.1 }),
]

const stream = (label: string) => RandomStream.make(Seed.root(5).child(label))

/** Made anew for each run, for what draws must not be shared. */
const oracles: Readonly<Record<string, () => Problem>> = {
  exact: () => regularised(problem, 0.1, center),
  stochastic: () => regularised(stochastic(problem, stream("noise"), 0.1), 0.1, center),
  "randomly inexact": () =>
    inexact(regularised(problem, 0.1, center), ErrorStrategy.random(stream("errors")), 0.01),
}

/** Solves with one stage and with many, of games and of objectives. */
const solves: Readonly<Record<string, () => Run.Run>> = {
  "regularised game": () => {
    const tolerances = { gap: 0.05, deviation: 1e-6 }
    return Run.begin(problem, start, plan(problem, start, tolerances))
  },
  "proximal steps": () => {
    const chosen = plan(problem, start, { gap: 0.5, deviation: 1e-2 })
    // stages of some steps, so that a run is stopped in the first and goes on through later ones
    const stages = { strength: problem.smoothness, outer: 40, distance: 0.2 }
    return Run.begin(problem, start, { ...chosen, algorithm: "proximal", ...stages })
  },
  "least squares on a ball": () => {
    const fit = minimisation(
      leastSquares({
        features: Float64Array.of(1, 0, 1, 1, 1, 2),
        dimension: 2,
        targets: Float64Array.of(0, 1, 3),
      }),
      { feasible: FeasibleSet.ball(4), error: 1e-13 },
    )
    const from = new Float64Array(2)
    return Run.begin(fit, from, plan(fit, from, { gap: 0.01, deviation: 1e-8 }))
  },
  "quadratic on a ball": () => {
    const hessian = Float64Array.of(2, 1, 1, 2)
    const quadratic = quadraticOnBall({ hessian, linear: Float64Array.of(3, 0), radius: 1 })
    const from = new Float64Array(2)
    return Run.begin(quadratic, from, plan(quadratic, from, { gap: 1e-4, deviation: 4e-9 }))
  },
}

export const cases: ReadonlyArray<Resumption.Case> = [
  ...schemes.flatMap((scheme) =>
    Object.entries(oracles).map(([oracle, make]) => ({
      name: `${scheme.name}, ${oracle}`,
      begin: () => {
        const state = scheme.init(make(), start)
        return {
          state,
          step: () => {
            scheme.step(state)
            return scheme.residual(state)
          },
        }
      },
    })),
  ),
  ...Object.entries(solves).map(([name, begin]) => ({
    name,
    begin: () => {
      const state = begin()
      return {
        state,
        step: () => {
          Run.step(state)
          return Run.residual(state)
        },
      }
    },
  })),
]
