/** Run as a program: the heap that three monitors keep after 16,000 steps and after 48,000, as JSON. */
import { kept } from "@nonconvex/evidence/memory"
import { type Observation, spikeMonitor } from "../../src/monitor/SpikeMonitor.ts"

/** Bytes kept after 16,000 steps and after 48,000, and the spikes that were diagnosed meanwhile. */
export interface Used {
  readonly few: number
  readonly many: number
  readonly diagnoses: number
}

const dimension = 50
const curvatureOf = (value: number) => ({
  operator: (v: Float64Array, out: Float64Array) => {
    for (let i = 0; i < v.length; i++) out[i] = (value * v[i]!) / (1 + i)
  },
  dimension,
})
const gradient = new Float64Array(dimension)

/** Calm for twenty steps, then a catapult, over and over. */
const cycle = [...Array.from({ length: 20 }, () => 1), 2, 4, 8, 4, 2, 0.999]
const gradients = [...Array.from({ length: 20 }, () => 1), -1.5, 2.2, -3.3, 2, -1.2, 1]

const everything = (step: number): Observation => {
  const at = step % cycle.length
  gradient.fill(gradients[at]!)
  return {
    step,
    // each minimum below the last, so that each spike closes
    loss: cycle[at]! * (1 - 1e-6 * step),
    learningRate: 0.1,
    gradient,
    curvature: curvatureOf(at < 23 ? 25 : 15),
    preconditioned: curvatureOf(30),
    topShare: () => 0.9,
    batchTest: { suspicious: 1, control: 1 },
  }
}
const all = spikeMonitor({ momentum: 0.1 })
const averaging = spikeMonitor({ smoothing: 2 })
const losses = spikeMonitor()

let step = 0
let diagnoses = 0
const steps = (count: number): void => {
  for (; step < count; step++) {
    const observation = everything(step)
    const { learningRate, loss } = observation
    for (const found of [
      all.observe(observation),
      averaging.observe({ step, loss, learningRate: learningRate! }),
      losses.observe({ step, loss }),
    ]) {
      if (found !== undefined) diagnoses++
    }
  }
}
// the first rounds are for the compiler, which keeps what it made of the code and drops it again
const [, , few, many] = [4000, 8000, 16_000, 48_000].map((count) => {
  steps(count)
  return kept()
})
process.stdout.write(JSON.stringify({ few: few!, many: many!, diagnoses } satisfies Used))
