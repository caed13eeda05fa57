import { claim, Exact, Margin } from "@nonconvex/evidence"
import * as ReducedMap from "../../theory/ReducedMap.ts"
import { exactLargest, exactStart, exactStep } from "../support/ExactReducedMap.ts"
import { type Start, startOf, startsWith } from "../support/OneSampleStarts.ts"
import { derived } from "../support/Paper.ts"

const descending = (start: Start, map: typeof ReducedMap.step): Margin.Comparison => {
  let state = startOf(start)
  let margin = Margin.holds(true)
  let least = state.u
  for (let t = 0; t < 500; t++) {
    const next = map(state)
    margin = Margin.all(
      margin,
      Margin.atMost(next.kappa, state.kappa, 1e-12),
      // of two small numbers of which one is the square of the other: rounding adds up over the steps
      Margin.atMost(next.u, ReducedMap.largest(next.kappa), 1e-8),
    )
    state = next
    least = state.u
    // lost: the next numbers overflow
    if (!(state.kappa < 1e6)) break
  }
  return least < 1e-24 ? Margin.all(margin, Margin.atMost(state.kappa, 2 + 1e-6)) : margin
}

/** Step of the theory, or one with another constant instead of 4. */
const stepWith =
  (four: number): typeof ReducedMap.step =>
  (state) =>
    four === 4
      ? ReducedMap.step(state)
      : { ...ReducedMap.step(state), kappa: state.kappa - state.u * (four - state.kappa) }

/** Steps that are compared in exact values: fractions double their length in each, and intervals widen. */
const exactSteps = 30

/** Compares `descending` in the first steps; returns the first failure. */
const exactDescent = (start: Start, four: number): Exact.Compared => {
  let state = exactStart(start)
  const compared: Array<Exact.Compared> = []
  for (let t = 0; t < exactSteps; t++) {
    const next = exactStep(four)(state)
    compared.push(
      Exact.atMost(next.kappa, state.kappa),
      Exact.atMost(next.u, exactLargest(next.kappa)),
    )
    state = next
  }
  return Exact.first(...compared)
}

export const kernelNeverGrowsBelowFour = claim({
  id: "catapults/kernel-never-grows-below-four",
  statement:
    "With one sample, label 0 and e lambda < 4, the tangent kernel of a two-layer linear network never grows, and u <= kappa^2 / 4 holds forever. Where the loss has vanished, e lambda <= 2.",
  extent: { samples: 1 },
  source: derived("phase theorem, part 1"),
  instances: startsWith([0.05, 3.98], 1e-9),
  value: 4,
  margin: ({ instance: start, value: four }) => descending(start, stepWith(four)),
  exactly: ({ instance: start, value: four }) => exactDescent(start, four),
  controls: [
    { name: "kappa above 4", value: 4, instances: startsWith([4.05, 8], 1e-9) },
    { name: "2 in place of 4 in the kernel", value: 2 },
  ],
})
