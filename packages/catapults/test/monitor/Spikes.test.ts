import { Draw } from "@nonconvex/evidence"
import { InvalidInput, RandomStream, Seed } from "@nonconvex/numerics"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { spikeDetector, type SpikeOptions, spikesOf } from "../../src/monitor/Spikes.ts"

/** Number of spikes in a run of losses. */
type Count = (losses: ReadonlyArray<number>, options: SpikeOptions) => number

const countSpikes: Count = (losses, options) => spikesOf(losses, options).length

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

const findsForcedSpikes = (count: Count) =>
  fc.property(traces, (trace) => {
    const losses = traceOf(trace)
    const { scale, spikes, threshold } = trace
    const options = { threshold }
    const padded = [...Array.from({ length: 10 }, (_, k) => losses[0]! * (2 - k / 10)), ...losses]
    const tailed = [...losses, ...Array.from({ length: 10 }, () => losses.at(-1)!)]
    const scaled = losses.map((loss) => loss * scale)
    return (
      [losses, scaled, padded, tailed].every((each) => count(each, options) === spikes) &&
      count(losses, { threshold: 1.2 }) === count(losses, { threshold: 4 }) &&
      count(
        losses.toSorted((a, b) => b - a),
        options,
      ) === 0
    )
  })

describe("spikeDetector", () => {
  it("finds just the forced spikes, for thresholds from 1.2 to 4, whatever the unit of the loss, padding and a constant tail; and none in a monotone run", () => {
    fc.assert(findsForcedSpikes(countSpikes))
  })

  it("would not, with the previous loss as the reference, or an absolute threshold", () => {
    const fromThePrevious: Count = (losses, { threshold = 1.5 }) =>
      losses.filter((loss, t) => t > 0 && loss > threshold * losses[t - 1]!).length
    assert.isTrue(fc.check(findsForcedSpikes(fromThePrevious)).failed)
    const absolute: Count = (losses, options) =>
      countSpikes(
        losses.map((loss) => loss + 1),
        options,
      )
    assert.isTrue(fc.check(findsForcedSpikes(absolute)).failed)
  })

  it("measures a spike from the running minimum", () => {
    const [spike] = spikesOf([4, 2, 1, 1.2, 3, 9, 2, 1.1, 0.9])
    assert.deepStrictEqual(spike, {
      start: 2,
      onset: 4,
      peak: 5,
      end: 8,
      reference: 1,
      peakLoss: 9,
      endLoss: 0.9,
      ramp: 3,
      outcome: "closed",
    })
  })

  it("finds slow growth, of which no step is large", () => {
    const growing = Array.from({ length: 20 }, (_, t) => 1.1 ** t)
    assert.strictEqual(spikesOf([2, 1, ...growing.slice(1), 0.5], { threshold: 4 }).length, 1)
  })

  it("has the ramp of the first peak where a second one is a little higher", () => {
    const [spike] = spikesOf([1, 2, 4, 8, 16, 15, 17, 0.5])
    assert.deepStrictEqual([spike!.peak, spike!.ramp], [6, 4])
  })

  it("counts none in a monotone run and on a plateau", () => {
    assert.deepStrictEqual(spikesOf([3, 2, 1, 1, 1]), [])
  })

  it("ends at divergence, and says what was lost", () => {
    const detector = spikeDetector({ divergence: 100 })
    const found = [1, 10, 1000, 1, 0.5].map((loss, step) => detector.observe(step, loss)?.outcome)
    assert.deepStrictEqual(found, [undefined, undefined, "diverged", undefined, undefined])
    assert.strictEqual(detector.current(), undefined)
  })

  it("takes a first loss that is not finite for divergence", () => {
    assert.strictEqual(spikeDetector().observe(0, Number.NaN)?.outcome, "diverged")
  })

  it("has no multiples of a minimum of 0, and does not divide by it", () => {
    assert.deepStrictEqual(
      spikesOf([1, 0, 1e-320, 0]).map(({ outcome }) => outcome),
      ["closed"],
    )
  })

  it("opens a spike above a minimum of 0, and goes on", () => {
    const found = spikesOf([1, 0.5, 0, 0.01, 0, 5, 0])
    assert.deepStrictEqual(
      found.map(({ onset, outcome }) => [onset, outcome]),
      [
        [3, "closed"],
        [5, "closed"],
      ],
    )
  })

  it("refuses a negative loss, which has no multiples", () => {
    const detector = spikeDetector()
    detector.observe(0, 0.5)
    assert.throws(
      () => detector.observe(1, -0.2),
      InvalidInput,
      /must not be negative: .* loss = -0.2/,
    )
    assert.throws(() => spikesOf([-1]), InvalidInput, /must not be negative/)
  })

  it("says which spike is open", () => {
    assert.deepStrictEqual(
      spikesOf([1, 5]).map(({ outcome }) => outcome),
      ["open"],
    )
  })

  it("closes early where asked to, without a higher minimum", () => {
    const spikes = spikesOf([1, 3, 1.4, 3, 0.9], { close: 1.45 })
    assert.deepStrictEqual(
      spikes.map(({ reference }) => reference),
      [1, 1],
    )
  })

  it("refuses steps that repeat and thresholds that make no sense", () => {
    const detector = spikeDetector()
    detector.observe(3, 1)
    assert.throws(() => detector.observe(3, 1), InvalidInput, /steps must increase/)
    assert.throws(() => spikeDetector({ threshold: 2, divergence: 1.5 }), InvalidInput)
    assert.throws(() => spikeDetector({ close: 0 }), InvalidInput, /close/)
  })
})
