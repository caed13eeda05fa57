import { claim, Exact, Margin } from "@nonconvex/evidence"
import * as ReducedMap from "../../theory/ReducedMap.ts"
import { exactStart, exactStep } from "../support/ExactReducedMap.ts"
import { type Start, startOf, startsWith } from "../support/OneSampleStarts.ts"
import { derived } from "../support/Paper.ts"

/** Steps that are compared in exact values: fractions double their length in each, and intervals widen. */
const exactSteps = 30

/** Growth of the kernel in the first steps; returns the first step without growth. */
const exactGrowth = (start: Start): Exact.Compared => {
  let state = exactStart(start)
  const compared: Array<Exact.Compared> = []
  for (let t = 0; t < exactSteps && Exact.interval(state.kappa).high <= 1e6; t++) {
    const next = exactStep(4)(state)
    compared.push(Exact.atLeast(next.kappa, state.kappa))
    state = next
  }
  return Exact.first(...compared)
}

export const divergesPastFour = claim({
  id: "catapults/diverges-past-four",
  statement:
    "With one sample, label 0 and e lambda > 4, the tangent kernel of a two-layer linear network grows at every step, without bound, unless the output is exactly 0.",
  extent: { samples: 1 },
  source: derived("phase theorem, part 2"),
  instances: startsWith([4.05, 8], 1e-6),
  margin: ({ instance: start }) => {
    let state = startOf(start)
    let margin = Margin.holds(true)
    for (let t = 0; t < 200 && state.kappa <= 1e6; t++) {
      const next = ReducedMap.step(state)
      margin = Margin.all(
        margin,
        Margin.of("tangent kernel after a step", Margin.atLeast(next.kappa, state.kappa)),
      )
      if (next.kappa === state.kappa) return Margin.holds(false)
      state = next
    }
    return Margin.all(
      margin,
      Margin.of("tangent kernel at the end", Margin.atLeast(state.kappa, 1e6)),
    )
  },
  exactly: ({ instance }) => exactGrowth(instance),
  controls: [{ name: "kappa below 4", instances: startsWith([2.1, 3.95], 1e-6) }],
})
