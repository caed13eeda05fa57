/** Runs of sharpness-aware perturbation on diagonal networks as calls of a kernel. */
import * as Kernels from "@nonconvex/numerics/Kernels"
import type { Twin } from "@nonconvex/problems/Method"
import * as Snapshot from "@nonconvex/problems/Snapshot"
import type { Draws } from "../perturbation/Draws.ts"
import type {
  SharpnessAwareOptions,
  SharpnessAwarePerturbedState as State,
} from "../perturbation/SharpnessAwarePerturbation.ts"
import { asDiagonal } from "../problems/DiagonalNetwork.ts"

/** Steps whose draws are made together, of a state and of all of them. */
const mostTogether = 4096
const mostOfAll = 32_768

/** The network of all states; undefined where there is none, or another one. */
const networkOf = (states: ReadonlyArray<State>): ReturnType<typeof asDiagonal> => {
  const [first, ...others] = states.map(({ objective }) => asDiagonal(objective))
  return others.every((other) => other === first) ? first : undefined
}

/** Draws the samples and signs of so many perturbed steps. */
const drawPairs = (
  draws: Draws,
  { objective: { size }, place }: State,
  indices: Uint32Array,
  signs: Float64Array,
  pairs: number,
): void => {
  for (let k = 0; k < pairs; k++) {
    indices[k] = draws.index(place, size)
    signs[k] = draws.sign(place)
  }
}

/** The burst of steps with one sample and one sign; what is stale after a plain step, it leaves as it is. */
export const burstOf = (options: SharpnessAwareOptions): Twin<State> => {
  const {
    draws,
    gradientThreshold,
    learningRate: rate,
    plainLearningRate: plainRate,
    radius,
  } = options
  return (states, steps, kernels = Kernels.standard()) => {
    const network = networkOf(states)
    if (network === undefined) return 0
    const count = Math.min(steps, mostTogether, Math.ceil(mostOfAll / states.length))
    // run after run, as the compiled kernels would lay them
    const indices = new Uint32Array(states.length * count)
    const signs = new Float64Array(states.length * count)
    const runs = states.map(({ place, point }, r) => ({
      before: Snapshot.write(place),
      begun: point.slice(),
      indices: indices.subarray(r * count, (r + 1) * count),
      signs: signs.subarray(r * count, (r + 1) * count),
    }))
    const draw = (r: number, pairs: number): void =>
      drawPairs(draws, states[r]!, runs[r]!.indices, runs[r]!.signs, pairs)
    for (let r = 0; r < runs.length; r++) draw(r, count)
    const run = { ...network, rate, plainRate, radius, gradientThreshold }
    const attempt = (most: number) =>
      kernels.perturbDiagonal(
        run,
        most,
        runs.map((drawn, r) => ({
          indices: drawn.indices.subarray(0, most),
          signs: drawn.signs.subarray(0, most),
          point: states[r]!.point,
        })),
      )
    let attempted = attempt(count)
    let taken = Math.min(...attempted.map((each) => each.steps))
    if (taken < count) {
      // back by one: the step that the first one stopped before is for `step`, and so is what the last one leaves
      taken = Math.max(0, taken - 1)
      for (const [r, { begun }] of runs.entries()) states[r]!.point.set(begun)
      attempted = attempt(taken)
    }
    for (const [r, state] of states.entries()) {
      const { perturbed } = attempted[r]!
      if (perturbed < count) {
        // plain steps draw nothing
        Snapshot.read(runs[r]!.before, state.place)
        draw(r, perturbed)
      }
      state.steps += taken
      state.perturbedSteps += perturbed
    }
    return taken
  }
}
