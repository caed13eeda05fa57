/** Sharpness-aware perturbation on diagonal networks as a compiled loop: the host's side. */
import * as Kernels from "@nonconvex/numerics/Kernels"
import type { Twin } from "@nonconvex/problems/Method"
import type { FiniteSum } from "@nonconvex/problems/Objective"
import * as Snapshot from "@nonconvex/problems/Snapshot"
import type { DiagonalForm, SampleModel } from "../problems/SampleModel.ts"
import type { Draws } from "./Draws.ts"
import type { PerturbationOptions, PerturbedState } from "./PerturbedStep.ts"
import { loop } from "./SharpnessAwarePerturbation.kernel.generated.ts"

type State = PerturbedState<FiniteSum>

/** Maximum number of steps whose draws are made together, for one state and for all. */
const mostTogether = 4096
const mostOfAll = 32_768

/** Numbers stored before the network: the four of the method, and the count of perturbed steps. */
const head = 8

/** The common network of all states; undefined if one has none or a different one. */
const networkOf = (states: ReadonlyArray<State>): DiagonalForm | undefined => {
  const [first, ...others] = states.map(
    ({ objective }) => (objective as FiniteSum & Partial<SampleModel>).form,
  )
  return others.every((other) => other === first) ? first : undefined
}

/** Draws samples and signs for the given number of perturbed steps. */
const drawPairs = (
  draws: Draws,
  { objective: { size }, place }: State,
  indices: Int32Array,
  signs: Float64Array,
  pairs: number,
): void => {
  for (let k = 0; k < pairs; k++) {
    indices[k] = draws.index(place, size)
    signs[k] = draws.sign(place)
  }
}

/** Twin of steps with one sample and one sign; it leaves values that are stale after a plain step unchanged. */
export const sharpnessAwareTwin =
  (options: PerturbationOptions): Twin<State> =>
  (states, steps, { arena, load } = Kernels.standard()) => {
    const network = networkOf(states)
    const perturb = load?.(loop).perturb
    if (network === undefined || perturb === undefined) return 0
    const { draws, gradientThreshold, learningRate, plainLearningRate, radius } = options
    const { labels, matrix } = network
    const size = labels.length
    const width = matrix.length / size
    // rows of whole vectors
    const even = width + (width & 1)
    const count = Math.min(steps, mostTogether, Math.ceil(mostOfAll / states.length))
    return arena.scoped((space) => {
      const memory = space.f64(head + size * even + size)
      const point = space.f64(14 * even)
      const [indices, signs] = [space.i32(count), space.f64(count)]
      memory.set([learningRate, plainLearningRate, radius, gradientThreshold])
      for (let i = 0; i < size; i++)
        memory.set(matrix.subarray(i * width, (i + 1) * width), head + i * even)
      memory.set(labels, head + size * even)
      /** Takes up to `most` steps of a state; returns their number, and how many were perturbed. */
      const take = (state: State, most: number) => {
        const before = Snapshot.write(state.place)
        drawPairs(draws, state, indices, signs, most)
        for (const half of [0, 1])
          point.set(state.point.subarray(half * width, (half + 1) * width), half * even)
        const at = memory.byteOffset
        const taken = perturb(
          most,
          size,
          even,
          at,
          at + 8 * head,
          indices.byteOffset,
          signs.byteOffset,
          point.byteOffset,
        )
        for (const half of [0, 1])
          state.point.set(point.subarray(half * even, half * even + width), half * width)
        const perturbed = memory[4]!
        if (perturbed < most) {
          // plain steps draw nothing
          Snapshot.read(before, state.place)
          drawPairs(draws, state, indices, signs, perturbed)
        }
        state.steps += taken
        state.perturbedSteps += perturbed
        return taken
      }
      const begun = states.map(({ perturbedSteps, place, point: at, steps: from }) => ({
        from,
        perturbedSteps,
        place: Snapshot.write(place),
        kept: at.slice(),
      }))
      const taken = Math.min(...states.map((state) => take(state, count)))
      if (taken === count) return count
      // back by one: the step that the first one stopped before is for `step`, and so is what the last one leaves
      for (const [r, state] of states.entries()) {
        const { from, kept, perturbedSteps, place } = begun[r]!
        state.point.set(kept)
        Snapshot.read(place, state.place)
        state.steps = from
        state.perturbedSteps = perturbedSteps
        if (taken > 1) take(state, taken - 1)
      }
      return Math.max(0, taken - 1)
    })
  }
