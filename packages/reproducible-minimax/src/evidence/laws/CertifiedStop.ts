import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { quadratic } from "@nonconvex/problems/Quadratic"
import * as ErrorStrategy from "../../oracle/ErrorStrategy.ts"
import { inexact } from "../../oracle/InexactOracle.ts"
import { minimisation, type Problem } from "../../problem/Problem.ts"
import * as Theory from "../../theory/Theory.ts"
import { follow } from "../support/Follow.ts"
import { derived } from "../support/Paper.ts"
import { quadraticFields } from "../support/RandomProblem.ts"
import { regularisedQuadratic } from "../support/RegularisedGame.ts"
import { reproducibleMinimax, type Subject } from "../support/Subject.ts"

const stopped = {
  ...quadraticFields,
  strength: Draw.logarithmic(1, 1e-4),
  steps: Draw.integer(1, 200),
}

/** One step from 1 on r x^2 / 2 by a method for the smoothness L: the true distance relative to the one from the residual. */
const attainedStop = (subject: Subject, r: number, L: number) => {
  const line = minimisation(quadratic({ spectrum: [r] }), { smoothness: L })
  const start = Float64Array.of(1)
  const residualOf = (problem: Problem) => {
    const scheme = subject.acceleratedStronglyConvex(L, r)
    const state = follow(scheme, problem, start, 1)
    return { residual: scheme.residual(state), x: state.point[0]! }
  }
  const exact = residualOf(line)
  // the error makes the gradient at 1 smaller than it is
  const delta = r / 4
  const erring = residualOf(inexact(line, ErrorStrategy.constant(Float64Array.of(-1)), delta))
  return {
    gap: (r * (exact.x * exact.x)) / 2 / Theory.gapFromMapping(exact.residual, r, L) / (1 - r / L),
    before: r / 2 / Theory.gapFromResidual(erring.residual, delta, r),
    distance: 1 / Theory.distanceFromResidual(erring.residual, delta, r),
  }
}

/** Two steps from 1 on r x^2 / 2, the second of which uses the momentum of the method. */
const momentumMargin = (subject: Subject, r: number, L: number): Margin.Comparison => {
  const line = minimisation(quadratic({ spectrum: [r] }), { smoothness: L })
  const q = Math.sqrt(r / L)
  const methods = [
    [subject.acceleratedStronglyConvex(L, r), 1 / L, (1 - q) / (1 + q)],
    [subject.inexactAccelerated(L, r), 1 / (2 * L), (2 - q) / (2 + q)],
  ] as const
  return Margin.all(
    ...methods.map(([scheme, step, momentum]) => {
      const first = 1 - step * r
      const second = (first + momentum * (first - 1)) * first
      const found = follow(scheme, line, Float64Array.of(1), 2).point[0]!
      return Margin.equal(found, second, { relative: 1e-9, absolute: 1e-12 })
    }),
  )
}

export const certifiedStop = claim({
  id: "reproducible-minimax/certified-stop",
  statement:
    "After a step of accelerated gradient descent with the gradient mapping g, the gap of the regularised objective is at most |g|^2 (1 / (2 r) - 1 / (2 L)). The distance to its minimiser is at most |g| / r. On r x^2 / 2 with an outward error both are attained, the gap without the 1 / (2 L). Without an error the gap is attained up to a factor of 1 - r / L.",
  inFloatingPoint: "limit",
  source: derived("the stopping rule of Algorithm 1"),
  subject: reproducibleMinimax,
  instances: Draw.record(stopped),
  value: 1,
  margin: ({ instance, subject, value: factor }) => {
    const { steps, strength: r } = instance
    const { gapAt, solution, start, value, whole } = regularisedQuadratic(instance)
    const scheme = subject.acceleratedStronglyConvex(whole.smoothness, r)
    const state = follow(scheme, whole, start, steps)
    const residual = scheme.residual(state)
    const scale = 1e-14 * (1 + value(start))
    const attained = attainedStop(subject, r, whole.smoothness)
    const gap = factor * Theory.gapFromMapping(residual, r, whole.smoothness) + scale
    const distance = factor * Theory.distanceFromResidual(residual, 0, r) + 1e-13 / r
    return Margin.all(
      Margin.atMost(gapAt(state.point), gap, 1e-9),
      Margin.atMost(Vector.distance(state.point, solution), distance, 1e-9),
      momentumMargin(subject, r, whole.smoothness),
      Margin.equal(attained.distance, factor, { relative: 1e-9 }),
      Margin.equal(attained.gap, factor, { relative: 1e-9 }),
      Margin.equal(attained.before, factor, { relative: 1e-9 }),
    )
  },
  controls: [{ name: "half of both", value: 0.5 }],
})
