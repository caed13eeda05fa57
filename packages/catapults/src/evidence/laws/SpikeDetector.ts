/** The detector of spikes. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import { type SpikeOptions, spikesOf } from "../../monitor/Spikes.ts"
import { derived } from "../support/Paper.ts"

/** Counts spikes of a run of losses. */
export type Count = (losses: ReadonlyArray<number>, options: SpikeOptions) => number

/** Ours. */
export const countSpikes: Count = (losses, options) => spikesOf(losses, options).length

/** Runs with `spikes` forced catapults: what detectors are for. */
const traces = Draw.record({
  spikes: Draw.integer(0, 3),
  /** Growth of the loss in a step, `(kappa - 1)^2`. */
  growth: Draw.linear(1.2, 2),
  /** Steps of growth. */
  ramp: Draw.integer(9, 16),
  threshold: Draw.linear(1.5, 4),
  scale: Draw.logarithmic(1, 1e-6),
  seed: Draw.seed(),
})

/** The loss falls, and from time to time grows step by step to more than 4 times its minimum, and falls below it. */
const traceOf = ({ growth, ramp, seed, spikes }: Draw.Drawn<typeof traces>) => {
  const stream = RandomStream.make(Seed.root(seed))
  const losses: Array<number> = []
  let loss = 1
  const fall = () => {
    loss *= 0.8 + 0.15 * stream.uniform()
    losses.push(loss)
    return loss
  }
  const rest = () => {
    for (let t = 0; t < 20; t++) fall()
  }
  rest()
  for (let k = 0; k < spikes; k++) {
    const minimum = loss
    for (let t = 0; t < ramp; t++) losses.push((loss *= growth))
    let now = loss
    while (now > minimum) now = fall()
    rest()
  }
  return losses
}

export const spikeDetector = claim({
  id: "catapults/spike-detector",
  statement:
    "With the running minimum as its reference the detector finds just the forced spikes, for every threshold from 1.2 to 4, whatever the unit of the loss, padding and a constant tail; and none in a monotone run.",
  inFloatingPoint: "program",
  source: derived("detection by the running minimum"),
  subject: countSpikes,
  instances: traces,
  margin: ({ instance: trace, subject: count }) => {
    const losses = traceOf(trace)
    const { scale, spikes, threshold } = trace
    const options = { threshold }
    const scaledLosses = losses.map((loss) => loss * scale)
    const monotone = losses.toSorted((a, b) => b - a)
    const padded = [...Array.from({ length: 10 }, (_, k) => losses[0]! * (2 - k / 10)), ...losses]
    const tailed = [...losses, ...Array.from({ length: 10 }, () => losses.at(-1)!)]
    const found = count(losses, options)
    return Margin.all(
      Margin.holds(found === spikes),
      Margin.holds(count(scaledLosses, options) === found),
      Margin.holds(count(padded, options) === found),
      Margin.holds(count(tailed, options) === found),
      Margin.holds(count(losses, { threshold: 1.2 }) === count(losses, { threshold: 4 })),
      Margin.holds(count(monotone, options) === 0),
    )
  },
  controls: [
    {
      name: "the previous loss as the reference",
      subject:
        () =>
        (losses, { threshold = 1.5 }) =>
          losses.filter((loss, t) => t > 0 && loss > threshold * losses[t - 1]!).length,
    },
    {
      name: "an absolute threshold",
      subject: (count) => (losses, options) => {
        const raised = losses.map((loss) => loss + 1)
        return count(raised, options)
      },
    },
  ],
})
