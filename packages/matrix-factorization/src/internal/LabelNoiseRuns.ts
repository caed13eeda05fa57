/** Many steps of descents with label noise in one call: equal to the plain steps, to the bit. */
import * as Kernels from "@nonconvex/numerics/Kernels"
import type { Twin } from "@nonconvex/problems/Method"
import * as Sampler from "@nonconvex/problems/Sampler"
import type { LabelNoiseDescentState } from "../factorisation/LabelNoiseDescent.ts"
import { drawAhead, lookUp } from "../factorisation/NoisyLabels.ts"
import { knownChain, knownLayers } from "./Known.ts"

/** A quarter of an ulp of the largest float64: no finite weight that moves by less overflows. */
export const longestMove = 2 ** 969

interface Numbers {
  readonly learningRate: number
  readonly noise: number
  readonly isGaussian: boolean
}

/** Steps of runs on all measurements of one small factorisation. */
const inLanes = (
  states: ReadonlyArray<LabelNoiseDescentState>,
  known: NonNullable<ReturnType<typeof knownLayers>>,
  { isGaussian, noise }: Numbers,
  steps: number,
  kernels: Kernels.Kernels,
): number => {
  const { size, targets } = states[0]!.objective
  const run = { ...known, targets, noise }
  const points = states.map(({ point }) => point)
  let taken = 0
  while (taken < steps) {
    let count = steps - taken
    for (const state of noise > 0 ? states : []) {
      drawAhead(state, isGaussian)
      count = Math.min(count, (state.drawn.length - state.used) / size)
    }
    const epsilon = states.map(({ drawn, used }) => drawn.subarray(used, used + count * size))
    const done = kernels.descendLayers(run, count, points, epsilon)
    for (const state of states) {
      if (noise > 0) state.used += done * size
      state.steps += done
    }
    taken += done
    if (done < count) break
  }
  return taken
}

/** Steps whose batches and labels are made together. */
const mostTogether = 256

/** Keeps what a sampler is, and returns what makes it that again. */
const keep = (sampler: Sampler.Sampler) => {
  const { indices, order, place, stream } = sampler
  const [held, ordered, state] = [indices.slice(), order.slice(), stream.state.slice()]
  return () => {
    indices.set(held)
    order.set(ordered)
    stream.state.set(state)
    sampler.place = place
  }
}

/** Steps of one run, on batches or on all measurements. */
const inCalls = (
  state: LabelNoiseDescentState,
  known: NonNullable<ReturnType<typeof knownChain>>,
  numbers: Numbers,
  steps: number,
): number => {
  const { labels, objective, point, sampler } = state
  const { isGaussian, learningRate, noise } = numbers
  const batch = labels.length
  const isWhole = sampler.rule === "whole"
  const rows = isWhole ? undefined : new Uint32Array(mostTogether * batch)
  const all = isWhole && noise === 0 ? objective.targets : new Float64Array(mostTogether * batch)
  let taken = 0
  while (taken < steps) {
    if (noise > 0) drawAhead(state, isGaussian)
    const left = noise > 0 ? (state.drawn.length - state.used) / batch : mostTogether
    const count = Math.min(steps - taken, left, mostTogether)
    const goBack = keep(sampler)
    for (let t = 0; t < count; t++) {
      const indices = Sampler.next(sampler)
      rows?.set(indices, t * batch)
      if (all !== objective.targets)
        lookUp(state, indices, noise, state.used + t * batch, all.subarray(t * batch))
    }
    const upTo = count * batch
    const run = {
      ...known,
      batch,
      rows: rows?.subarray(0, upTo),
      labels: all === objective.targets ? all : all.subarray(0, upTo),
      rate: learningRate,
      longest: longestMove,
    }
    const done = known.kernels.descendChain(run, count, point)
    if (noise > 0) state.used += done * batch
    state.steps += done
    taken += done
    if (done === count) continue
    goBack()
    for (let t = 0; t < done; t++) Sampler.next(sampler)
    break
  }
  return taken
}

/** Steps of one or several descents by kernels that take whole runs; none where these do not know the objective. */
export const burst =
  (numbers: Numbers): Twin<LabelNoiseDescentState> =>
  (states, steps, kernels = Kernels.standard()) => {
    const [first, ...others] = states
    if (first === undefined) return 0
    const { labels, objective, sampler } = first
    const small =
      sampler.rule === "whole" ? knownLayers(objective, numbers.learningRate) : undefined
    if (small !== undefined && states.every((state) => state.objective === objective))
      return inLanes(states, small, numbers, steps, kernels)
    const known = others.length === 0 ? knownChain(objective, labels.length) : undefined
    return known === undefined ? 0 : inCalls(first, known, numbers, steps)
  }
