/**
 * A monitor for any training loop: it is told the loss of each step, and what else is at hand, and says of each spike what it was,
 * on which evidence, and what to do. Its memory does not grow with the run.
 *
 * @example
 * ```ts import.meta.vitest
 * import { spikeMonitor } from "@nonconvex/catapults"
 *
 * const monitor = spikeMonitor()
 * const losses = [4, 2, 1, 3, 9, 20, 2, 0.9, 0.8]
 * const found = losses.flatMap((loss, step) => monitor.observe({ step, loss, learningRate: 0.1 }) ?? [])
 * found.map(({ kind, confidence }) => [kind, confidence]) // => [["catapult", "guess"]]
 * ```
 */
import * as Require from "@nonconvex/numerics/Require"
import { adviseFor, type Advice } from "./Advice.ts"
import {
  classify,
  type Confidence,
  type Evidence,
  type Kind,
  type Steps,
} from "./Classification.ts"
import { type Curvature, gauge } from "./CurvatureGauge.ts"
import { type Gradients, sharpnessMeter } from "./SharpnessMeter.ts"
import { type Spike, type SpikeOptions, spikeDetector } from "./Spikes.ts"
import { summarise } from "./Summary.ts"
import * as Theory from "../theory/index.ts"

/** A step as the training loop saw it. All but the step and its loss are optional: more of them make the diagnosis surer. */
export interface Observation extends Gradients {
  readonly step: number
  /** Of all samples or a fixed probe set, and not negative; losses of different batches need `smoothing`. */
  readonly loss: number
  /** 0 in the first steps of a warm-up, say: no curvature is held against that. */
  readonly learningRate?: number
  /** Looked at every `probeEvery` steps and at both ends of a spike. */
  readonly curvature?: Curvature
  /**
   * `P^(-1/2) H P^(-1/2)` of an optimizer that divides its steps by P (`sqrt(v) + epsilon` of Adam), looked at as `curvature` is.
   * Where it is given it decides, and `curvature` only says whether it fell.
   */
  readonly preconditioned?: Curvature
  /** Share of the loss in the top eigenspace of the tangent kernel; a function is called at peaks only. */
  readonly topShare?: number | (() => number)
  /** The parameters before this step on its batch, and on a control batch: tells bad data from instability. */
  readonly batchTest?: { readonly suspicious: number; readonly control: number }
}

export interface MonitorOptions extends SpikeOptions {
  /**
   * Decay beta of the velocity `v <- beta v + g` of the optimizer; 0 without. Of a velocity that is an average, as Adam's is, learning
   * rates here are `1 - beta` times those of the optimizer.
   */
  readonly momentum?: number
  /**
   * "preconditioned" of an optimizer that divides its steps, as Adam does: the plain curvature has no critical rate then, and only
   * `preconditioned` measures one. Default "plain", until a `preconditioned` is seen.
   */
  readonly steps?: Steps
  /** Steps between two looks at the curvature of a calm run; default 25. */
  readonly probeEvery?: number
  /** Half-life in steps of an average of the losses; 0, the default, is none. */
  readonly smoothing?: number
}

/** A spike, or the end of a run, explained. */
export interface Diagnosis {
  readonly kind: Kind
  readonly confidence: Confidence
  readonly spike: Spike
  readonly evidence: Evidence
  readonly advice: Advice
  /** One sentence for a person. */
  readonly summary: string
}

export interface SpikeMonitor {
  /**
   * Takes one step and returns the diagnosis of the spike that ended with it. Throws InvalidInput on a step that does not increase,
   * and on a negative loss or learning rate.
   */
  readonly observe: (observation: Observation) => Diagnosis | undefined
  /** The diagnosis of the spike in which the run ended. */
  readonly finish: () => Diagnosis | undefined
  /** What is known now: `atRisk` past the stability limit by any measure. */
  readonly status: () => Status
}

export interface Status {
  readonly atRisk: boolean
  readonly sharpness: number | undefined
  readonly criticalRate: number | undefined
  readonly spike: Spike | undefined
}

/** A monitor. Throws InvalidInput on options out of range. */
export const spikeMonitor = (options: MonitorOptions = {}): SpikeMonitor => {
  const { momentum = 0, probeEvery = 25, smoothing = 0 } = options
  const operation = "spikeMonitor"
  Require.nonNegative(operation, "momentum", momentum)
  Require.nonNegative(operation, "smoothing", smoothing)
  Require.count(operation, "probeEvery", probeEvery)
  const detector = spikeDetector(options)
  const limit = Theory.stabilityLimit(momentum)
  const keep = smoothing === 0 ? 0 : 2 ** (-1 / smoothing)
  const sharpnessOf = sharpnessMeter(momentum)
  const plain = gauge(probeEvery)
  const preconditioned = gauge(probeEvery)

  let { steps = "plain" } = options
  let average = Number.NaN
  let rate: number | undefined
  let sharpness: number | undefined
  /** Gathered since the last minimum; forgotten at the next. */
  let largest: number | undefined
  let past = 0
  let critical: number | undefined
  let ratio: number | undefined
  let topShare: number | undefined
  let batchRatio: number | undefined
  let isMarked = false
  let peak = Number.NaN

  const forget = () => {
    largest = undefined
    past = 0
    critical = undefined
    ratio = undefined
    topShare = undefined
    batchRatio = undefined
    isMarked = false
    peak = Number.NaN
  }

  const probe = (observation: Observation) => {
    plain.probe(observation.curvature)
    preconditioned.probe(observation.preconditioned)
  }

  /** The one of the two that the steps meet. */
  const met = <A>(ofPlain: A, ofPreconditioned: A): A =>
    steps === "plain" ? ofPlain : ofPreconditioned

  const criticalRateOf = (curvature: number | undefined): number | undefined =>
    curvature !== undefined && curvature > 0
      ? Theory.criticalRateOfCurvature(curvature, momentum)
      : undefined

  /** Where no curvature is known: that along the gradient is at most the largest, so this is a bound from above. */
  const criticalRateShown = (): number | undefined =>
    rate !== undefined && largest !== undefined && largest > limit
      ? (rate * limit) / largest
      : undefined

  /** Where a spike begins, once: the curvature may fall soon after. */
  const mark = (curvature: number | undefined) => {
    isMarked = true
    critical = criticalRateOf(curvature)
    ratio = rate === undefined || critical === undefined ? undefined : rate / critical
  }

  const evidenceOf = (spike: Spike, curvatureRatio: number | undefined): Evidence => ({
    height: spike.peakLoss / spike.reference,
    ramp: spike.ramp,
    steps,
    ...(largest === undefined ? {} : { sharpness: { largest, past } }),
    ...(ratio === undefined ? {} : met({ rateRatio: ratio }, { preconditionedRatio: ratio })),
    ...(curvatureRatio === undefined ? {} : { curvatureRatio }),
    ...(topShare === undefined ? {} : { topShare }),
    ...(batchRatio === undefined ? {} : { batchRatio }),
  })

  const diagnose = (
    spike: Spike,
    criticalRate: number | undefined,
    curvatureRatio?: number,
  ): Diagnosis | undefined => {
    const evidence = evidenceOf(spike, curvatureRatio)
    const verdict = classify(spike, evidence, momentum)
    if (verdict === undefined) return undefined
    const advice = adviseFor(verdict.kind, evidence, criticalRate ?? criticalRateShown(), rate)
    const summary = summarise(verdict, spike, evidence, advice)
    return { ...verdict, spike, evidence, advice, summary }
  }

  const conclude = (ended: Spike, observation: Observation): Diagnosis | undefined => {
    // a wobble, or lost at once
    if (!isMarked) mark(met(plain, preconditioned).calm())
    if (ended.outcome !== "closed" || ended.onset === undefined) return diagnose(ended, critical)
    const after = plain.end(observation.curvature)
    const { now } = met(after, preconditioned.end(observation.preconditioned))
    return diagnose(ended, criticalRateOf(now), after.ratio)
  }

  return {
    observe: (observation) => {
      const { batchTest, learningRate, loss, step } = observation
      if (learningRate !== undefined) {
        Require.nonNegative(operation, "learningRate", learningRate)
        rate = learningRate === 0 ? undefined : learningRate
      }
      if (observation.preconditioned !== undefined) steps = "preconditioned"
      average = Number.isNaN(average) ? loss : keep * average + (1 - keep) * loss
      sharpness = sharpnessOf(observation)
      const before = detector.current()
      const ended = detector.observe(step, keep === 0 ? loss : average)
      const open = detector.current()

      if (ended !== undefined || open !== undefined) {
        if (before === undefined) forget()
        // what happened up to the peak counts, not the way back
        const isRising = open?.peak === step || ended?.outcome === "diverged"
        if (sharpness !== undefined && isRising) {
          largest = Math.max(largest ?? sharpness, sharpness)
          if (sharpness > limit) past++
        }
        if (batchTest !== undefined) {
          batchRatio = Math.max(batchRatio ?? 0, batchTest.suspicious / batchTest.control)
        }
      }
      if (open !== undefined && Number.isFinite(loss)) {
        if (open.onset === undefined) probe(observation)
        else if (!isMarked) {
          mark(
            met(
              plain.begin(observation.curvature),
              preconditioned.begin(observation.preconditioned),
            ),
          )
        }
        if (open.peakLoss !== peak) {
          peak = open.peakLoss
          const { topShare: share } = observation
          // a wobble has no use for it, and it may be dear
          if (open.onset !== undefined) topShare = typeof share === "function" ? share() : share
        }
        return undefined
      }
      if (ended !== undefined) {
        const diagnosis = conclude(ended, observation)
        forget()
        return diagnosis
      }
      probe(observation)
      return undefined
    },
    finish: () => {
      const spike = detector.finish()
      return spike === undefined || spike.onset === undefined
        ? undefined
        : diagnose(spike, critical)
    },
    status: () => {
      const known = criticalRateOf(met(plain, preconditioned).latest())
      return {
        atRisk: (sharpness ?? 0) > limit || (rate ?? 0) > (known ?? Number.POSITIVE_INFINITY),
        sharpness,
        criticalRate: known ?? criticalRateShown(),
        spike: detector.current(),
      }
    },
  }
}
