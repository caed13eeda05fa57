/**
 * Tests the privacy guarantee of a mechanism on one pair of neighbouring inputs: lower bounds on epsilon that hold with stated confidence.
 *
 * An audit can prove that a mechanism is not private. It cannot prove privacy: a small bound only means that this pair,
 * statistic and sample size show nothing larger.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as NormalDistribution from "@nonconvex/numerics/NormalDistribution"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Target } from "../privacy/Target.ts"
import * as ClopperPearson from "./ClopperPearson.ts"

/** A mechanism, and the inputs of its audit. */
export interface Subject<Input, Output> {
  /** One run of the mechanism, with all its randomness taken from the stream. */
  readonly mechanism: (input: Input, stream: RandomStream.RandomStream) => Output
  /** Two neighbouring inputs. */
  readonly pair: readonly [Input, Input]
  /** Statistic that the attacker computes. */
  readonly statistic: (output: Output) => number
}

/** The promised privacy, and the effort of the audit. */
export interface Options extends Target {
  /** Samples per input; half of them choose the event, and the other half test it. */
  readonly samples: number
  /** Probability that a private mechanism passes; default 0.999. */
  readonly confidence?: number
  readonly seed: Seed.Seed
}

/** Result of an audit. */
export interface Report {
  /** Lower bound on epsilon at the requested confidence; 0 if nothing was shown. */
  readonly epsilonLowerBound: number
  readonly verdict: "violation" | "no violation found"
  /** Difference of the means over the pooled deviation: sensitivity over scale, for Gaussian noise and the optimal statistic. */
  readonly mu: number
  readonly muStandardError: number
  readonly samples: number
}

/**
 * <D, output> / |D|_F of matrices of one size, the optimal statistic for Gaussian noise that is isotropic.
 */
export const along = (direction: Float64Array): ((output: Float64Array) => number) => {
  const norm = Vector.norm(direction)
  const unit = direction.map((x) => (norm === 0 ? 0 : x / norm))
  return (output) => Vector.dot(unit, output)
}

/** An event of the statistic: at least the threshold, or below it; and which input makes it likely. */
interface Event {
  readonly threshold: number
  readonly isAbove: boolean
  readonly isSecond: boolean
}

/** Counts the sorted values at least (or below) the threshold. */
const countOf = (sorted: Float64Array, { isAbove, threshold }: Event): number => {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! < threshold) low = middle + 1
    else high = middle
  }
  return isAbove ? sorted.length - low : low
}

/** ln((TPR_low - delta) / FPR_high), at least 0. */
const bound = (
  positives: number,
  negatives: number,
  trials: number,
  delta: number,
  failure: number,
): number => {
  const rate = ClopperPearson.lower(positives, trials, failure) - delta
  const falseRate = ClopperPearson.upper(negatives, trials, failure)
  return rate > 0 ? Math.max(0, Elementary.log(rate / falseRate)) : 0
}

const candidates = 100

/** Event with the largest lower bound on these sorted samples. */
const choose = (
  first: Float64Array,
  second: Float64Array,
  delta: number,
  failure: number,
): Event => {
  let best: Event = { threshold: 0, isAbove: true, isSecond: true }
  let highest = -1
  for (const sorted of [first, second]) {
    for (let k = 0; k <= candidates; k++) {
      const at = Math.min(
        sorted.length - 1,
        Math.floor(Elementary.square(k / candidates) * sorted.length),
      )
      for (const index of [at, sorted.length - 1 - at]) {
        for (const isAbove of [true, false]) {
          for (const isSecond of [true, false]) {
            const event = { threshold: sorted[index]!, isAbove, isSecond }
            const [a, b] = [countOf(second, event), countOf(first, event)]
            const [positives, negatives] = isSecond ? [a, b] : [b, a]
            // the cheap plug-in value decides which candidates are worth an exact bound
            const rough = (positives / first.length - delta) / ((negatives + 1) / first.length)
            if (!(rough > Elementary.exp(highest))) continue
            const value = bound(positives, negatives, first.length, delta, failure)
            if (value > highest) [best, highest] = [event, value]
          }
        }
      }
    }
  }
  return best
}

/** Mean, variance and tail of two values or more. */
const summarise = (values: Float64Array, threshold: number) => {
  const n = values.length
  let [sum, above, squares] = [0, 0, 0]
  for (let i = 0; i < n; i++) {
    sum += values[i]!
    if (values[i]! >= threshold) above++
  }
  const mean = sum / n
  for (let i = 0; i < n; i++) squares += Elementary.square(values[i]! - mean)
  return { mean, variance: squares / (n - 1), above }
}

/** Parameters of a report. */
interface Asked extends Target {
  readonly confidence: number
}

/**
 * Audits values of a statistic, equally many for both inputs, drawn independently and in random order. The first half chooses the event,
 * the other half tests it.
 */
export const ofValues = (
  first: Float64Array,
  second: Float64Array,
  { confidence, delta, epsilon }: Asked,
): Report => {
  const half = first.length >> 1
  const failure = (1 - confidence) / 8
  const [firstChoice, secondChoice] = [first, second].map((all) => all.subarray(0, half).toSorted())
  const event = choose(firstChoice!, secondChoice!, delta, failure)
  const firstTest = summarise(first.subarray(half), event.threshold)
  const secondTest = summarise(second.subarray(half), event.threshold)
  const counts = [secondTest, firstTest].map(({ above }) => (event.isAbove ? above : half - above))
  const [positives, negatives] = event.isSecond ? counts : counts.toReversed()
  const epsilonLowerBound = bound(positives!, negatives!, half, delta, failure)
  const spread = Math.sqrt(0.5 * (firstTest.variance + secondTest.variance))
  const shift = Math.abs(secondTest.mean - firstTest.mean)
  return {
    epsilonLowerBound,
    verdict: epsilonLowerBound > epsilon ? "violation" : "no violation found",
    mu: spread > 0 ? shift / spread : shift > 0 ? Number.POSITIVE_INFINITY : 0,
    muStandardError: Math.sqrt(2 / half),
    samples: 2 * half,
  }
}

/**
 * Runs the mechanism on both inputs and bounds its epsilon from below, without assumptions on its noise. Each input has its
 * own stream; `onDrawn` gets the number of the `2 samples` drawn so far. Long computation: on a user's own data it runs as a
 * job (`DpLowrank.audit`). Throws InvalidInput on fewer than 100 samples, a confidence or delta outside of (0, 1), a
 * negative or infinite epsilon, and a NaN statistic.
 */
export const audit = <Input, Output>(
  { mechanism, pair, statistic }: Subject<Input, Output>,
  { confidence = 0.999, delta, epsilon, samples, seed }: Options,
  onDrawn: (drawn: number) => void = () => undefined,
): Report => {
  Require.count("Audit.audit", "samples", samples, 100)
  Require.fraction("Audit.audit", "confidence", confidence)
  Require.fraction("Audit.audit", "delta", delta)
  Require.nonNegative("Audit.audit", "epsilon", epsilon)
  const half = samples >> 1
  const draw = (label: string, input: Input, before: number): Float64Array => {
    const stream = RandomStream.make(seed.child(label))
    const values = new Float64Array(2 * half)
    for (let i = 0; i < values.length; i++) {
      const value = statistic(mechanism(input, stream))
      if (Number.isNaN(value)) {
        const requirement = "the statistic must be a number: give NaN a separate value"
        invalid("Audit.audit", requirement, { statistic: value, sample: i })
      }
      values[i] = value
      onDrawn(before + i + 1)
    }
    return values
  }
  const first = draw("first", pair[0], 0)
  const second = draw("second", pair[1], 2 * half)
  return ofValues(first, second, { confidence, delta, epsilon })
}

/**
 * Parametric audit of Gaussian noise by its optimal statistic. Tests whether the estimated mu equals the promised one within
 * 5 standard errors (false alarms below 1e-6). Detects wrong factors in the noise that the bound on epsilon cannot detect.
 */
export const agrees = ({ mu, muStandardError }: Report, promisedMu: number): boolean =>
  Math.abs(mu - promisedMu) <= 5 * muStandardError

/** The largest bound that `trials` samples are expected to show of Gaussian noise with this mu, over thresholds. */
const expectedBound = (mu: number, trials: number, delta: number, failure: number): number => {
  let best = 0
  for (let k = 1; k <= 60; k++) {
    const threshold = mu / 2 + (k / 60) * 4
    const positives = Math.round(trials * NormalDistribution.cdf(mu - threshold))
    const negatives = Math.round(trials * NormalDistribution.cdf(-threshold))
    best = Math.max(best, bound(positives, negatives, trials, delta, failure))
  }
  return best
}

/**
 * Number of samples per input at which an audit distinguishes the noise of `mu` from the target's, at the given confidence
 * (default 0.999). Infinity if 2^31 samples do not suffice, because the mechanism is private or delta is too small to
 * detect. Throws InvalidInput on a confidence outside of (0, 1).
 */
export const requiredSamples = (mu: number, target: Target, confidence = 0.999): number => {
  Require.fraction("Audit.requiredSamples", "confidence", confidence)
  const failure = (1 - confidence) / 8
  for (let half = 64; half <= 2 ** 30; half *= 2) {
    if (expectedBound(mu, half, target.delta, failure) > target.epsilon) return 2 * half
  }
  return Number.POSITIVE_INFINITY
}
