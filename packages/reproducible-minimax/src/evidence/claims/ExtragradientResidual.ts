import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import * as Average from "../../methods/Average.ts"
import { extragradient } from "../../methods/Extragradient.ts"
import { optimisticGradient } from "../../methods/OptimisticGradient.ts"
import { answerAt } from "../../problem/Problem.ts"
import { same } from "../support/ChangedGame.ts"
import { follow } from "../support/Follow.ts"
import { derived } from "../support/Paper.ts"
import * as Random from "../support/RandomProblem.ts"

const free = Draw.record({
  ...Random.gameFields,
  set: Draw.oneOf("ball"),
  step: Draw.linear(0.1, 1),
})

export const extragradientResidual = claim({
  id: "reproducible-minimax/extragradient-residual",
  statement:
    "Without constraints the residual of a step of extragradient is the norm of the operator at the half step, and the state holds its change along that half step. The first step of the optimistic gradient is the same, and running means keep digits that a plain sum loses.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("the normal of a projection that does nothing is 0")),
  instances: free,
  value: 1,
  /** Step of the method as a multiple of the one with which the half step is compared. */
  margin: ({ instance, kernels, value: times }) => {
    const { problem, start } = Random.expand(instance, { kernels })
    const whole = { ...problem, feasible: FeasibleSet.wholeSpace }
    const scheme = extragradient({ step: times * instance.step })
    const state = scheme.init(whole, start)
    scheme.step(state)
    const optimistic = follow(optimisticGradient({ step: times * instance.step }), whole, start, 1)
    const before = answerAt(whole, start)
    const half = start.map((x, i) => x - instance.step * before[i]!)
    const there = answerAt(whole, half)
    const moved = half.map((x, i) => x - start[i]!)
    const change = there.map((x, i) => x - before[i]!)
    const near = { relative: 1e-9, absolute: 1e-12 }
    const average = Average.make(1)
    for (const x of [1, 1e16, 1, -1e16]) Average.add(average, Float64Array.of(x))
    return Margin.all(
      Margin.equal(scheme.residual(state), Vector.norm(there), near),
      Margin.holds(same(optimistic.point, state.point)),
      Margin.equal(state.monotonicity, Vector.dot(change, moved), near),
      Margin.equal(state.moved, Vector.norm(moved), near),
      Margin.equal(Average.mean(average)[0]!, 0.5, {}),
    )
  },
  controls: [{ name: "twice the step", value: 2 }],
})
