import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import { regularisedMinimisation } from "../../algorithms/RegularisedMinimisation.ts"
import { acceleratedStronglyConvex, inexactAccelerated } from "../../methods/AcceleratedGradient.ts"
import { answerAt, regularised } from "../../problem/Problem.ts"
import * as Theory from "../../theory/Theory.ts"
import { same } from "../support/ChangedGame.ts"
import { derived } from "../support/Paper.ts"
import * as Random from "../support/RandomProblem.ts"
import { outcome, posed, shared, steeper } from "../support/SteeperProblem.ts"

const quadraticFields = {
  ...Random.fewCoordinates,
  ...shared,
  error: Draw.oneOf(0, 1e-5, 0.3),
  isBounded: Draw.oneOf(false, true),
}

/** Margin of "Algorithm 1 equals the composition of its parts", with a multiple of the theory's strength. */
const asAlgorithmOne = (
  instance: Random.Drawn<typeof quadraticFields>,
  times: number,
): Margin.Comparison => {
  const { error, inexact, isBounded, l, stop } = instance
  const { D, problem: plain, start } = Random.expandQuadratic(instance)
  const feasible = isBounded
    ? FeasibleSet.product([FeasibleSet.ball(1), start.length])
    : plain.feasible
  const problem = { ...steeper(plain, l), feasible, error }
  const { delta, eps, off, options } = posed(instance, D)
  const found = regularisedMinimisation(problem, start, options)
  const r = times * Theory.regularisation(eps, D)
  const initial = isBounded
    ? (Vector.norm(answerAt(problem, start)) + off) * D + r * D * D
    : Theory.initialGap(l, D, r)
  const constants = { smoothness: l + r, strongConvexity: r }
  const ofStart = Theory.minimisationAccuracyOfStart(eps, delta, D)
  const [scheme, accuracy, steps, ahead] =
    inexact === "start"
      ? [
          acceleratedStronglyConvex(constants),
          ofStart,
          Theory.acceleratedSteps(l, r, initial, ofStart),
          2,
        ]
      : [
          inexactAccelerated(constants),
          Theory.minimisationAccuracyOfGradient(eps, delta, D, l),
          Theory.inexactAcceleratedSteps(l, r, initial, delta),
          1.5,
        ]
  const state = scheme.init(regularised(problem, r, start), start)
  const isWithin = () =>
    (off === 0
      ? Theory.gapFromMapping(state.residual, r, l + r)
      : Theory.gapFromResidual(ahead * state.residual, off, r)) <= accuracy
  let isCertified = false
  while (state.steps < steps && !isCertified) {
    scheme.step(state)
    isCertified = stop === "certified" && isWithin()
  }
  return Margin.all(
    Margin.holds(same(found.point, state.point)),
    isBounded ? Margin.atMost(Vector.norm(found.point), 1, 1e-12) : Margin.holds(true),
    Margin.equal(found.steps, state.steps, {}),
    Margin.equal(found.evaluations, state.steps, {}),
    Margin.equal(found.distance, (state.residual + off) / r, { relative: 1e-12 }),
    Margin.holds(found.status === outcome(isCertified, isWithin())),
  )
}

export const algorithm1OfItsParts = claim({
  id: "reproducible-minimax/algorithm-1-of-its-parts",
  statement:
    "Algorithm 1 runs its method on the regularised objective, for the number of steps of its theorem or until its bound on the gap is within its accuracy. Its distance is the sum of residual and error divided by the strength; on a set its initial gap follows from the gradient.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("Theorems 3.3 and 3.5, put together")),
  instances: Draw.record(quadraticFields),
  value: 1,
  /** Strength as a multiple of that of the theory. */
  margin: ({ instance, value: times }) =>
    Margin.all(
      ...[1, 0.75, 0.5, 0.35].map((share) =>
        asAlgorithmOne({ ...instance, delta: share * instance.delta }, times),
      ),
    ),
  controls: [{ name: "half of the strength", value: 0.5 }],
})
