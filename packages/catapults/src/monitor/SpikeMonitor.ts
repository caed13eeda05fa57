/**
 * Monitor for any training loop. It takes the loss of each step and any other measurements, and reports the kind of each spike,
 * the evidence and advice. Its memory does not grow with the run.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import { adviceFor, type Advice } from "../spikes/Advice.ts"
import type { Confidence, Evidence, Incident, Kind } from "../spikes/Evidence.ts"
import { kindOf } from "../spikes/Kinds.ts"
import { verdictOf } from "../spikes/Rules.ts"
import { summarise } from "../spikes/Summary.ts"
import { type Curvature, curvatureGauge, type GaugeState } from "./CurvatureGauge.ts"
import { addSharpness, evidenceOf, freshRise, type Measured, riseOf } from "./Measured.ts"
import { type Gradients, type MeterState, sharpnessMeter } from "./SharpnessMeter.ts"
import { type DetectorState, type Spike, type SpikeOptions, spikeDetector } from "./Spikes.ts"
import * as Theory from "../theory/index.ts"

/** Steps of an optimizer: along a gradient, or with its own divisor for each coordinate, as in Adam. */
export type Steps = "plain" | "preconditioned"

/**
 * Step as seen by the training loop. Only the step and its loss are required; each optional measurement makes the
 * diagnosis more certain.
 */
export interface Observation extends Gradients {
  readonly step: number
  /** Loss of all samples or of a fixed probe set, and not negative; losses of different batches need `smoothing`. */
  readonly loss: number
  /** Learning rate; 0 is allowed, for example early in a warm-up, and is not compared with any curvature. */
  readonly learningRate?: number
  /** Measured every `probeEvery` steps and at both ends of a spike. */
  readonly curvature?: Curvature
  /**
   * `P^(-1/2) H P^(-1/2)` for an optimizer that divides its steps by P (`sqrt(v) + epsilon` of Adam), measured like
   * `curvature`. If given, it determines the stability limit, and `curvature` only shows whether the curvature fell.
   */
  readonly preconditioned?: Curvature
  /** Share of the loss in the top eigenspace of the tangent kernel; a function is called at peaks only. */
  readonly topShare?: number | (() => number)
  /**
   * Loss of the parameters before this step on its batch and on a control batch, which distinguishes bad data from
   * instability.
   */
  readonly batchTest?: { readonly suspicious: number; readonly control: number }
}

export interface MonitorOptions extends SpikeOptions {
  /**
   * Decay beta of the velocity `v <- beta v + g` of the optimizer; 0 without momentum. If the velocity is an average, as in Adam, learning rates
   * here are `1 - beta` times the optimizer's.
   */
  readonly momentum?: number
  /**
   * "preconditioned" for an optimizer that divides its steps, such as Adam: the plain curvature then gives no critical
   * rate, and only `preconditioned` measures one. Default "plain", until a `preconditioned` value is observed.
   */
  readonly steps?: Steps
  /** Steps between two measurements of the curvature of a calm run; default 25. */
  readonly probeEvery?: number
  /** Half-life, in steps, of a running average of the losses; default 0, for none. */
  readonly smoothing?: number
  /** Kernels for measuring curvature; default `Kernels.standard()`. */
  readonly kernels?: Kernels.Kernels | undefined
}

/** State of a monitor: plain data of fixed size, however long the run. */
export interface MonitorState {
  readonly detector: DetectorState
  readonly meter: MeterState
  readonly plain: GaugeState
  readonly preconditioned: GaugeState
  /** The options' steps, until a `preconditioned` observation arrives. */
  steps: Steps
  /** Running average of the losses, if they are smoothed. */
  average: number
  /** Last learning rate; undefined if it is 0 or was never given. */
  rate: number | undefined
  /** Directional sharpness of the last step. */
  sharpness: number | undefined
  rise: Measured
}

/** Diagnosis of a spike or of the end of a run. */
export interface Diagnosis {
  readonly kind: Kind
  readonly confidence: Confidence
  /** The evidence that decided, in a sentence. */
  readonly because: string
  readonly spike: Spike
  readonly evidence: Evidence
  readonly advice: Advice
  /** One-sentence summary for readers. */
  readonly summary: string
}

export interface SpikeMonitor {
  /** State of the monitor, as data that it changes in place; a training loop saves it to resume. */
  readonly state: MonitorState
  /**
   * Takes one step and returns the diagnosis of the spike that ended with it. Throws InvalidInput on a step that does not increase,
   * and on a negative loss or learning rate.
   */
  readonly observe: (observation: Observation) => Diagnosis | undefined
  /** Diagnosis of a spike that was still open at the end of the run. */
  readonly finish: () => Diagnosis | undefined
  /** Current status: `atRisk` above the stability limit by any measure. */
  readonly status: () => Status
}

export interface Status {
  readonly atRisk: boolean
  readonly sharpness: number | undefined
  readonly criticalRate: number | undefined
  readonly spike: Spike | undefined
}

/**
 * A monitor of one training run. Throws InvalidInput on options out of range.
 *
 * @example
 * ```ts import.meta.vitest
 * import { spikeMonitor } from "@nonconvex/catapults"
 *
 * const monitor = spikeMonitor()
 * const operator = (v: Float64Array, out: Float64Array) => void (out[0] = 40 * v[0]!)
 * monitor.observe({ step: 0, loss: 1, learningRate: 0.1, curvature: { dimension: 1, operator } })
 * const { atRisk, criticalRate } = monitor.status()
 * atRisk // => true
 * criticalRate // => 0.05
 * ```
 */
export const spikeMonitor = (options: MonitorOptions = {}): SpikeMonitor => {
  const { kernels, momentum = 0, probeEvery = 25, smoothing = 0 } = options
  const operation = "spikeMonitor"
  Require.nonNegative(operation, "momentum", momentum)
  Require.nonNegative(operation, "smoothing", smoothing)
  Require.count(operation, "probeEvery", probeEvery)
  const detector = spikeDetector(options)
  const meter = sharpnessMeter(momentum)
  const plain = curvatureGauge(probeEvery, kernels)
  const preconditioned = curvatureGauge(probeEvery, kernels)
  const limit = Theory.stabilityLimit(momentum)
  const plainSteps = momentum > 0 ? "momentum" : "sgd"
  /** Decay of the running average of the losses per step. */
  const kept = smoothing === 0 ? 0 : Elementary.pow(2, -1 / smoothing)
  const state: MonitorState = {
    detector: detector.state,
    meter: meter.state,
    plain: plain.state,
    preconditioned: preconditioned.state,
    steps: options.steps ?? "plain",
    average: Number.NaN,
    rate: undefined,
    sharpness: undefined,
    rise: freshRise(),
  }

  /** The one of the two that the steps of the optimizer meet. */
  const met = <A>(ofPlain: A, ofPreconditioned: A): A =>
    state.steps === "plain" ? ofPlain : ofPreconditioned

  const criticalRateOf = (curvature: number | undefined): number | undefined =>
    curvature !== undefined && curvature > 0
      ? Theory.criticalRateOfCurvature(curvature, momentum)
      : undefined

  /**
   * Critical rate for display. If no curvature is known, the curvature along the gradient is used; it is at most the
   * largest one, so the rate is an upper bound.
   */
  const criticalRateShown = (): number | undefined => {
    const { rate, rise } = state
    const shown = rise.evidence.sharpness ?? rise.sharpest
    return rate !== undefined && shown !== undefined && shown > limit
      ? (rate * limit) / shown
      : undefined
  }

  const takeRate = (learningRate: number | undefined) => {
    if (learningRate === undefined) return
    Require.nonNegative(operation, "learningRate", learningRate)
    state.rate = learningRate === 0 ? undefined : learningRate
  }

  const takeLoss = (loss: number): number => {
    const { average } = state
    state.average = Number.isNaN(average) ? loss : kept * average + (1 - kept) * loss
    return kept === 0 ? loss : state.average
  }

  /** Measures the curvatures of a calm run if that is due. */
  const probe = (observation: Observation) => {
    plain.probe(observation.curvature)
    preconditioned.probe(observation.preconditioned)
  }

  /** Notes the critical rate where a spike begins. */
  const mark = (curvature: number | undefined) => {
    const { rate, rise } = state
    const critical = criticalRateOf(curvature)
    rise.isMarked = true
    rise.criticalRate = critical
    rise.evidence.ratio = rate === undefined || critical === undefined ? undefined : rate / critical
  }

  /** Computes expensive measurements only when needed: the curvatures at the onset, the share at a new peak. */
  const watch = (open: Spike, { curvature, topShare, ...observation }: Observation) => {
    const { rise } = state
    if (open.onset !== undefined && !rise.isMarked) {
      mark(met(plain.begin(curvature), preconditioned.begin(observation.preconditioned)))
    }
    if (open.peakLoss === rise.peakLoss) return
    rise.peakLoss = open.peakLoss
    // a wobble has no use for it
    if (open.onset === undefined) return
    rise.evidence.topShare = typeof topShare === "function" ? topShare() : topShare
  }

  const diagnose = (
    spike: Spike,
    criticalRate: number | undefined,
    curvatureRatio?: number,
  ): Diagnosis | undefined => {
    const { rate, rise: measured, steps } = state
    const rise = riseOf(spike)
    const evidence = evidenceOf(measured, spike, limit, curvatureRatio)
    const incident: Incident = {
      rise,
      evidence,
      run: { optimizer: steps === "plain" ? plainSteps : "adam", batch: "held" },
      rates: { inUse: rate, critical: criticalRate ?? criticalRateShown() },
      isAftermath: false,
      stepOf: (step) => step,
    }
    const verdict = verdictOf(incident)
    // a wobble that nothing measured explains
    if (rise.isBelow === true && verdict.cause !== "edge") return undefined
    const { because, confidence } = verdict
    const kind = kindOf(incident, verdict)
    const advice = adviceFor(incident, verdict)
    const height = evidence.isAtOnce ? Number.NaN : spike.peakLoss / spike.reference
    const summary = summarise(
      kind,
      confidence,
      [{ onset: rise.onset, height }],
      because,
      advice.text,
    )
    return { kind, confidence, because, spike, evidence, advice, summary }
  }

  const conclude = (ended: Spike, observation: Observation): Diagnosis | undefined => {
    // a wobble, or lost at once
    if (!state.rise.isMarked) mark(met(plain, preconditioned).state.calm)
    if (ended.outcome !== "closed" || ended.onset === undefined) {
      return diagnose(ended, state.rise.criticalRate)
    }
    const after = plain.end(observation.curvature)
    const { now } = met(after, preconditioned.end(observation.preconditioned))
    return diagnose(ended, criticalRateOf(now), after.ratio)
  }

  return {
    state,
    observe: (observation) => {
      const { batchTest, learningRate, loss, step } = observation
      takeRate(learningRate)
      if (observation.preconditioned !== undefined) state.steps = "preconditioned"
      const shown = takeLoss(loss)
      state.sharpness = meter.observe(observation)
      const before = detector.current()
      const ended = detector.observe(step, shown)
      const open = detector.current()

      if (ended !== undefined || open !== undefined) {
        if (before === undefined) state.rise = freshRise()
        const { rise, sharpness } = state
        // what happened up to the peak counts, not the way back
        const isRising = open?.peak === step || ended?.outcome === "diverged"
        if (sharpness !== undefined && isRising) {
          const isEarly = open !== undefined && (open.onset ?? step) === step
          addSharpness(rise, sharpness, limit, isEarly)
        }
        if (batchTest !== undefined) {
          const { evidence } = rise
          const ratio = batchTest.suspicious / batchTest.control
          evidence.batchRatio = Math.max(evidence.batchRatio ?? 0, ratio)
        }
      }
      if (open !== undefined && Number.isFinite(loss)) {
        if (open.onset === undefined) probe(observation)
        watch(open, observation)
        return undefined
      }
      if (ended === undefined) {
        probe(observation)
        return undefined
      }
      const diagnosis = conclude(ended, observation)
      state.rise = freshRise()
      return diagnosis
    },
    finish: () => {
      const open = detector.current()
      return open?.onset === undefined ? undefined : diagnose(open, state.rise.criticalRate)
    },
    status: () => {
      const { rate = 0, sharpness } = state
      const known = criticalRateOf(met(plain, preconditioned).state.latest)
      return {
        atRisk: (sharpness ?? 0) > limit || rate > (known ?? Number.POSITIVE_INFINITY),
        sharpness,
        criticalRate: known ?? criticalRateShown(),
        spike: detector.current(),
      }
    },
  }
}
